import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileSystemError } from '../errors.js';
import { temporaryFolder } from '../files/temporaryFolder.js';
import { withOwnSignal } from '../net/withOwnSignal.js';

/**
 * Copies a stream to a temporary file that only this user can read.
 * @throws FileSystemError when the disk is full; the error of the stream
 */
export async function spoolStream(
  stream: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await temporaryFolder(
    `synapse-upload-${process.pid}-`,
    'Cannot keep the stream in',
  );
  const path = join(folder.path, 'content');
  try {
    await withOwnSignal(signal, (own) =>
      pipeline(stream, createWriteStream(path, { mode: 0o600 }), { signal: own }),
    );
    return { path, remove: folder.remove };
  } catch (cause) {
    await folder.remove();
    signal?.throwIfAborted();
    throw fileSystemError('Cannot keep the stream in', path, cause);
  }
}
