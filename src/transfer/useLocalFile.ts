import { stat } from 'node:fs/promises';
import { DownloadError, fileSystemError } from '../errors.js';
import { fileMd5 } from '../files/fileMd5.js';
import type { Download, DownloadedFile } from './download.js';
import { verifyMd5 } from './verifyMd5.js';

/** Uses an external file on this machine in place. It belongs to the user and is never changed or removed. */
export async function useLocalFile(download: Download, path: string): Promise<DownloadedFile> {
  const info = await stat(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot use the external file', path, cause);
  });
  if (!info.isFile()) throw new DownloadError(`The external file ${path} is not a file.`);
  download.progress.start(info.size, info.size);
  if (!download.verify) return { path, bytes: info.size };
  const md5 = await fileMd5(path, download.signal);
  verifyMd5(path, md5, download.md5);
  return { path, bytes: info.size, md5 };
}
