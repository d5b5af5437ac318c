import type * as M from '../../../generated/models.js';
import { SynapseHttpError } from '../../errors.js';
import { BufferPool } from '../../net/bufferPool.js';
import { pastEnd } from '../../transfer/pastEnd.js';
import type {
  ObjectInfo,
  ObjectSink,
  ReadOptions,
  StoredObject,
} from '../../transfer/storedObject.js';
import type { StorageContext } from '../storageContext.js';
import { readSftp, withSftpFile } from './sftpFile.js';
import { openSftp, sftpError, type SftpSession } from './sftpSession.js';

/** Bytes of one read. */
const pieceSize = 1024 * 1024;

const memory = new BufferPool(pieceSize, 8);

/** A file on an SFTP server. The connection is reused for further reads until one fails. */
export class SftpObject implements StoredObject {
  readonly id: string;
  readonly handle: M.FileHandle | undefined;
  readonly ranges = 'serial';
  readonly canRenew = false;
  readonly #ctx: Pick<StorageContext, 'storage' | 'storageSettings'>;
  readonly #url: string;
  #session: Promise<SftpSession> | undefined;

  constructor(
    ctx: Pick<StorageContext, 'storage' | 'storageSettings'>,
    url: string,
    handle?: M.FileHandle,
  ) {
    this.#ctx = ctx;
    this.#url = url;
    this.handle = handle;
    this.id = handle?.id ?? 'external';
  }

  stat({ signal }: ReadOptions): Promise<ObjectInfo> {
    return this.#use(signal, async ({ client, path }) => {
      const { size } = await client.stat(path);
      return { size, hasRanges: true };
    });
  }

  get(sink: ObjectSink, options: ReadOptions): Promise<void> {
    return this.#use(options.signal, (session) => this.#read(session, sink, options));
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await (await session?.catch(() => undefined))?.close();
  }

  async #use<T>(
    signal: AbortSignal | undefined,
    work: (session: SftpSession) => Promise<T>,
  ): Promise<T> {
    this.#session ??= openSftp(this.#ctx, this.#url, signal);
    const opening = this.#session;
    try {
      return await work(await opening);
    } catch (error) {
      if (this.#session === opening) await this.close();
      signal?.throwIfAborted();
      throw sftpError(new URL(this.#url), error);
    }
  }

  async #read(
    session: SftpSession,
    sink: ObjectSink,
    { range, ifMatch, signal }: ReadOptions,
  ): Promise<void> {
    const { client, host, path } = session;
    const { size, modifyTime } = await client.stat(path);
    // The protocol has no better way to detect changed content.
    const etag = `"${size}-${modifyTime}"`;
    if (ifMatch !== undefined && ifMatch !== etag) throw changed(host, this.#url);
    const start = range?.start ?? 0;
    const end = Math.min(range?.end ?? size, size);
    if (start > 0 && start >= size) throw pastEnd(host, this.#url);
    sink.head({ isRange: range !== undefined, start, end, size, etag });
    await withSftpFile(session, path, 'r', async (file) => {
      for (let position = start; position < end;) {
        const piece = memory.take();
        const wanted = piece.subarray(0, Math.min(pieceSize, end - position));
        const bytes = await readSftp(session, file, wanted, position, signal);
        if (bytes === 0) return;
        position += bytes;
        await sink.data(wanted.subarray(0, bytes), () => memory.release(piece));
        await this.#ctx.storage.pace(bytes, signal);
      }
    });
  }
}

function changed(host: string, url: string): SynapseHttpError {
  return new SynapseHttpError(`The file on ${host} was replaced.`, {
    status: 412,
    reason: 'The file has a different size or modification time.',
    method: 'GET',
    url,
    code: 'STORAGE',
  });
}
