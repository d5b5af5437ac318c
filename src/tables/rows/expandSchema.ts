import type { StoredColumn } from '../../columns/columnModel.js';
import { planSchemaChange } from '../../columns/planSchemaChange.js';
import type { SchemaPlan } from '../../columns/schemaPlan.js';
import { expandColumn } from './expandColumn.js';
import {
  observeColumns,
  observerOf,
  withoutEmptyDefault,
  type InferenceProfile,
} from './inferColumns.js';
import type { ColumnObserver } from './inferredColumn.js';
import { ExactColumn } from './inferExact.js';
import type { RowsInput } from './rowInput.js';

/** How the columns of a table follow its new rows. */
export interface ExpandOptions {
  /**
   * Creates the columns that the rows have and the table lacks, at its end. Their types are inferred from all values: `true` stands for
   * `'exact'`, with which all values fit; see {@link InferOptions.profile}.
   * @default false
   */
  createColumns?: InferenceProfile | boolean;
  /**
   * Makes columns larger where values are too long: texts and lists. A STRING that is not enough becomes MEDIUMTEXT or LARGETEXT.
   * @default false
   */
  expandColumns?: boolean;
}

/** Plans the columns that a table needs for rows, all of which are read. */
export async function expandSchema(
  rows: RowsInput,
  columns: readonly StoredColumn[],
  {
    createColumns = false,
    expandColumns = false,
    signal,
  }: ExpandOptions & { signal?: AbortSignal | undefined },
): Promise<SchemaPlan> {
  const existing = new Map(columns.map((column) => [column.name, new ExactColumn()]));
  const profile = createColumns === true ? 'exact' : createColumns;
  const newObserver = profile === false ? () => new ExactColumn() : observerOf(profile);
  const create = (name: string): ColumnObserver => existing.get(name) ?? newObserver();
  const seen = await observeColumns(rows, create, signal);
  const kept = expandColumns
    ? columns.map((column) => expandColumn(column, (existing.get(column.name) ?? none).sizes))
    : columns;
  const added = [...seen].filter(([name]) => profile !== false && !existing.has(name));
  return planSchemaChange(columns, [
    ...kept,
    ...added.map(([name, observer]) => withoutEmptyDefault(observer.column(name))),
  ]);
}

const none = { sizes: { length: 0, elementLength: 0, listLength: 0 } };
