import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { isArrowTable, rowsOfArrow, type ArrowTable } from '../arrow/rowsOfArrow.js';
import { csvRowSource } from './csvRowSource.js';
import { objectRowSource } from './objectRowSource.js';
import type { CsvInput, OpenRowsOptions, RowSource } from './rowTypes.js';
import { untilAborted } from './untilAborted.js';

export type { OpenRowsOptions, RowSource, RowToWrite } from './rowTypes.js';

/**
 * Rows to write:
 * - objects with the values by column name, in an array or another iterable, also an asynchronous one;
 * - the path of a CSV file, or its bytes, or a stream of them; {@link CsvInput} for a CSV file of another form;
 * - a table of Apache Arrow.
 */
export type RowsInput =
  | ArrowTable
  | AsyncIterable<object | string>
  | Blob
  | CsvInput
  | Iterable<object>
  | Uint8Array
  | string;

/**
 * Opens rows to write.
 *
 * Every key of an object must be a column of the table, whichever row it is in. A key that is absent, or `undefined`, is told
 * from `null` in {@link RowToWrite.absent}.
 *
 * @throws {@link ArgumentError} for a column that the table does not have, and for an input that is no rows.
 * @throws {@link CsvError} for a CSV file that cannot be read.
 * @throws {@link CellValueError} (while the rows are read) for a value that does not fit its column.
 */
export async function openRows(
  input: RowsInput,
  columns: readonly StoredColumn[],
  options: OpenRowsOptions = {},
): Promise<RowSource> {
  const { signal } = options;
  signal?.throwIfAborted();
  if (typeof input === 'string' || input instanceof Uint8Array || input instanceof Blob) {
    return csvRowSource({ csv: input }, columns, options);
  }
  if (isCsvInput(input)) return csvRowSource(input, columns, options);
  if (isArrowTable(input)) return objectRowSource(rowsOfArrow(input), columns, options);
  if (!isIterable(input)) {
    throw new ArgumentError(
      'The rows are neither an iterable of objects nor CSV: pass an array of objects, the path of a CSV file, or { csv }.',
    );
  }
  const { first, items } = await peek(untilAborted(input, signal));
  if (typeof first === 'string' || first instanceof Uint8Array) {
    return csvRowSource({ csv: items as AsyncIterable<Uint8Array> }, columns, options);
  }
  return objectRowSource(items, columns, options);
}

function isCsvInput(input: object): input is CsvInput {
  return 'csv' in input && !isIterable(input);
}

function isIterable(input: object): input is AsyncIterable<unknown> | Iterable<unknown> {
  return Symbol.asyncIterator in input || Symbol.iterator in input;
}

/** The first item of an iterator, and all of its items. */
async function peek<T>(
  iterator: AsyncGenerator<T>,
): Promise<{ first: T | undefined; items: AsyncGenerator<T> }> {
  const first = await iterator.next();
  return { first: first.done ? undefined : first.value, items: continued(first, iterator) };
}

async function* continued<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return(undefined);
  }
}
