import type { Context } from '../context.js';
import type { File, Folder, Parent, Stored } from '../entities/entityClasses.js';
import { getDirectory, type GetDirectoryOptions } from './getDirectory.js';
import { storeDirectory, type StoreDirectoryOptions } from './storeDirectory.js';
import { walk } from './walk.js';
import type { WalkOptions, WalkStep } from './walkStep.js';

/** Whole directories: `syn.sync`. */
export class Sync {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Downloads all files of a project or folder, and of the folders in it, into a local directory. Each folder becomes a
   * directory. Files that are already there are not downloaded again. For the id of a file, that file is downloaded.
   *
   * Nothing is left out in silence: tables, views and links go to `onLeftOut`, or to the log of the client. What fails, also a
   * folder whose name no local directory can have, is in the error at the end.
   *
   * @returns Each file when it has arrived.
   * @throws {@link PartialFailureError} at the end, when some files could not be downloaded. The others are there.
   * @throws {@link ArgumentError} for an entity that has no files, such as a table, and for a link without `followLink`.
   */
  getDirectory(
    parent: Parent,
    directory: string,
    options: GetDirectoryOptions = {},
  ): AsyncGenerator<File & Stored> {
    return getDirectory(this.#ctx, parent, directory, options);
  }

  /**
   * Stores a local directory in a project or folder: a folder for each directory, a file for each file. Existing entities
   * are updated; files that have not changed are not uploaded again.
   *
   * Links are followed, except a link to a directory that it is in. That, and everything else that cannot be stored, is in the
   * error at the end: dangling links, unreadable files, empty files, pipes, sockets, devices, names that Synapse does not accept.
   *
   * @param directory - Its content goes into the parent. The directory itself does not become a folder.
   * @returns Each folder and file when it is stored, folders first.
   * @throws {@link ArgumentError} when the directory cannot be read.
   * @throws {@link PartialFailureError} at the end, when something could not be stored. Everything else is stored.
   */
  storeDirectory(
    directory: string,
    parent: Parent,
    options: StoreDirectoryOptions = {},
  ): AsyncGenerator<(Folder | File) & Stored> {
    return storeDirectory(this.#ctx, directory, parent, options);
  }

  /**
   * Lists a project or folder and everything below it, depth first and from the top down: first the container itself, then each
   * folder in it in order of name, with everything below it. Folders that come next are listed ahead, and leaving the loop cancels
   * that.
   *
   * @returns One step for each container.
   * @throws {@link NotFoundError} when the container does not exist.
   * @throws {@link ArgumentError} for what is no project or folder.
   * @throws {@link SynapseError} that names the folder, when one cannot be listed.
   * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
   */
  walk(parent: Parent, options: WalkOptions = {}): AsyncGenerator<WalkStep> {
    return walk(this.#ctx, parent, options);
  }
}
