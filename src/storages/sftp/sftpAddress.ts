import { ArgumentError } from '../../errors.js';

/** A file or folder on an SFTP server. */
export interface SftpAddress {
  host: string;
  port: number;
  /** Absolute, decoded. */
  path: string;
  /** Empty if the URL has none. */
  user: string;
}

/** Whether a URL is an SFTP URL. */
export function isSftpUrl(url: string | undefined): url is string {
  return url !== undefined && /^sftp:\/\//i.test(url);
}

/** @throws {@link ArgumentError} when the URL is not a location on an SFTP server. */
export function parseSftpUrl(url: string): SftpAddress {
  if (isSftpUrl(url) && URL.canParse(url)) {
    const { hostname, port, pathname, username } = new URL(url);
    try {
      const path = decodeURIComponent(pathname);
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      const user = decodeURIComponent(username);
      if (host !== '' && !path.includes('\0'))
        return { host, port: Number(port || 22), path, user };
    } catch {
      // Invalid percent-encoding: not a valid URL.
    }
  }
  throw new ArgumentError(`Not an address of an SFTP server: ${url}.`);
}

/** The URL of a file in the folder at another URL. */
export function sftpUrl(folderUrl: string, path: string): string {
  const { host } = new URL(folderUrl);
  return `sftp://${host}${path.split('/').map(encodeURIComponent).join('/')}`;
}
