/** How a path of a local directory compares with Synapse. */
export type DiffState =
  /** The same content on both sides. */
  | 'same'
  /** On both sides, with different content. */
  | 'changed'
  /** Only in Synapse. */
  | 'missing'
  /** Only in the local directory. */
  | 'extra'
  /** One of the sides could not be read. */
  | 'unreadable'
  /** Not compared: an entity that is no file, or a manifest that a download wrote. */
  | 'leftOut';

/** A file or directory in a {@link TreeDiff}. */
export interface DiffItem {
  state: DiffState;
  kind: 'file' | 'folder' | 'other';
  /** Relative to the directory, joined by `/`. */
  path: string;
  /** The Synapse id, when it is in Synapse. */
  id?: string;
  /** The version in Synapse. */
  version?: number;
  /** Bytes of the local file. */
  localSize?: number;
  /** Bytes in Synapse. */
  size?: number;
  /** MD5 of the local file, where the sizes alone did not decide. */
  localMd5?: string;
  /** MD5 in Synapse. */
  md5?: string;
  /** What differs, what is in the way, why it was not compared. */
  reason?: string;
}

/** A local directory compared with a project or folder. */
export interface TreeDiff {
  /** Whether nothing is changed, missing, extra or unreadable. */
  isSame: boolean;
  /** The local directory; absolute. */
  directory: string;
  /** The Synapse id. */
  id: string;
  /** In order of path. */
  items: DiffItem[];
  /** Items by state. */
  counts: Record<DiffState, number>;
}
