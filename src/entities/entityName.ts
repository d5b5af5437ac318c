import { createHash } from 'node:crypto';
import { splitExtension } from '../transfer/collision.js';

/** Maximum length of the name of an entity, in characters. */
const longestName = 256;
const longestExtension = 16;

const allowed = /^[a-zA-Z0-9,_. \-+()']{1,256}$/;

/** Removes spaces and control characters at both ends, as Synapse does before it stores or compares a name. */
export function trimName(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && name.charCodeAt(start) <= 32) start += 1;
  while (end > start && name.charCodeAt(end - 1) <= 32) end -= 1;
  return name.slice(start, end);
}

/** Whether Synapse accepts a name for an entity. Spaces at its ends do not count. */
export function isEntityName(name: string): boolean {
  return allowed.test(trimName(name));
}

/**
 * The name to store a file or folder under: the name itself if Synapse accepts it, else a similar one. Accents are removed,
 * other characters become `_`, and a hash of the original makes it different from the safe names of all other originals.
 * The result depends only on the name, so that a second run finds what the first has stored.
 */
export function safeEntityName(name: string): string {
  if (isEntityName(name)) return trimName(name);
  const hash = createHash('md5').update(name.normalize('NFC')).digest('hex').slice(0, 8);
  const similar = trimName(name)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-zA-Z0-9,_. \-+()']/gu, '_');
  const [stem, extension] = splitExtension(similar);
  const end = `-${hash}${extension.length > longestExtension ? '' : extension.trimEnd()}`;
  return trimName(stem.slice(0, longestName - end.length)) + end;
}
