/** The states of a file in an index, with their numbers in the database. They are those of the Python client. */
export const statusNumbers = {
  /** To be migrated. */
  INDEXED: 1,
  MIGRATED: 2,
  /** It was at the destination when it was indexed. */
  ALREADY_MIGRATED: 3,
  /** It could not be indexed or migrated. The next run tries it again. */
  ERRORED: 4,
} as const;

/** The state of a file in an index. */
export type MigrationStatus = keyof typeof statusNumbers;

/** The kinds of rows, with their numbers in the database. They are those of the Python client. */
export const typeNumbers = { project: 1, folder: 2, file: 3, table: 4 } as const;

/** The kind of an entity in an index. */
export type IndexedType = keyof typeof typeNumbers;

/** What a row is about: a version of a file, or a cell of a table; or a folder that could not be listed. */
export interface IndexedItem {
  /** Synapse id of the file or table. */
  id: string;
  type: IndexedType;
  /** The version of the file; `null` when a new version is to be created. For a cell, the version of its row. */
  version: number | null;
  /** Cells only. */
  rowId: number | null;
  /** Cells only. */
  columnId: number | null;
}

/** A file to add to an index. */
export interface NewRow extends IndexedItem {
  parentId: string | null;
  status: MigrationStatus;
  error: string | null;
  fromStorageLocationId: number | null;
  fromFileHandleId: string | null;
  /** Bytes. */
  size: number | null;
}

/** A file in an index. */
export interface IndexRow extends NewRow {
  /** Identifies the row in the database. */
  rowNumber: number;
  /** The copy: also of a file that is not migrated yet, when its copy is complete. */
  toFileHandleId: string | null;
}

/** A file that is not migrated, and why. */
export interface LeftOutFile extends IndexedItem {
  fileHandleId: string;
  reason: string;
}

/** A file in the index of a migration: a version of a file, or a cell of a table. */
export interface MigrationRow extends IndexedItem {
  /** The name of the column of a cell; `null` for a file, and for a column that does not exist any more. */
  columnName: string | null;
  fromStorageLocationId: number | null;
  fromFileHandleId: string | null;
  /** The copy, once there is one. */
  toFileHandleId: string | null;
  /** Bytes. */
  size: number | null;
  status: MigrationStatus;
  /** Why it could not be indexed or migrated. */
  error: string | null;
}
