import type * as M from '../../../generated/models.js';
import { asFinal } from '../../net/attempt.js';
import { judgeStorageError } from '../../net/storageError.js';
import {
  EncodedRangeError,
  type GetOptions,
  type StorageWire,
} from '../../transfer/storageWire.js';
import type {
  ObjectInfo,
  ObjectSink,
  ReadOptions,
  StoredObject,
} from '../../transfer/storedObject.js';
import { objectHead } from './objectHead.js';

/** A source of URLs for one object. */
export interface UrlSource {
  /** Returns a current URL. It can be at any store, and can expire at any time. */
  url(): Promise<string>;
  /** Discards a refused URL; absent when there is no other URL. */
  refused?(url: string): void;
}

/** Ends a request after its head. */
class HeadSeen extends Error {
  constructor(readonly info: ObjectInfo) {
    super('The head of the answer was enough.');
  }
}

/** An object that is read over HTTP, with URLs from a source. */
export class UrlObject implements StoredObject {
  readonly id: string;
  readonly handle: M.FileHandle | undefined;
  readonly ranges = 'parallel';
  readonly canRenew: boolean;
  readonly #wire: Pick<StorageWire, 'get'>;
  readonly #source: UrlSource;
  readonly #decode: GetOptions['decode'];

  constructor(
    wire: Pick<StorageWire, 'get'>,
    source: UrlSource,
    {
      id,
      handle,
      decode = false,
    }: { id: string; handle?: M.FileHandle | undefined; decode?: boolean },
  ) {
    this.id = id;
    this.handle = handle;
    // What is compared with the MD5 and the size of the file handle is the decoded file, the one that a browser saves.
    const names = handle?.fileName === undefined ? [] : [handle.fileName];
    if (decode) this.#decode = { names };
    this.canRenew = source.refused !== undefined;
    this.#wire = wire;
    this.#source = source;
  }

  /** Requests the first byte, because some stores do not support HEAD and presigned URLs allow only GET. */
  async stat({ failures, signal }: ReadOptions): Promise<ObjectInfo> {
    try {
      await this.#request(failures, (url) =>
        this.#wire.get(
          url,
          {
            head: ({ status, headers }) => {
              const total = /^bytes 0-0\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
              throw new HeadSeen(
                status === 206 && total !== undefined
                  ? { size: Number(total), hasRanges: true }
                  : { hasRanges: false },
              );
            },
            data: () => undefined,
          },
          { range: { start: 0, end: 1 }, signal, decode: this.#decode },
        ),
      );
    } catch (error) {
      if (error instanceof HeadSeen) return error.info;
      // 416: an empty file has no first byte.
      if (judgeStorageError(error) !== 'changed') throw error;
    }
    return { hasRanges: false };
  }

  async get(sink: ObjectSink, options: ReadOptions): Promise<void> {
    try {
      await this.#get(sink, options);
    } catch (error) {
      if (!(error instanceof EncodedRangeError)) throw error;
      await this.#get(sink, { ...options, range: undefined, ifMatch: undefined });
    }
  }

  async #get(sink: ObjectSink, { range, ifMatch, failures, signal }: ReadOptions): Promise<void> {
    await this.#request(failures, (url, onBytes) =>
      this.#wire.get(
        url,
        {
          head: (head) => sink.head(objectHead(head)),
          data: (chunk, release) => {
            onBytes();
            return sink.data(chunk, release);
          },
        },
        { range, ifMatch, signal, decode: this.#decode },
      ),
    );
  }

  /** Sends a request with a URL, and discards the URL if it seems to have expired. */
  async #request(
    failures = 0,
    send: (url: string, onBytes: () => void) => Promise<void>,
  ): Promise<void> {
    const url = await this.#source.url().catch((error: unknown) => {
      // The source of the URLs has already retried.
      throw asFinal(error);
    });
    let hasBytes = false;
    try {
      await send(url, () => (hasBytes = true));
    } catch (error) {
      const verdict = judgeStorageError(error);
      // A store that refuses a URL may close the connection before its response arrives.
      const isSuspect = verdict === 'retry' && failures > 0 && !hasBytes;
      if (verdict === 'refresh' || isSuspect) this.#source.refused?.(url);
      throw error;
    }
  }
}
