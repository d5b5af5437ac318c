import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileSystemError } from '../errors.js';
import { withOwnSignal } from '../net/withOwnSignal.js';

/**
 * Copies a stream to a temporary file that only this user can read.
 * @throws FileSystemError when the disk is full; the error of the stream
 */
export async function spoolStream(
  stream: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'synapse-upload-')).catch((cause: unknown) => {
    throw fileSystemError('Cannot keep the stream in', tmpdir(), cause);
  });
  const removeOnce = (): Promise<void> => rm(folder, { recursive: true, force: true });
  // Tried twice. A failure is not reported: the upload itself has ended.
  const remove = (): Promise<void> =>
    removeOnce()
      .catch(removeOnce)
      .catch(() => undefined);
  const path = join(folder, 'content');
  try {
    await withOwnSignal(signal, (own) =>
      pipeline(stream, createWriteStream(path, { mode: 0o600 }), { signal: own }),
    );
    return { path, remove };
  } catch (cause) {
    await remove();
    signal?.throwIfAborted();
    throw fileSystemError('Cannot keep the stream in', path, cause);
  }
}
