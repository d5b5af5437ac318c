import { ArgumentError, redactUrl } from '../../errors.js';

/** A file on an FTP server, and the login. */
export interface FtpAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  /** The decoded path, relative to the initial folder of the server unless it starts with `/`. */
  path: string;
}

/**
 * Reads an `ftp://` URL (RFC 1738, section 3.2). Without a user in the URL, the login is anonymous.
 * @throws ArgumentError for a URL without a file, or with line breaks, which could inject commands
 */
export function ftpAddress(url: URL): FtpAddress {
  const { hostname, port, pathname, username, password } = url;
  try {
    const address = {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || 21),
      user: decodeURIComponent(username) || 'anonymous',
      password: decodeURIComponent(password) || 'anonymous@',
      path: decodeURIComponent(pathname.slice(1).replace(/;type=[aid]$/i, '')),
    };
    const isPlain = ![address.user, address.password, address.path].some((text) =>
      /[\r\n\0]/.test(text),
    );
    if (isPlain && address.host !== '' && address.path !== '') return address;
  } catch {
    // Invalid percent-encoding: not a valid URL.
  }
  throw new ArgumentError(`Not the address of a file on an FTP server: ${redactUrl(url.href)}`);
}
