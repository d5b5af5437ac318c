import type { SftpSession } from './sftpSession.js';

/** Every server takes and gives so many bytes at once (SFTP version 3, section 3). */
const chunkSize = 32 * 1024;

/** Requests under way: the time for one to come back bounds each, not all together. */
const inFlight = 16;

/** Opens a file, and closes it whatever comes of it. */
export async function withSftpFile<T>(
  { wire }: SftpSession,
  path: string,
  mode: 'r' | 'w',
  use: (handle: Buffer) => Promise<T>,
): Promise<T> {
  const handle = await new Promise<Buffer>((resolve, reject) => {
    wire.open(path, mode, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const close = (): Promise<void> => settled((callback) => wire.close(handle, callback));
  let result: T;
  try {
    result = await use(handle);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  await close();
  return result;
}

/** Writes a piece of a file, many chunks at a time. */
export async function writeSftp(
  { wire }: SftpSession,
  handle: Buffer,
  piece: Buffer,
  position: number,
  signal?: AbortSignal,
): Promise<void> {
  await inChunks(piece.length, async (start, end) => {
    signal?.throwIfAborted();
    await settled((callback) => {
      wire.write(handle, piece, start, end - start, position + start, callback);
    });
  });
}

/** Reads a piece of a file, many chunks at a time. @returns how many bytes there were */
export async function readSftp(
  { wire }: SftpSession,
  handle: Buffer,
  piece: Buffer,
  position: number,
  signal?: AbortSignal,
): Promise<number> {
  let end = piece.length;
  await inChunks(piece.length, async (start, chunkEnd) => {
    for (let at = start; at < Math.min(chunkEnd, end);) {
      signal?.throwIfAborted();
      const bytes = await new Promise<number>((resolve, reject) => {
        wire.read(handle, piece, at, chunkEnd - at, position + at, (error, count) => {
          if (error === undefined || error === null) resolve(count);
          else if ((error as { code?: unknown }).code === endOfFile) resolve(0);
          else reject(error);
        });
      });
      at += bytes;
      if (bytes === 0) end = Math.min(end, at);
    }
  });
  return end;
}

/** The status that ends a file (SFTP version 3, section 7). */
const endOfFile = 1;

async function inChunks(
  length: number,
  move: (start: number, end: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let isFailed = false;
  const work = async (): Promise<void> => {
    while (next < length && !isFailed) {
      const start = next;
      next = Math.min(start + chunkSize, length);
      await move(start, next).catch((error: unknown) => {
        isFailed = true;
        throw error;
      });
    }
  };
  const workers = Array.from({ length: inFlight }, work);
  // All are waited for: the memory that they use is used again.
  await Promise.allSettled(workers);
  await Promise.all(workers);
}

/** Waits for a request of the protocol. */
export function settled(start: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
