import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { cellWriter } from '../cells/writeCell.js';
import { rowColumns, rowReferenceKey, type RowReference } from './rowReference.js';

/** Rows to write: objects with the values by column name. */
export type RowsInput = Iterable<object> | AsyncIterable<object>;

/** A row to write, with its cells in the form of the API. */
export interface RowToWrite {
  /** The number of the row in the input, counting from 1. */
  row: number;
  reference: RowReference;
  /** One for each of the columns of its {@link RowSource}. */
  cells: (string | null)[];
}

/** The rows of an input. */
export interface RowSource {
  /** The columns that the input has, in the order of the cells. */
  columns: readonly StoredColumn[];
  rows: AsyncIterable<RowToWrite>;
}

/**
 * Opens rows to write. The first row decides which columns are written; a later row that lacks one of them has no value there.
 *
 * @throws {@link ArgumentError} for a column that the table does not have.
 * @throws {@link CellValueError} (while the rows are read) for a value that does not fit its column.
 */
export async function openRows(
  input: RowsInput,
  columns: readonly StoredColumn[],
): Promise<RowSource> {
  const iterator = iterate(input);
  const first = await iterator.next();
  const names = first.done ? [] : Object.keys(first.value);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const known = new Set<string>(Object.values(rowColumns));
  const used = names
    .filter((name) => !known.has(name))
    .map((name) => {
      const column = byName.get(name);
      if (column === undefined) throw noColumn(name, columns);
      return column;
    });
  return { columns: used, rows: rowsOf(first, iterator, used) };
}

async function* iterate(input: RowsInput): AsyncGenerator<object> {
  yield* input;
}

function noColumn(name: string, columns: readonly StoredColumn[]): ArgumentError {
  const names = columns.map((column) => column.name).join(', ');
  return new ArgumentError(`The table has no column ${quoted(name)}. It has: ${names}.`);
}

async function* rowsOf(
  first: IteratorResult<object>,
  rest: AsyncGenerator<object>,
  columns: readonly StoredColumn[],
): AsyncGenerator<RowToWrite> {
  const writers = columns.map(cellWriter);
  let row = 0;
  for (let next = first; !next.done; next = await rest.next()) {
    row += 1;
    const number = row;
    const values = new Map<string, unknown>(Object.entries(next.value));
    yield {
      row,
      reference: referenceOf(next.value),
      cells: writers.map((write, index) => write(values.get(columns[index]?.name ?? ''), number)),
    };
  }
}

/** The reference that an object holds: of a row that was read, or under the names that Synapse reserves. */
function referenceOf(value: object): RowReference {
  if (rowReferenceKey in value) return value[rowReferenceKey] as RowReference;
  const values = new Map<string, unknown>(Object.entries(value));
  const number = (name: string): number | undefined => {
    const given = values.get(name);
    return given === undefined || given === null ? undefined : Number(given);
  };
  const etag = values.get(rowColumns.etag);
  return {
    rowId: number(rowColumns.rowId),
    versionNumber: number(rowColumns.versionNumber),
    etag: typeof etag === 'string' ? etag : undefined,
  };
}
