import { isIPv6 } from 'node:net';
import { ArgumentError, redactUrl } from '../errors.js';

/** The parts of a URL reference as RFC 3986 cuts them, nothing decoded or normalised but the scheme's case. */
interface UrlParts {
  scheme: string;
  authority: string;
  path: string;
  query: string;
  fragment: string;
}

// WHATWG URL cannot be used: it refuses or rewrites many URLs of Synapse file handles
// (spaces, `sftp:` hosts, relative `file:` paths).
function splitUrl(text: string): UrlParts {
  const clean = text.replace(/^[\0- ]+/, '').replace(/[\t\r\n]/g, '');
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(clean) ?? [];
  const [, authority = '', path = '', query = '', fragment = ''] =
    /^(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? [];
  if (!canBeAuthority(authority)) {
    throw new ArgumentError(`Not a URL: ${JSON.stringify(redactUrl(text))} has no valid host.`);
  }
  return { scheme: scheme.toLowerCase(), authority, path, query, fragment };
}

/** Brackets contain an IPv6 address, and no character normalizes to one that ends the host or begins the port. */
function canBeAuthority(authority: string): boolean {
  if (authority.includes('[') !== authority.includes(']')) return false;
  const open = authority.indexOf('[');
  const close = authority.indexOf(']', open);
  const literal = open < 0 || close < 0 ? undefined : authority.slice(open + 1, close);
  if (literal !== undefined && !isIPv6(literal) && !/^v[\da-f]+\../i.test(literal)) return false;
  const name = authority.replace(/[@:#?]/g, '');
  return name === name.normalize('NFKC') || !/[/?#@:]/.test(name.normalize('NFKC'));
}

function isDriveLetter(scheme: string): boolean {
  return scheme.length === 1;
}

/** Whether a text is a URL with a host, or a `file:` URL with a path; a Windows path (`C:\x`) is not one. */
export function isUrl(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  let parts: UrlParts;
  try {
    parts = splitUrl(text);
  } catch {
    return false;
  }
  const { scheme, authority, path } = parts;
  if (scheme === '' || isDriveLetter(scheme)) return false;
  return authority !== '' || (scheme === 'file' && path !== '');
}

/** Schemes whose URLs have a host, which may be empty. */
const withHost = new Set(['file', 'ftp', 'http', 'https', 'sftp']);

/** A URL as it is, or the `file:` URL of a local path. */
export function asUrl(text: string): string {
  const { scheme, authority, path, query, fragment } = splitUrl(text);
  if (isDriveLetter(scheme)) return `file:///${text.replaceAll('\\', '/')}`;
  if (scheme === '') return `file://${text}`;
  const hasHost = authority !== '' || withHost.has(scheme);
  const base = hasHost ? `//${authority}${path && path.replace(/^(?!\/)/, '/')}` : path;
  return `${scheme}:${base}${query && `?${query}`}${fragment && `#${fragment}`}`;
}

/** The local path of a `file:` URL (or of a path); `undefined` for any other scheme. */
export function fileUrlToPath(url: string): string | undefined {
  const { scheme, path } = splitUrl(url);
  if (scheme !== 'file' && scheme !== '') return undefined;
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
}

/** Whether two URLs have the same scheme and host, whatever the case, port and user part. */
export function hasSameBase(left: string, right: string): boolean {
  const [a, b] = [splitUrl(left), splitUrl(right)];
  return a.scheme === b.scheme && hostOf(a.authority) === hostOf(b.authority);
}

function hostOf(authority: string): string {
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
}

/**
 * The file name at the end of a URL or a path.
 *
 * @throws {@link ArgumentError} when there is none.
 */
export function guessFileName(text: string): string {
  // Parameters of the last segment (`;type=i`) are not part of the name.
  const { path } = splitUrl(text);
  const parameters = path.indexOf(';', path.lastIndexOf('/') + 1);
  const names: string[] = [];
  for (const segment of (parameters < 0 ? path : path.slice(0, parameters)).split(/[/\\]/)) {
    if (segment === '..') names.pop();
    else if (segment !== '' && segment !== '.') names.push(segment);
  }
  const name = names.at(-1);
  if (name === undefined) {
    throw new ArgumentError(`No file name in ${JSON.stringify(text)}: pass a name`);
  }
  return name;
}
