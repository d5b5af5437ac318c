import { ArgumentError, redactUrl } from '../../errors.js';

/** A file on an FTP server, and who to log in as. */
export interface FtpAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Decoded; of the folder that the server begins in, unless it begins with `/` itself. */
  path: string;
}

/**
 * Reads an `ftp://` URL (RFC 1738, section 3.2). Without a user in it, the login is the anonymous one.
 * @throws ArgumentError for a URL that names no file, or has line breaks in it: they would be commands
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
    // Not well encoded: no address either.
  }
  throw new ArgumentError(`Not the address of a file on an FTP server: ${redactUrl(url.href)}`);
}
