import type { ColumnType, CellOptions, CellValue } from './columnTypes.js';
import type { ColumnInput, ColumnsInput } from './columnModel.js';

/** The columns of a table, from which the type of its rows follows. */
export interface TableDefinition<Columns extends ColumnsInput = ColumnsInput> {
  readonly name?: string;
  readonly columns: Columns;
}

type TypeOf<Column extends ColumnInput> = Column extends { type: infer Type extends ColumnType }
  ? Type
  : Extract<Column, ColumnType>;

/** The row type of columns: each value has the type of its column, or is null. */
export type RowOfColumns<Columns extends ColumnsInput, Options extends CellOptions = object> = {
  -readonly [Name in keyof Columns]: CellValue<TypeOf<Columns[Name]>, Options> | null;
};

/** The row type of a {@link TableDefinition}. */
export type RowOf<
  Definition extends TableDefinition,
  Options extends CellOptions = object,
> = RowOfColumns<Definition['columns'], Options>;

/**
 * Defines the columns of a table in code. The type of the rows follows from them.
 *
 * @example
 * const Visit = defineTable({ name: 'visits', columns: { age: 'INTEGER', tags: 'STRING_LIST' } });
 * type Visit = RowOf<typeof Visit>; // { age: number | null; tags: string[] | null }
 */
export function defineTable<const Columns extends ColumnsInput>(
  definition: TableDefinition<Columns>,
): TableDefinition<Columns> {
  return definition;
}
