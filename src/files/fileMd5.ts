import { stat } from 'node:fs/promises';
import { fileSystemError } from '../errors.js';
import { onAbort } from '../net/onAbort.js';
import { startMd5 } from './incrementalMd5.js';
import { checkRegularFile } from './regularFile.js';

/**
 * The MD5 of a file, in lower-case hexadecimal.
 * @throws FileSystemError when it cannot be read
 */
export async function fileMd5(path: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  try {
    const info = await stat(path);
    checkRegularFile(path, info);
    const md5 = await startMd5(path, info.size);
    try {
      return await unlessAborted(md5.digest(), signal);
    } finally {
      await md5.close();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw fileSystemError('Cannot read', path, cause);
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const ignoreAbort = onAbort(signal, () => reject(signal.reason as Error));
    work.then(resolve, reject).finally(ignoreAbort);
  });
}
