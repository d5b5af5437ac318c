import { Readable } from 'node:stream';
import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { rowColumns, rowReferenceKey, type RowReference } from './rowReference.js';
import { openRows, type RowsInput } from './rowSource.js';

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
): AsyncGenerator<ChangedRow> {
  const present: ReadonlySet<string>[] = [];
  const isSparse = isObjects(input);
  const source = await openRows(isSparse ? completed(input, columns, present) : input, columns);
  const indexes = new Map(columns.map(({ id }, index) => [id, index]));
  for await (const { row, reference, cells } of source.rows) {
    const names = isSparse ? present.shift() : undefined;
    const set = cells.flatMap((cell, at): SetCells => {
      const column = source.columns[at];
      const index = indexes.get(column?.id ?? '');
      const isAbsent = names !== undefined && !names.has(column?.name ?? '');
      return index === undefined || isAbsent ? [] : [[index, cell]];
    });
    yield { row, reference, cells: set };
  }
}

/** Whether the rows are objects. Other inputs have the same columns in each row. */
function isObjects(input: RowsInput): boolean {
  if (typeof input !== 'object' || input instanceof Readable) return false;
  const isIterable = Symbol.iterator in input || Symbol.asyncIterator in input;
  // A web stream of bytes, and a table of Apache Arrow.
  return isIterable && !('getReader' in input) && !('schema' in input && 'numRows' in input);
}

/** The rows with a `null` for each column that they lack; which they have is noted in `present`. */
async function* completed(
  input: AsyncIterable<unknown> | Iterable<unknown>,
  columns: readonly StoredColumn[],
  present: ReadonlySet<string>[],
): AsyncGenerator<object> {
  const names = columns.map(({ name }) => name);
  const byName = new Set(names);
  const empty = Object.fromEntries(names.map((name) => [name, null]));
  let row = 0;
  for await (const value of input) {
    row += 1;
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
      throw new ArgumentError(`Row ${row} is not an object with values by column name.`);
    }
    const given = Object.entries(value).filter(([, cell]) => cell !== undefined);
    const cells = given.filter(([name]) => byName.has(name));
    for (const [name] of given) {
      if (!byName.has(name) && !isReference(name)) throw noColumn(name, names, row);
    }
    present.push(new Set(cells.map(([name]) => name)));
    const reference = referenceOf(value, byName, row);
    yield { ...empty, ...Object.fromEntries(cells), [rowReferenceKey]: reference };
  }
}

/** Characters of the cells. */
export function lengthOfCells({ cells }: { cells: SetCells }): number {
  return cells.reduce((sum, [, cell]) => sum + (cell?.length ?? 0), 0);
}

const properties: Readonly<Record<string, keyof RowReference>> = {
  [rowColumns.rowId]: 'rowId',
  [rowColumns.versionNumber]: 'versionNumber',
  [rowColumns.etag]: 'etag',
  rowId: 'rowId',
  versionNumber: 'versionNumber',
  etag: 'etag',
};

function isReference(name: string): boolean {
  return Object.hasOwn(properties, name);
}

function noColumn(name: string, names: readonly string[], row: number): ArgumentError {
  return new ArgumentError(
    `Row ${row}: the table has no column ${quoted(name)}. It has: ${names.join(', ')}.`,
  );
}

/** The reference of an object: of a row that was read, or under names that are not those of columns. */
function referenceOf(value: object, columns: ReadonlySet<string>, row: number): RowReference {
  const read: unknown = rowReferenceKey in value ? value[rowReferenceKey] : undefined;
  if (typeof read === 'object' && read !== null) return read;
  const reference: RowReference = {};
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [name, property] of Object.entries(properties)) {
    const text = given.get(name);
    if (text === undefined || text === null || text === '' || columns.has(name)) continue;
    if (property !== 'etag') reference[property] ??= rowNumber(text, name, row);
    else if (typeof text === 'string') reference.etag ??= text;
  }
  return reference;
}

/** @throws {@link ArgumentError} for what is not the number of a row or version. */
function rowNumber(value: unknown, name: string, row: number): number {
  const text = String(value).trim();
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new ArgumentError(`Row ${row}: the ${name} ${quoted(text)} is not a number of a row.`);
}
