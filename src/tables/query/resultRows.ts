import type * as M from '../../../generated/models.js';
import { isColumnType, type CellOptions } from '../../columns/columnTypes.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { cellReader, UnreadableCell, type CellReader } from '../cells/readCell.js';
import { rowReferenceKey, type RowReference } from '../rows/rowReference.js';
import { CellReadError } from './cellReadError.js';
import type { RawBatch } from './rawBatch.js';

/** Converts a row of a batch into an object. */
export type RowReader = (batch: RawBatch, row: number) => object;

/**
 * Returns the function that converts rows into objects, with the values by the names of the columns.
 *
 * @throws {@link ArgumentError} when two columns have the same name.
 */
export function rowReader(columns: readonly M.SelectColumn[], options: CellOptions): RowReader {
  const names = columns.map(({ name = '' }) => name);
  requireDistinct(names);
  const fields = columns.map(({ name = '', columnType }) => ({
    name,
    read: readerOf(columnType, options),
  }));
  const ResultRow = rowClass(names);
  // Assigning to this name would change the prototype.
  const assign = names.includes('__proto__') ? defineValue : assignValue;
  return (batch, number) => {
    const row = new ResultRow();
    const reference = batch.reference(number);
    let index = 0;
    try {
      for (const { name, read } of fields) {
        const text = batch.cell(number, index);
        assign(row, name, text === null ? null : read(text));
        index += 1;
      }
    } catch (error) {
      throw cellError(error, { batch, number, index, column: names[index] ?? '' });
    }
    if (reference !== undefined) row[rowReferenceKey] = reference;
    return row;
  };
}

/** Reads text of a type that did not exist when this was written. */
export function readerOf(type: M.ColumnType | undefined, options: CellOptions): CellReader {
  return isColumnType(type) ? cellReader(type, options) : (text) => text;
}

/** Where a cell is in a batch. */
export interface CellPlace {
  batch: RawBatch;
  /** The row in the batch. */
  number: number;
  index: number;
  column: string;
}

/** The error for a cell that cannot be read. */
export function cellError(error: unknown, { batch, number, index, column }: CellPlace): unknown {
  if (!(error instanceof UnreadableCell)) return error;
  return new CellReadError({
    row: batch.firstRow + number,
    rowId: batch.reference(number)?.rowId,
    column,
    value: batch.cell(number, index) ?? '',
    reason: error.message,
  });
}

function assignValue(row: AnyRow, name: string, value: unknown): void {
  row[name] = value;
}

function defineValue(row: object, name: string, value: unknown): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
}

/** An object with columns as names could hold only one of two columns with the same name. */
export function requireDistinct(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new ArgumentError(
        `The result has two columns with the name ${quoted(name)}. Give one of them another name with AS.`,
      );
    }
    seen.add(name);
  }
}

type AnyRow = Record<string, unknown> & { [rowReferenceKey]?: RowReference };

/** The method that Node.js calls to print an object. It has the same name in every environment, so no import is needed. */
const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A class for the rows of one result, so that all of them have the same shape for the JavaScript engine. `rowId` and the like are
 * on the prototype: they are not among the values of a row. A column of the same name comes first.
 */
function rowClass(names: readonly string[]): new () => AnyRow {
  class ResultRow {
    declare [rowReferenceKey]?: RowReference;

    get rowId(): number | undefined {
      return this[rowReferenceKey]?.rowId;
    }

    get versionNumber(): number | undefined {
      return this[rowReferenceKey]?.versionNumber;
    }

    get etag(): string | undefined {
      return this[rowReferenceKey]?.etag;
    }

    /** `console.log` prints the values, as `JSON.stringify` does. */
    [inspect](): object {
      return Object.fromEntries(Object.entries(this));
    }
  }
  // A row looks like a plain object, and columns are own properties.
  for (const name of [...names, 'constructor']) Reflect.deleteProperty(ResultRow.prototype, name);
  return ResultRow as unknown as new () => AnyRow;
}
