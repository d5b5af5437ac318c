import { sep } from 'node:path';

/** What to do when a file of the same name already exists. */
export type Collision = 'keep.both' | 'keep.local' | 'overwrite.local';

/**
 * Returns the first free path of `name.ext`, `name(1).ext`, `name(2).ext`, ...
 * @param path with `/` or the platform's separator
 */
export async function uniquePath(
  path: string,
  exists: (path: string) => boolean | Promise<boolean>,
): Promise<string> {
  const [stem, extension] = splitExtension(path);
  let candidate = path;
  for (let count = 1; await exists(candidate); count += 1) {
    candidate = `${stem}(${count})${extension}`;
  }
  return candidate;
}

/** `a.tar.gz` is `a.tar` and `.gz`; leading dots belong to the name: `.bashrc` has no extension. */
export function splitExtension(path: string): readonly [stem: string, extension: string] {
  const nameStart = Math.max(path.lastIndexOf('/'), path.lastIndexOf(sep)) + 1;
  const name = path.slice(nameStart);
  const leadingDots = /^\.*/.exec(name)?.[0].length ?? 0;
  const dot = name.lastIndexOf('.');
  if (dot < leadingDots) return [path, ''];
  return [path.slice(0, nameStart + dot), name.slice(dot)];
}
