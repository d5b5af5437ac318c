import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ArgumentError, fileSystemError, systemCode } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import { ownerText, type OwnerId } from '../wikiOwner.js';
import { readIndex, wikiOf, type FolderIndex, type SyncedWiki } from './folderIndex.js';

/** A folder to export to. */
export interface ExportFolder {
  directory: string;
  /** What an earlier export has left. */
  index: FolderIndex | undefined;
  wiki: SyncedWiki | undefined;
}

/**
 * Checks that a wiki may be exported to a folder: it is empty, or has an export of the same wiki. Hidden files, such as those of git, do
 * not count.
 *
 * @throws {@link ArgumentError} for a folder with other files, unless they may be overwritten.
 */
export async function openFolder(
  path: string,
  owner: OwnerId,
  overwrite: boolean,
): Promise<ExportFolder> {
  const directory = resolve(expandPath(path));
  const entries = await entriesOf(directory);
  if (entries.length === 0) return { directory, index: undefined, wiki: undefined };
  const index = await readIndex(directory);
  const isSame = index?.owner.kind === owner.kind && index.owner.id === owner.id;
  if (isSame) return { directory, index, wiki: wikiOf(index, owner) };
  if (overwrite) return { directory, index: undefined, wiki: undefined };
  const what =
    index === undefined ? 'files that are not an export' : `the wiki of ${ownerText(index.owner)}`;
  throw new ArgumentError(
    `${directory} has ${what}: the wiki of ${ownerText(owner)} is not exported over it. Choose an empty folder, or pass overwrite.`,
  );
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw fileSystemError('Cannot read', directory, cause);
  }
}
