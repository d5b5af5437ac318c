import type { Context } from '../context.js';
import type { File, Folder, Parent, Stored } from '../entities/entityClasses.js';
import type { CommonOptions } from '../options.js';
import { getDirectory, type GetDirectoryOptions } from './getDirectory.js';
import { storeDirectory, type StoreDirectoryOptions } from './storeDirectory.js';
import { walk, type WalkStep } from './walk.js';

/** Whole directories: `syn.sync`. */
export class Sync {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Downloads all files of a project or folder, and of the folders in it, into a local directory. Each folder becomes a
   * directory. Files that are already there are not downloaded again.
   *
   * @returns Each file when it has arrived.
   * @throws {@link PartialFailureError} at the end, when some files could not be downloaded. The others are there.
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
   * @param directory - Its content goes into the parent. The directory itself does not become a folder.
   * @returns Each folder and file when it is stored, folders first.
   * @throws {@link ArgumentError} before anything is stored, for names that Synapse does not accept.
   * @throws {@link PartialFailureError} at the end, when some files could not be stored. The others are stored.
   */
  storeDirectory(
    directory: string,
    parent: Parent,
    options: StoreDirectoryOptions = {},
  ): AsyncGenerator<(Folder | File) & Stored> {
    return storeDirectory(this.#ctx, directory, parent, options);
  }

  /**
   * Lists a project or folder and everything below it, from the top down: first the container itself, then each folder in
   * it in order of name.
   *
   * @returns One step for each container.
   * @throws {@link NotFoundError} when the container does not exist.
   * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
   */
  walk(parent: Parent, options: CommonOptions = {}): AsyncGenerator<WalkStep> {
    return walk(this.#ctx, parent, options);
  }
}
