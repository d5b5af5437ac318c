import { createHash, createHmac } from 'node:crypto';
import { withoutTrailing } from '../../values/whitespace.js';

/** The entries of a `known_hosts` file for a server. */
export interface KnownKeys {
  /** Types of the keys, such as `ssh-ed25519`. */
  types: string[];
  /** The keys, in base64. */
  keys: Set<string>;
  /** Keys that must not be trusted, in base64. */
  revoked: Set<string>;
}

/**
 * Looks up a server in the text of a `known_hosts` file, in the format of `sshd(8)`. Certificate authorities are
 * ignored.
 */
export function findKnownKeys(text: string, host: string, port: number): KnownKeys {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  const known: KnownKeys = { types: [], keys: new Set(), revoked: new Set() };
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') === true ? fields.shift() : undefined;
    const [patterns = '', type = '', key = ''] = fields;
    if (patterns.startsWith('#') || key === '' || !matches(patterns, name)) continue;
    if (marker === '@revoked') known.revoked.add(key);
    if (marker !== undefined) continue;
    known.types.push(type);
    known.keys.add(key);
  }
  return known;
}

function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = patterns.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const list = patterns.toLowerCase().split(',');
  const isIn = (pattern: string): boolean => matchesWildcard(pattern, name);
  return (
    list.some((pattern) => !pattern.startsWith('!') && isIn(pattern)) &&
    !list.some((pattern) => pattern.startsWith('!') && isIn(pattern.slice(1)))
  );
}

/** Whether a name matches a pattern with `*` and `?`. Only the last `*` is tried again, so that the time is bounded. */
function matchesWildcard(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let afterStar = 0;
  for (let index = 0; index < name.length;) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      afterStar = index;
    } else if (pattern[at] === '?' || pattern[at] === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      afterStar += 1;
      index = afterStar;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** The fingerprint of a key, in the format of `ssh-keygen -l`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${withoutTrailing(createHash('sha256').update(key).digest('base64'), '=')}`;
}

/** The supported host key algorithms. */
const algorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

/** All algorithms, starting with those for the given key types. An RSA key can also be used with SHA-2. */
export function hostKeyAlgorithms(types: readonly string[]): (typeof algorithms)[number][] {
  const isKnown = (name: string): boolean =>
    types.includes(name.replace(/^rsa-sha2-\d+$/, 'ssh-rsa'));
  return [...algorithms.filter(isKnown), ...algorithms.filter((name) => !isKnown(name))];
}
