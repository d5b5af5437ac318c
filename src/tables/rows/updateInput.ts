import { columnTypes } from '../../columns/columnTypes.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import type { RowReference } from './rowReference.js';
import { openRows, type RowsInput } from './rowSource.js';
import type { Spool } from './updateSpool.js';

/** The cells that a row sets, with the indexes of their columns in the table. Other cells keep what they have. */
export type SetCells = [index: number, cell: string | null][];

/** A row with new values, in the form of the API. */
export interface ChangedRow {
  /** The number of the row in the input, counting from 1. */
  row: number;
  reference: RowReference;
  cells: SetCells;
}

/**
 * Opens rows that change others. A key that an object does not have keeps its value; `null` clears it. In a CSV text, each column
 * of the header is set, and an empty cell clears.
 *
 * @throws {@link ArgumentError} for a column that the table does not have.
 * @throws {@link CellValueError} (while the rows are read) for a value that does not fit its column.
 */
export async function* openUpdates(
  input: RowsInput,
  columns: readonly StoredColumn[],
  { signal }: CommonOptions = {},
): AsyncGenerator<ChangedRow> {
  const source = await openRows(input, columns, { signal });
  const indexes = new Map(columns.map(({ id }, index) => [id, index]));
  for await (const { row, reference, cells, absent } of source.rows) {
    const set = cells.flatMap((cell, at): SetCells => {
      const column = source.columns[at];
      const index = indexes.get(column?.id ?? '');
      if (column === undefined || index === undefined || absent?.has(at)) return [];
      // Synapse stores an empty list as no value.
      const isEmpty = cell === '[]' && columnTypes[column.columnType].isList;
      return [[index, isEmpty ? null : cell]];
    });
    yield { row, reference, cells: set };
  }
}

/** Characters of the cells of rows that are compared with those of a table at once. */
const mostCharacters = 8_000_000;

/** The rows of a spool, as many at a time as are compared with those of a table. */
export function comparedTogether<Row extends { cells: SetCells }>(
  spool: Spool<Row>,
  mostRows: number,
): AsyncGenerator<Row[]> {
  return spool.batches(mostRows, mostCharacters, lengthOfCells);
}

/**
 * Notes which row of the input updates a row of the table.
 *
 * @throws {@link ArgumentError} when another one does.
 */
export function claimRow(claimed: Map<number, number>, rowId: number, row: number): void {
  const other = claimed.get(rowId);
  if (other !== undefined) {
    throw new ArgumentError(`Rows ${other} and ${row} both update the row with ROW_ID ${rowId}.`);
  }
  claimed.set(rowId, row);
}

function lengthOfCells({ cells }: { cells: SetCells }): number {
  return cells.reduce((sum, [, cell]) => sum + (cell?.length ?? 0), 0);
}
