import { runPool } from '../../transfer/pool.js';
import type { Answer } from './sftpRequests.js';
import type { SftpSession } from './sftpSession.js';

/** Bytes per request that every server supports (SFTP version 3, section 3). */
const chunkSize = 32 * 1024;

/** Concurrent requests, so that latency does not limit the throughput. */
const inFlight = 16;

/** Flags to read, to create, and to continue writing. */
export type SftpMode = 'r' | 'w' | 'r+';

/** Opens a file. Closing the connection also closes it. */
export function openSftpFile(
  { requests }: SftpSession,
  path: string,
  mode: SftpMode,
): Promise<Buffer> {
  return requests.send((wire, answer) => wire.open(path, mode, answer));
}

/** Opens a file for a task, and closes it after success or failure. */
export async function withSftpFile<T>(
  session: SftpSession,
  path: string,
  mode: SftpMode,
  use: (handle: Buffer) => Promise<T>,
): Promise<T> {
  const handle = await openSftpFile(session, path, mode);
  const close = (): Promise<void> =>
    session.requests.send((wire, answer) => wire.close(handle, answer));
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

/** Writes a piece of a file, with many concurrent chunks. */
export async function writeSftp(
  { requests }: SftpSession,
  handle: Buffer,
  piece: Buffer,
  position: number,
  signal?: AbortSignal,
): Promise<void> {
  await inChunks(piece.length, async (start, end) => {
    signal?.throwIfAborted();
    await requests.send((wire, answer: Answer<void>) => {
      wire.write(handle, piece, start, end - start, position + start, answer);
    });
  });
}

/** Reads a piece of a file, with many concurrent chunks. @returns the number of bytes read */
export async function readSftp(
  { requests }: SftpSession,
  handle: Buffer,
  piece: Buffer,
  position: number,
  signal?: AbortSignal,
): Promise<number> {
  let end = piece.length;
  await inChunks(piece.length, async (start, chunkEnd) => {
    for (let at = start; at < Math.min(chunkEnd, end);) {
      signal?.throwIfAborted();
      const bytes = await requests.send((wire, answer: Answer<number>) => {
        wire.read(handle, piece, at, chunkEnd - at, position + at, (error, count) => {
          const isEnd = (error as { code?: unknown } | undefined)?.code === endOfFile;
          if (isEnd) answer(undefined, 0);
          else answer(error, count);
        });
      });
      at += bytes;
      if (bytes === 0) end = Math.min(end, at);
    }
  });
  return end;
}

/** The end-of-file status (SFTP version 3, section 7). */
const endOfFile = 1;

/** Transfers a piece in chunks. The pool always waits for all of them, because the memory is reused. */
function inChunks(
  length: number,
  move: (start: number, end: number) => Promise<void>,
): Promise<void> {
  const starts = Array.from({ length: Math.ceil(length / chunkSize) }, (_, at) => at * chunkSize);
  return runPool(starts, { limit: inFlight }, (start) =>
    move(start, Math.min(start + chunkSize, length)),
  );
}
