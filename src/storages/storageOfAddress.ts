import { ftpStorage } from './ftp/ftpStorage.js';
import { httpStorage } from './http/httpStorage.js';
import { localStorage } from './local/localStorage.js';
import { sftpStorage } from './sftp/sftpStorage.js';
import type { Storage } from './storage.js';

/** The storages of URLs other than http and https, by scheme. */
const schemes: Readonly<Record<string, Storage>> = {
  'file:': localStorage,
  'ftp:': ftpStorage,
  'sftp:': sftpStorage,
};

/** Returns the storage of a URL. */
export function storageOfAddress(address: string): Storage {
  const scheme = URL.canParse(address) ? new URL(address).protocol : '';
  return schemes[scheme] ?? httpStorage;
}
