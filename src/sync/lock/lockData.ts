import type { TreeFile, TreeNote } from './treeData.js';

/** A file as a lock has it: its version, where it belongs, and its content. */
export type LockedFile = TreeFile;

/** Versions of files, to download exactly these again. This is what a `synapse.lock` file holds. */
export interface Lock {
  format: 'synapse-lock';
  version: 1;
  /** The entities that were locked: `syn1`, `syn5.2`. */
  roots: string[];
  /** In order of path. */
  files: LockedFile[];
  /** Files that could not be read, and folders that could not be listed. Only there when there are any. */
  failures?: TreeNote[];
}
