import type * as M from '../../generated/models.js';
import type { CommonOptions } from '../options.js';

/** An entity in a {@link WalkStep}. */
export interface WalkedEntity extends M.EntityHeader {
  /**
   * The link that led to it, with `followLinks`: everything else is about its target, only `name` is that of the link.
   */
  link?: { id: string };
  /** Whether it is a folder that is not walked, because links lead back to it. It was told to `onSkippedLink`. */
  isSkipped?: boolean;
}

/** A project or folder, and what is directly in it. */
export interface WalkStep {
  /** The names of the folders from the start down to this container, joined by `/`. Empty for the start itself. */
  path: string;
  id: string;
  /** The number of folders from the start down to this container: 0 for the start itself. */
  depth: number;
  /** The folders in it, also those that are deeper than `maxDepth`. */
  folders: WalkedEntity[];
  /** Everything that is not a folder: files, links, tables, views. */
  files: WalkedEntity[];
  /** The sum of the sizes of the files that are directly in it. Only with `includeSumFileSizes`. */
  sumFileSizesBytes?: number;
}

/**
 * What `followLinks` does not follow: a link that leads nowhere, which is in the `files` of its step, or a link or folder that leads
 * back to where it is, which is in the `folders`.
 */
export interface SkippedLink {
  /** The id of the link, or of the folder that was reached through one. */
  id: string;
  name: string;
  /** The names from the start down to the link, joined by `/`. */
  path: string;
  /** Why it is not followed. */
  reason: string;
}

/** Options for {@link Sync.walk}. */
export interface WalkOptions extends CommonOptions {
  /**
   * Types of the entities in `files`. Folders are always walked, and always in `folders`.
   * @default all types
   */
  includeTypes?: readonly M.EntityType[];
  /** Depth of the folders that are walked: with 0, only the start. @default no limit */
  maxDepth?: number;
  /**
   * Whether a link counts as what it leads to: a folder is walked under the name of the link. A link that leads nowhere, back to a
   * folder that it is in, or in circles is not followed, and told to `onSkippedLink`. Needs at least one request for each link.
   * @default false
   */
  followLinks?: boolean;
  /** Called for each link that `followLinks` cannot follow. @default the client logs it */
  onSkippedLink?: (link: SkippedLink) => void;
  /** Folders that are listed at the same time, ahead of the step that is returned. With 1, none is listed ahead. @default 8 */
  concurrency?: number;
  /** Whether to ask for the sum of the sizes of the files in each container. @default false */
  includeSumFileSizes?: boolean;
}
