import type * as M from '../../../generated/models.js';

/** A version of an entity in an {@link EntityDiff}. */
export interface DiffedVersion {
  id: string;
  /** Absent for entities without versions. */
  version?: number;
  name: string;
  /** The concrete type. */
  type: string;
  /** ISO 8601. */
  modifiedOn?: string;
}

/** The content of a file. */
export interface DiffedContent {
  fileHandleId?: string;
  fileName?: string;
  contentType?: string;
  /** Bytes. */
  size?: number;
  /** Lower-case hexadecimal. */
  md5?: string;
  /** The URL of content that is not in Synapse. */
  url?: string;
}

/** A member that differs. A side that does not have it is absent. */
export interface Difference<T> {
  name: string;
  change: 'added' | 'removed' | 'changed';
  from?: T;
  to?: T;
}

/** Two versions of an entity, or two entities, compared. */
export interface EntityDiff {
  /** Whether content, properties, annotations, columns and items are the same. */
  isSame: boolean;
  from: DiffedVersion;
  to: DiffedVersion;
  /** The content of files. `isSame` is absent when it cannot be told. */
  content?: { isSame?: boolean; from?: DiffedContent; to?: DiffedContent; reason?: string };
  /** Name, description, labels and other members of the entity. */
  properties: Difference<unknown>[];
  /** Annotations, with their types. */
  annotations: Difference<M.AnnotationsValue>[];
  /** Columns of a table or view, by name, and whether those on both sides are in another order. */
  columns: Difference<M.ColumnModel>[];
  isReordered: boolean;
  /** Versions in a dataset or dataset collection, by the id of the entity. */
  items: Difference<number>[];
}
