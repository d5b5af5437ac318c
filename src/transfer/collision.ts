import { sep } from 'node:path';
import { cutToBytes, longestName } from '../files/temporaryPath.js';

/** What to do when a file of the same name already exists. */
export type Collision = 'keep.both' | 'keep.local' | 'overwrite.local';

/**
 * Returns the first free path of `name.ext`, `name(1).ext`, `name(2).ext`, ... A name that would be longer than file systems
 * allow is cut before the number.
 * @param path with `/` or the platform's separator
 */
export async function uniquePath(
  path: string,
  exists: (path: string) => boolean | Promise<boolean>,
): Promise<string> {
  for (const candidate of numberedPaths(path)) if (!(await exists(candidate))) return candidate;
  return path;
}

/** `name.ext`, `name(1).ext`, `name(2).ext`, ... without end. */
export function* numberedPaths(path: string): Generator<string, void> {
  yield path;
  const [stem, extension] = splitExtension(path);
  for (let count = 1; ; count += 1) yield numbered(stem, extension, `(${count})`);
}

/** Bytes that an extension keeps when the name is too long. */
const longestExtension = 100;

function numbered(stem: string, extension: string, number: string): string {
  const name = stem.slice(nameStartOf(stem));
  const room = longestName - Buffer.byteLength(number);
  if (Buffer.byteLength(name + extension) <= room) return `${stem}${number}${extension}`;
  const end = cutToBytes(extension, longestExtension);
  const folder = stem.slice(0, nameStartOf(stem));
  return `${folder}${cutToBytes(name, room - Buffer.byteLength(end))}${number}${end}`;
}

/** `a.tar.gz` is `a.tar` and `.gz`; leading dots belong to the name: `.bashrc` has no extension. */
export function splitExtension(path: string): readonly [stem: string, extension: string] {
  const nameStart = nameStartOf(path);
  const name = path.slice(nameStart);
  const leadingDots = /^\.*/.exec(name)?.[0].length ?? 0;
  const dot = name.lastIndexOf('.');
  if (dot < leadingDots) return [path, ''];
  return [path.slice(0, nameStart + dot), name.slice(dot)];
}

function nameStartOf(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf(sep)) + 1;
}
