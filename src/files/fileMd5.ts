import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileSystemError } from '../errors.js';

/**
 * The MD5 of a file, in lower-case hexadecimal.
 * @throws FileSystemError when it cannot be read
 */
export async function fileMd5(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  try {
    const file = await open(path, 'r');
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw fileSystemError('Cannot read', path, cause);
  }
}
