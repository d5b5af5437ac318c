import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DownloadError, fileSystemError, Md5MismatchError, redactUrl } from '../errors.js';
import { md5OfFile } from '../files/chasingMd5.js';
import type { Download, DownloadedFile } from './download.js';

/** The path that a `file://` URL names. */
export function localPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new DownloadError(`${redactUrl(url)} names no file on this machine.`, { cause });
  }
}

/** Uses an external file on this machine where it is. It belongs to the user: it is never changed or removed. */
export async function useLocalFile(download: Download, url: string): Promise<DownloadedFile> {
  const path = localPath(url);
  const info = await stat(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot use the external file', path, cause);
  });
  if (!info.isFile()) throw new DownloadError(`The external file ${path} is not a file.`);
  download.progress.start(info.size, info.size);
  if (!download.verify) return { path, bytes: info.size };
  const md5 = await md5OfFile(path, info.size);
  if (download.md5 !== undefined && download.md5 !== md5) {
    throw new Md5MismatchError({ path, expected: download.md5, actual: md5 });
  }
  return { path, bytes: info.size, md5 };
}
