import type * as M from '../../generated/models.js';

/** A column as the caller describes it: its type, or its type and other properties. */
export type ColumnInput = M.ColumnType | ColumnProperties;

/**
 * The properties of a column.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/ColumnModel.html
 */
export interface ColumnProperties extends Omit<M.ColumnModel, 'columnType' | 'id' | 'name'> {
  type: M.ColumnType;
}

/** Columns by name, in their order. */
export type ColumnsInput = Readonly<Record<string, ColumnInput>>;

/** A column of a table that is defined in code: it has a name and a type. */
export interface TableColumn extends M.ColumnModel {
  name: string;
  columnType: M.ColumnType;
}

/** A column of a table or view that exists: it has a name, a type and an id. */
export interface StoredColumn extends TableColumn {
  id: string;
}

/** A column with its name and its type, as an element of a list. */
export type NamedColumn = TableColumn | (ColumnProperties & { name: string });
