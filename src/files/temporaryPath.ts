import { basename, dirname, join } from 'node:path';
import { nodeCrypto } from './nodeCrypto.js';

/** Bytes of a file name that every common file system allows. */
export const longestName = 255;

/**
 * Appends a suffix to the name of a file. When the name would be longer than file systems allow, a hash of it is used instead.
 * @param room bytes that stay free for a further suffix
 */
export function withSuffix(path: string, suffix: string, room = 0): string {
  const name = basename(path);
  if (Buffer.byteLength(name + suffix) + room <= longestName) return `${path}${suffix}`;
  const short = nodeCrypto().createHash('md5').update(name).digest('hex').slice(0, 16);
  return join(dirname(path), `${short}${suffix}`);
}

/** A path that no other file has, in the folder of `path`. */
export function temporaryPath(path: string): string {
  return withSuffix(path, `.${nodeCrypto().randomUUID()}`);
}

/** The longest beginning of a text with at most so many bytes in UTF-8. Characters are not split. */
export function cutToBytes(text: string, bytes: number): string {
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
