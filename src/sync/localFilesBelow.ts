import { readdir, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileSystemError } from '../errors.js';
import { kindOfFile } from '../files/regularFile.js';

/** A file of a directory, or what cannot be read in it. */
export interface FoundFile {
  /** Begins with the directory as it was given. */
  path: string;
  error?: Error;
}

/**
 * The files in a directory and in the directories below it, in order of name: the files of a directory come before what is below it.
 * Links to files count as files. Links to directories are not followed.
 */
export async function* localFilesBelow(directory: string): AsyncGenerator<FoundFile> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    return fileSystemError('Cannot read', directory, cause);
  });
  if (entries instanceof Error) {
    yield { path: directory, error: entries };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const pathOf = (name: string): string =>
    /[\\/]$/.test(directory) && directory.endsWith(sep) ? directory + name : directory + sep + name;
  for (const entry of entries) {
    if (!entry.isDirectory()) yield* fileAt(pathOf(entry.name), entry.isSymbolicLink());
  }
  for (const entry of entries) {
    if (entry.isDirectory()) yield* localFilesBelow(pathOf(entry.name));
  }
}

/** Nothing for a link to a directory. */
async function* fileAt(path: string, isLink: boolean): AsyncGenerator<FoundFile> {
  try {
    const target = await stat(path);
    if (target.isFile()) yield { path };
    else if (!(isLink && target.isDirectory())) {
      yield { path, error: new Error(`${path} is ${kindOfFile(target)}, not a file`) };
    }
  } catch (cause) {
    yield { path, error: fileSystemError('Cannot read', path, cause) };
  }
}
