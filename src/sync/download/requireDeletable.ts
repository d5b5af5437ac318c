import { homedir } from 'node:os';
import { parse, resolve } from 'node:path';
import { ArgumentError } from '../../errors.js';

/**
 * Refuses to delete in directories that belong to more than one download.
 *
 * @throws {@link ArgumentError} for the root of a file system, and for a home directory or one that it is in.
 */
export function requireDeletable(directory: string): void {
  const home = resolve(homedir());
  const isAboveHome = home === directory || home.startsWith(directory.replace(/[/\\]?$/, '/'));
  if (parse(directory).root !== directory && !isAboveHome) return;
  throw new ArgumentError(
    `Nothing is deleted in ${directory}: it is the root of the file system, or has a home directory. Download to a directory of its own.`,
  );
}
