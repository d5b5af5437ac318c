import type { Context } from '../../context.js';
import type { File, Folder, Stored } from '../../entities/entityClasses.js';
import type { CommonOptions } from '../../options.js';
import type { UploadItem } from './uploadItem.js';

/** How an item ended. */
export type UploadOutcome =
  | {
      item: UploadItem;
      state: 'done' | 'skipped' | 'leftOut';
      /** Absent for a folder that was there, and for what was deleted. */
      entity?: (File | Folder) & Stored;
    }
  | { item: UploadItem; state: 'failed'; error: Error };

/** What the items of a plan that is being applied share. */
export interface UploadRun {
  ctx: Context;
  options: CommonOptions;
  /** The ids of folders, by path. */
  folders: Map<string, string>;
  /** The ids and versions (`syn1.2`) of files, by local path. */
  versions: Map<string, string>;
  /** Why items failed. */
  failures: Map<UploadItem, Error>;
}

/** The id of the container of an item. */
export function containerIdOf(
  { folders }: UploadRun,
  { parentId, parentPath }: UploadItem,
): string {
  const id = parentPath === undefined ? parentId : folders.get(parentPath);
  if (id === undefined) throw new Error(`its folder ${parentPath ?? ''} is not stored`);
  return id;
}
