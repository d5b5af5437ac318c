import type * as M from '../../../generated/models.js';
import type { StorageWire } from '../../transfer/storageWire.js';
import type {
  ObjectInfo,
  ObjectSink,
  ReadOptions,
  StoredObject,
} from '../../transfer/storedObject.js';
import { addressOf } from '../externalAddress.js';
import { objectHead } from '../http/objectHead.js';
import type { Storage } from '../storage.js';
import { readFtp } from './readFtp.js';

/** Ends a read after its head. */
class HeadSeen extends Error {
  constructor(readonly size: number | undefined) {
    super('The head was enough.');
  }
}

/** A file on an FTP server. Each read needs a new login, so the file is read as a whole. */
class FtpObject implements StoredObject {
  readonly id: string;
  readonly handle: M.FileHandle | undefined;
  readonly ranges = 'costly';
  readonly canRenew = false;
  readonly #wire: StorageWire;
  readonly #url: URL;

  constructor(wire: StorageWire, url: string, handle: M.FileHandle | undefined) {
    this.#wire = wire;
    this.#url = new URL(url);
    this.handle = handle;
    this.id = handle?.id ?? 'external';
  }

  async stat({ signal }: ReadOptions): Promise<ObjectInfo> {
    const head = ({ size }: { size?: number | undefined }): void => {
      throw new HeadSeen(size);
    };
    try {
      await this.get({ head, data: () => undefined }, { signal });
    } catch (error) {
      if (error instanceof HeadSeen) return { size: error.size, hasRanges: true };
      throw error;
    }
    return { hasRanges: true };
  }

  async get(sink: ObjectSink, { range, signal }: ReadOptions): Promise<void> {
    await readFtp({
      url: this.#url,
      range,
      signal,
      stallTimeout: this.#wire.stallTimeout,
      head: (head) => sink.head(objectHead(head)),
      data: (chunk) => {
        const pressure = sink.data(chunk, () => undefined);
        const pace = this.#wire.pace(chunk.length, signal);
        return pressure === undefined || pace === undefined
          ? (pressure ?? pace)
          : Promise.all([pressure, pace]);
      },
    });
  }
}

/** Files on FTP servers. */
export const ftpStorage: Storage = {
  open: (ctx, { handle }) => Promise.resolve(new FtpObject(ctx.storage, addressOf(handle), handle)),
};
