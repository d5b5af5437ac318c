/** A file in Synapse with the version that it has, and its content. */
export interface TreeFile {
  id: string;
  version: number;
  /** The name of the entity. */
  name: string;
  /** The local path of a download, relative and joined by `/`. */
  path: string;
  /** Bytes. Absent when Synapse does not know it, as for files elsewhere. */
  size?: number;
  /** Lower-case hexadecimal. Absent when Synapse does not know it. */
  md5?: string;
  fileHandleId: string;
  /** The URL of content that is not in Synapse. */
  url?: string;
}

/** Something in the tree that has no content to download, or that cannot be read. */
export interface TreeNote {
  id: string;
  /** The names in Synapse, joined by `/`. */
  path: string;
  reason: string;
}

/** The files below one or more entities. */
export interface FileTree {
  /** Ids, with the versions that were asked for: `syn1`, `syn5.2`. */
  roots: string[];
  folders: { id: string; path: string }[];
  files: TreeFile[];
  leftOut: TreeNote[];
  failures: TreeNote[];
}

/** A container or file whose local place is not chosen yet. */
export interface TreeNode {
  id: string;
  /** The name of the local directory or file that is wanted. */
  name: string;
  /** The names in Synapse down to it, joined by `/`. */
  path: string;
  above?: TreeNode;
}

/** A file that was read. */
export interface ReadFile {
  node: TreeNode;
  file: FileContent;
}

/** A file without its place. */
export interface FileContent extends Omit<TreeFile, 'path'> {
  /** The name of the content, which a download has. */
  fileName?: string;
}
