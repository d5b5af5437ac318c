import type * as M from '../../generated/models.js';

/** What a storage says of an object before it sends the bytes. */
export interface ObjectHead {
  /** Whether the range that was asked for comes; otherwise the whole object does. */
  isRange: boolean;
  /** Where in the object the first byte to come is. */
  start: number;
  /** Just past the last byte to come, where the storage says so. */
  end?: number | undefined;
  /** Bytes of the whole object, where the storage says so. */
  size?: number | undefined;
  /** Changes with the content of the object, byte for byte; absent where the storage promises nothing of the kind. */
  etag?: string | undefined;
}

/** Takes the bytes of a read. What it throws ends the read, and is what the read rejects with. */
export interface ObjectSink {
  /** Called once, before the bytes. */
  head(head: ObjectHead): void;
  /**
   * Takes a piece of the object. Its memory may be used again once `release` was called; a sink that keeps the piece does
   * not call it.
   * @returns a promise to wait for before the next piece
   */
  data(chunk: Buffer, release: () => void): Promise<void> | undefined;
}

/** What to read, and on what condition. */
export interface ReadOptions {
  /** From `start` up to, not including, `end`; without `end`, to the end of the object. @default the whole object */
  range?: { start: number; end?: number | undefined } | undefined;
  /** The `etag` of an earlier head. A storage that can check it refuses when the object has another one. */
  ifMatch?: string | undefined;
  /**
   * Attempts at this read that have failed since bytes last moved. An object with addresses that expire gives up an address
   * with which two attempts failed. @default 0
   */
  failures?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What a storage knows of an object. */
export interface ObjectInfo {
  /** Bytes; absent where the storage does not say. */
  size?: number | undefined;
  /** Whether a range can be read without reading everything before it. */
  hasRanges: boolean;
}

/** An object of a storage that can be read. */
export interface StoredObject {
  /** Tells the partial files of a download of it from those of others. */
  readonly id: string;
  /** What Synapse knows of the file. */
  readonly handle?: M.FileHandle | undefined;
  /**
   * How ranges are read best: several at a time (`parallel`), one after the other over one connection (`serial`), or not at
   * all where each read costs a login (`costly`).
   */
  readonly ranges: 'parallel' | 'serial' | 'costly';
  /** Whether an attempt after a refusal uses another address: presigned URLs expire. */
  readonly canRenew: boolean;
  /** Where the object is on this machine: it is used there, and never changed. */
  readonly path?: string | undefined;
  /**
   * Asks the storage about the object.
   * @throws what {@link get} throws
   */
  stat(options: Pick<ReadOptions, 'failures' | 'signal'>): Promise<ObjectInfo>;
  /**
   * Reads the object, or a range of it, into a sink, once: whether to try again is the caller's to decide.
   * @throws {@link NetworkError}, {@link TimeoutError} when trying again may help
   * @throws {@link SynapseHttpError} when the storage refuses: status 416 when the range begins after the end, 412 when
   * `ifMatch` does not hold
   * @throws what the sink throws
   */
  get(sink: ObjectSink, options: ReadOptions): Promise<void>;
  /** Closes connections that are kept between reads. */
  close?(): Promise<void>;
}
