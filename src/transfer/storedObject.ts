import type * as M from '../../generated/models.js';

/** The properties of an object that a storage reports before the bytes. */
export interface ObjectHead {
  /** Whether the storage sends the requested range; otherwise it sends the whole object. */
  isRange: boolean;
  /** The position of the first byte in the object. */
  start: number;
  /** The position after the last byte, if the storage reports it. */
  end?: number | undefined;
  /** Bytes of the whole object, if the storage reports them. */
  size?: number | undefined;
  /** Changes with every change of the content; absent if the storage does not guarantee this. */
  etag?: string | undefined;
}

/** Receives the bytes of a read. An exception ends the read, which rejects with it. */
export interface ObjectSink {
  /** Called once, before the bytes. */
  head(head: ObjectHead): void;
  /**
   * Receives a piece of the object. Its memory may be reused after `release` is called; a sink that keeps the piece does
   * not call it.
   * @returns a promise that resolves when the next piece may be sent
   */
  data(chunk: Buffer, release: () => void): Promise<void> | undefined;
}

/** The range to read, and its condition. */
export interface ReadOptions {
  /** From `start` (inclusive) to `end` (exclusive); without `end`, to the end of the object. @default the whole object */
  range?: { start: number; end?: number | undefined } | undefined;
  /** The `etag` of an earlier head. A storage that can check it refuses when the object has a different one. */
  ifMatch?: string | undefined;
  /**
   * Failed attempts of this read since the last progress. An object with expiring URLs discards a URL after two failed
   * attempts. @default 0
   */
  failures?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The properties of an object in a storage. */
export interface ObjectInfo {
  /** Bytes; absent if the storage does not report them. */
  size?: number | undefined;
  /** Whether a range can be read without reading everything before it. */
  hasRanges: boolean;
}

/** A readable object in a storage. */
export interface StoredObject {
  /** Identifies the object in the names of partial files. */
  readonly id: string;
  /** The file handle in Synapse. */
  readonly handle?: M.FileHandle | undefined;
  /**
   * How to read ranges: concurrently (`parallel`), one after the other over one connection (`serial`), or not at
   * all because each read needs a login (`costly`).
   */
  readonly ranges: 'parallel' | 'serial' | 'costly';
  /** Whether an attempt after a refusal uses another URL, because presigned URLs expire. */
  readonly canRenew: boolean;
  /** The path of an object on this machine, which is used in place and never changed. */
  readonly path?: string | undefined;
  /**
   * Asks the storage about the object.
   * @throws the errors of {@link get}
   */
  stat(options: Pick<ReadOptions, 'failures' | 'signal'>): Promise<ObjectInfo>;
  /**
   * Reads the object, or a range of it, into a sink, without retries. The caller decides about retries.
   * @throws {@link NetworkError}, {@link TimeoutError} when a retry may help
   * @throws {@link SynapseHttpError} when the storage refuses: status 416 when the range begins after the end, 412 when
   * `ifMatch` does not hold
   * @throws the errors of the sink
   */
  get(sink: ObjectSink, options: ReadOptions): Promise<void>;
  /** Closes connections that are kept between reads. */
  close?(): Promise<void>;
}
