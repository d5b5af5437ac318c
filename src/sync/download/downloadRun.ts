import { readdir, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Context } from '../../context.js';
import { fileSystemError } from '../../errors.js';
import { isAbandonedPart } from '../../transfer/smallPart.js';
import { makeFoldersBelow } from '../../files/makeFolders.js';
import type { DownloadQueue } from '../../storages/synapse/downloadQueue.js';
import type { CommonOptions } from '../../options.js';
import type { DownloadSettings } from '../plan/planData.js';
import type { DownloadItem } from './downloadItem.js';
import type { LastManifest } from './lastManifest.js';
import type { RemoteFile } from './remoteFile.js';
import type { ManifestEntry } from '../manifest/manifestRow.js';
import type { LocalState } from '../../entities/storedState.js';

/** How an item ended. */
export type DownloadOutcome =
  | {
      state: 'done' | 'skipped' | 'leftOut';
      item: DownloadItem;
      /** Bytes that were transferred. */
      bytes: number;
      remote?: RemoteFile;
      local?: LocalState | undefined;
      row?: ManifestEntry;
    }
  | {
      state: 'failed';
      path: string;
      id?: string;
      error: Error;
      item?: DownloadItem;
      /** Whether a container could not be listed, so that what is in it is unknown. */
      isListing?: boolean;
      row?: ManifestEntry;
    };

/** What the items of a download that is being applied share. */
export interface DownloadRun {
  ctx: Context;
  directory: string;
  settings: DownloadSettings;
  queue: DownloadQueue;
  last: LastManifest;
  folders: Folders;
  options: CommonOptions;
}

/** Makes the directories of a download, each once. */
export class Folders {
  readonly #directory: string;
  readonly #made = new Map<string, Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws {@link FileSystemError} when it cannot be made, or a link is in its place. */
  make(path: string): Promise<void> {
    let made = this.#made.get(path);
    if (made === undefined) {
      const rest = relative(this.#directory, path);
      const names = rest === '' ? [] : rest.split(sep);
      made = makeFolder(path, this.#directory, names);
      this.#made.set(path, made);
    }
    return made;
  }

  makeFor(file: string): Promise<void> {
    return this.make(dirname(file));
  }
}

/** Makes a directory; removes what a killed download has left in one that is there. */
async function makeFolder(path: string, top: string, names: readonly string[]): Promise<void> {
  await makeFoldersBelow(top, names).catch((cause: unknown) => {
    throw fileSystemError('Cannot create the folder', path, cause);
  });
  const abandoned = (await readdir(path).catch(() => [])).filter(isAbandonedPart);
  for (const name of abandoned) await rm(join(path, name), { force: true });
}
