import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ArgumentError, fileSystemError, systemCode } from '../../errors.js';
import { filesSuffix } from './folderPaths.js';

/** Folders that hold no documents of their own. */
const skipped = new Set(['node_modules']);

/** The files of a folder, by paths in the folder with `/`. */
export interface ScannedFolder {
  /** Files with the text of a page. */
  pages: string[];
  /** All regular files. Links are not followed: they could lead out of the folder. */
  files: ReadonlySet<string>;
}

/**
 * Lists the files of a folder. Hidden files and folders are left out.
 *
 * @throws {@link ArgumentError} when there is no such folder.
 * @throws {@link FileSystemError} when it cannot be read.
 */
export async function scanFolder(
  directory: string,
  signal: AbortSignal | undefined,
): Promise<ScannedFolder> {
  const files = new Set<string>();
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal?.throwIfAborted();
    for (const entry of await entriesOf(directory, folder)) {
      const path = posix.join(folder, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() && !skipped.has(entry.name)) pending.push(path);
      if (entry.isFile()) files.add(path);
    }
  }
  const pages = [...files].filter((file) => isText(file) && !isAttached(file, files)).sort();
  return { pages, files };
}

function isText(file: string): boolean {
  return /\.md$/i.test(file);
}

/** A file in the folder for the attachments of a page that is there. */
function isAttached(file: string, files: ReadonlySet<string>): boolean {
  for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder)) {
    if (folder.endsWith(filesSuffix) && pageOfFiles(folder, files) !== undefined) return true;
  }
  return false;
}

/** The page to which a folder of attachments belongs. */
function pageOfFiles(folder: string, files: ReadonlySet<string>): string | undefined {
  const stem = folder.slice(0, -filesSuffix.length);
  return ['.md', '.MD', '.Md', '.mD'].map((end) => `${stem}${end}`).find((file) => files.has(file));
}

async function entriesOf(directory: string, folder: string): Promise<Dirent[]> {
  const path = join(directory, folder);
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    const code = systemCode(cause);
    if (folder === '' && (code === 'ENOENT' || code === 'ENOTDIR')) {
      throw new ArgumentError(
        `${path} is not a folder: give the folder of an export, or one with Markdown files.`,
        { cause },
      );
    }
    throw fileSystemError('Cannot read', path, cause);
  }
}
