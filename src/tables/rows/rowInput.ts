import { ArgumentError } from '../../errors.js';
import { isArrowTable, rowsOfArrow, type ArrowTable } from '../arrow/rowsOfArrow.js';
import { peek } from './peek.js';
import type { CsvInput } from './rowTypes.js';
import { untilAborted } from './untilAborted.js';

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

/** An input of rows, by its form. */
export type RowsOfInput =
  | { csv: CsvInput; objects?: undefined }
  | { csv?: undefined; objects: AsyncIterable<unknown> | Iterable<unknown> };

/**
 * Finds out in which form rows are given. A stream is of bytes when its first item is.
 *
 * @throws {@link ArgumentError} for an input that is no rows.
 */
export async function readRowsInput(
  input: RowsInput,
  signal: AbortSignal | undefined,
): Promise<RowsOfInput> {
  signal?.throwIfAborted();
  if (typeof input === 'string' || input instanceof Uint8Array || input instanceof Blob) {
    return { csv: { csv: input } };
  }
  const given: unknown = input;
  if (typeof given !== 'object' || given === null) throw noRows();
  if (isCsvInput(input)) return { csv: input };
  if (isArrowTable(input)) return { objects: rowsOfArrow(input) };
  if (!isIterable(input)) throw noRows();
  const { first, items } = await peek(untilAborted(input, signal));
  return typeof first === 'string' || first instanceof Uint8Array
    ? { csv: { csv: items as AsyncIterable<Uint8Array> } }
    : { objects: items };
}

function noRows(): ArgumentError {
  return new ArgumentError(
    'The rows are neither an iterable of objects nor CSV: pass an array of objects, the path of a CSV file, or { csv }.',
  );
}

function isCsvInput(input: object): input is CsvInput {
  return 'csv' in input && !isIterable(input);
}

function isIterable(input: object): input is AsyncIterable<unknown> | Iterable<unknown> {
  return Symbol.asyncIterator in input || Symbol.iterator in input;
}
