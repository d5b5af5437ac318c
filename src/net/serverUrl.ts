import { ArgumentError, redactUrl } from '../errors.js';
import { shortAddress } from './requestLine.js';

/** Schemes of the URLs that a server sends, by their use. A URL with any other scheme is refused before it is used. */
const schemes = {
  /** URLs that are signed to read or to write a file, and the targets of redirects. */
  file: ['http:', 'https:'],
  /** URLs that a user has stored in an external file handle. */
  'external file': ['http:', 'https:', 'ftp:', 'sftp:', 'file:'],
  'object store': ['http:', 'https:'],
} as const;

/** The use of a URL that a server sends. */
export type UrlUse = keyof typeof schemes;

/**
 * Parses a URL that a server sends.
 * @throws ArgumentError when it is no URL, or has a scheme that does not belong to its use
 */
export function parseServerUrl(text: string, use: UrlUse): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    throw new ArgumentError(`Not a valid URL of ${article(use)}: ${shortAddress(redactUrl(text))}`);
  }
  if (!schemes[use].some((scheme) => scheme === url.protocol)) {
    throw new ArgumentError(
      `The server names a ${url.protocol} URL for ${article(use)}, which should be at ${schemes[use].join(' or ')}. It is not used.`,
    );
  }
  return url;
}

function article(use: UrlUse): string {
  return /^[aeo]/.test(use) ? `an ${use}` : `a ${use}`;
}
