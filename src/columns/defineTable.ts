import { checkDefinition } from './checkDefinition.js';
import type { CellInputs, CellOptions, CellValue, ColumnType } from './columnTypes.js';
import type { ColumnInput, ColumnProperties, ColumnsInput } from './columnModel.js';

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

/**
 * The type of a row that is read from a {@link TableDefinition}. Every value may be null: Synapse has no required columns.
 *
 * @example
 * type VisitRow = RowOf<typeof Visit>; // { age: number | null; tags: string[] | null }
 * type ExactRow = RowOf<typeof Visit, { integers: 'bigint' }>; // { age: bigint | null; tags: string[] | null }
 */
export type RowOf<
  Definition extends TableDefinition,
  Options extends CellOptions = object,
> = RowOfColumns<Definition['columns'], Options>;

/** The type of a row to write, by its columns. */
export type NewRowOfColumns<Columns extends ColumnsInput> = {
  [Name in keyof Columns]?: CellInputs[TypeOf<Columns[Name]>] | null;
};

/**
 * The type of a row to write into a table with a {@link TableDefinition}: each column may be left out, and values may have every
 * form that is written without loss, such as an ISO 8601 text for a DATE. A row that was read is one as well.
 */
export type NewRowOf<Definition extends TableDefinition> = NewRowOfColumns<Definition['columns']>;

/** Columns without properties that no column has. TypeScript alone does not refuse these here. */
type KnownProperties<Columns extends ColumnsInput> = {
  [Name in keyof Columns]: Columns[Name] extends ColumnType
    ? Columns[Name]
    : Columns[Name] & Partial<Record<Exclude<keyof Columns[Name], keyof ColumnProperties>, never>>;
};

/**
 * Defines the columns of a table in code. The type of the rows follows from them.
 *
 * @example
 * const Visit = defineTable({ name: 'visits', columns: { age: 'INTEGER', tags: 'STRING_LIST' } });
 * type Visit = RowOf<typeof Visit>; // { age: number | null; tags: string[] | null }
 * @throws {@link ArgumentError} for a column type that does not exist, a name that no column can have, or sizes that are not
 * possible.
 */
export function defineTable<const Columns extends ColumnsInput>(
  definition: TableDefinition<Columns> & { columns: KnownProperties<Columns> },
): TableDefinition<Columns> {
  checkDefinition(definition.columns);
  return definition;
}
