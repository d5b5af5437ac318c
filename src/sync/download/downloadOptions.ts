import type * as M from '../../../generated/models.js';
import type { CommonOptions } from '../../options.js';
import type { Collision } from '../../transfer/collision.js';
import type { EntityRef } from '../../values/ids.js';
import type { GlobOptions } from '../globs.js';
import type { ManifestMode } from '../plan/planData.js';

/** What is downloaded, and how local files are dealt with. */
export interface PlanDownloadOptions extends CommonOptions, GlobOptions {
  /** Whether the folders in the container are downloaded as well. @default true */
  recursive?: boolean;
  /** Levels of folders below the container. @default all */
  maxDepth?: number;
  /**
   * Whether to download the targets of links: a file into the directory of the link, a project or folder into a directory with
   * the name of the link. A link to a container that it is in is a problem.
   * @default false
   */
  followLink?: boolean;
  /** The most links that lead to each other. @default 10 */
  linkHops?: number;
  /** The types of entities that are listed. Without `folder`, only what is directly in the container. @default all */
  includeTypes?: readonly M.EntityType[];
  /**
   * What to do with a different local file of the same name.
   *
   * - `overwrite.local`: it is replaced, if Synapse or the last manifest has its content. A file that was changed here is a conflict,
   *   and stays.
   * - `keep.both`: the download gets a number.
   * - `keep.local`: it stays, and nothing is downloaded.
   *
   * @default 'overwrite.local'
   */
  ifCollision?: Collision;
  /** Whether `overwrite.local` also replaces files that were changed here. They are lost then. @default false */
  overwriteChanges?: boolean;
  /**
   * Whether local files are deleted that the last manifest lists, that have not changed since, and that are not in Synapse any more.
   * Directories that become empty are removed. Nothing is deleted when a folder could not be listed, or when it is more than half of
   * the files without `force`.
   * @default false
   */
  delete?: boolean;
  /** Whether `delete` may delete more than half of the files. @default false */
  force?: boolean;
  /**
   * A view that has the files and folders of the container: ids, sizes, MD5s and annotations come from one query instead of one
   * request a file. Annotations without a column in the view are not in the manifest.
   */
  view?: EntityRef;
  /**
   * Which part of the work to do: `2/8` is the second of eight. Each part lists everything, and the parts agree with no coordination.
   * They are balanced by bytes where sizes are known: with `view`, and for up to 1,000 files; otherwise by number.
   */
  shard?: string;
  /** The manifests that are written: one in each directory, only one at the top, or none. @default 'all'; 'root' for a shard */
  manifest?: ManifestMode;
  /**
   * Whether manifests have the provenance of the files. With `view`, it takes one request for each file that the last manifest does
   * not have in its version.
   * @default true
   */
  includeActivity?: boolean;
  /** Whether to compare the MD5 of each download with the one that Synapse has. @default true */
  verify?: boolean;
}
