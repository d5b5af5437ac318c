import type * as M from '../../../generated/models.js';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DownloadError, fileSystemError, redactUrl } from '../../errors.js';
import { pastEnd } from '../../transfer/pastEnd.js';
import type {
  ObjectInfo,
  ObjectSink,
  ReadOptions,
  StoredObject,
} from '../../transfer/storedObject.js';
import { addressOf } from '../externalAddress.js';
import type { Storage } from '../storage.js';

/** A file on this machine, named by a `file:` URL. */
class LocalObject implements StoredObject {
  readonly id: string;
  readonly path: string;
  readonly handle: M.FileHandle | undefined;
  readonly ranges = 'parallel';
  readonly canRenew = false;

  constructor(path: string, handle: M.FileHandle | undefined) {
    this.path = path;
    this.handle = handle;
    this.id = handle?.id ?? 'external';
  }

  async stat(): Promise<ObjectInfo> {
    const { size } = await stat(this.path).catch((cause: unknown) => {
      throw this.#failure(cause);
    });
    return { size, hasRanges: true };
  }

  async get(sink: ObjectSink, { range, signal }: ReadOptions): Promise<void> {
    signal?.throwIfAborted();
    const { size = 0 } = await this.stat();
    const start = range?.start ?? 0;
    const end = Math.min(range?.end ?? size, size);
    if (start > 0 && start >= size) throw pastEnd('this machine', this.path);
    sink.head({ isRange: range !== undefined, start, end, size });
    if (end <= start) return;
    const pieces = createReadStream(this.path, { start, end: end - 1 });
    pieces.on('error', () => undefined);
    try {
      for await (const piece of pieces as AsyncIterable<Buffer>) {
        signal?.throwIfAborted();
        await sink.data(piece, () => undefined);
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw this.#failure(cause);
    } finally {
      pieces.destroy();
    }
  }

  #failure(cause: unknown): unknown {
    return fileSystemError('Cannot use the external file', this.path, cause);
  }
}

/**
 * Opens the file that a `file:` URL names.
 * @throws DownloadError when the URL does not name a file
 */
function openLocalObject(url: string, handle: M.FileHandle): StoredObject {
  try {
    return new LocalObject(fileURLToPath(url), handle);
  } catch (cause) {
    throw new DownloadError(`${redactUrl(url)} does not name a file on this machine.`, { cause });
  }
}

/** Files on this machine whose URL is in Synapse. They are used in place. */
export const localStorage: Storage = {
  // `async` turns an exception into a rejection.
  open: async (_ctx, { handle }) => Promise.resolve(openLocalObject(addressOf(handle), handle)),
};
