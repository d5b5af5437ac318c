import { isAscii } from 'node:buffer';
import {
  columnTypes,
  type CellKind,
  type CellOptions,
  type ColumnType,
} from '../../columns/columnTypes.js';
import { readText } from './columnBuilder.js';
import { cellReader } from '../cells/readCell.js';
import type { ToArrowOptions } from './exportOptions.js';
import { openColumns, type CsvRows } from './openColumns.js';
import { isNull, type ColumnData, type ListData } from './columnData.js';

/** How {@link toColumns} represents values. Dates are always milliseconds. */
export interface ToColumnsOptions extends ToArrowOptions, Pick<CellOptions, 'integers' | 'json'> {}

/** The values of a column of a result. */
export interface ColumnValues {
  name: string;
  type: ColumnType;
  /**
   * One for each row:
   * - INTEGER: `Float64Array`; on request, `BigInt64Array`, or an array of texts
   * - DOUBLE: `Float64Array`
   * - DATE: `Float64Array` of milliseconds since 1970
   * - BOOLEAN: `Uint8Array` of 0 and 1
   * - texts and ids: an array of strings
   * - lists: an array of arrays; JSON: an array of values
   *
   * A row without a value has NaN in a `Float64Array`, 0 in other typed arrays, null in an array.
   */
  values: BigInt64Array | Float64Array | Uint8Array | unknown[];
  /** 1 for each row without a value, else 0. */
  nulls: Uint8Array;
  nullCount: number;
}

/** A result, column by column. */
export interface TableColumns {
  rowCount: number;
  /** In the order of the result. */
  columns: ColumnValues[];
}

/** Reads a result into memory, column by column: typed arrays for numbers, dates and booleans. */
export async function toColumns(
  open: () => Promise<CsvRows>,
  options: ToColumnsOptions = {},
): Promise<TableColumns> {
  const { columns, batches } = await openColumns(open, { ...options, areKept: true });
  const parts: ColumnData[][] = columns.map(() => []);
  let rowCount = 0;
  for await (const batch of batches) {
    rowCount += batch.rowCount;
    for (const [index, data] of batch.columns.entries()) parts[index]?.push(data);
  }
  return {
    rowCount,
    columns: columns.map(({ name, type }, index) => {
      const data = parts[index] ?? [];
      const { kind } = columnTypes[type];
      return {
        name,
        type,
        values: valuesOf(data, { name, kind, rowCount, ...options }),
        nulls: nullsOf(data, rowCount),
        nullCount: data.reduce((sum, { nullCount }) => sum + nullCount, 0),
      };
    }),
  };
}

function nullsOf(parts: readonly ColumnData[], rowCount: number): Uint8Array {
  const nulls = new Uint8Array(rowCount);
  let at = 0;
  for (const part of parts) {
    if (part.nullCount > 0) {
      for (let index = 0; index < part.length; index += 1) {
        if (isNull(part, index)) nulls[at + index] = 1;
      }
    }
    at += part.length;
  }
  return nulls;
}

interface ValueOptions extends ToColumnsOptions {
  name: string;
  kind: CellKind;
  rowCount: number;
}

function valuesOf(parts: readonly ColumnData[], options: ValueOptions): ColumnValues['values'] {
  const { rowCount, kind, integers } = options;
  const storage = parts[0]?.kind ?? 'texts';
  if (storage === 'integers' && kind === 'integer' && integers === 'bigint') {
    return fill(new BigInt64Array(rowCount), parts, 0n, (part) => (index) => bigintAt(part, index));
  }
  if (storage === 'integers' && kind === 'integer' && integers === 'string') {
    const target = new Array<unknown>(rowCount);
    return fill<unknown, unknown[]>(
      target,
      parts,
      null,
      (part) => (index) => String(bigintAt(part, index)),
    );
  }
  if (storage === 'integers' || storage === 'doubles') {
    return fill(new Float64Array(rowCount), parts, Number.NaN, (part, first) =>
      numberReader(part, options, (index) => first + index),
    );
  }
  if (storage === 'bits') {
    return fill(new Uint8Array(rowCount), parts, 0, (part) => (index) => bitAt(part, index));
  }
  return fill<unknown, unknown[]>(new Array<unknown>(rowCount), parts, null, (part, first) =>
    part.kind === 'lists'
      ? listReader(part, options, first)
      : textReader(part, options, (index) => first + index),
  );
}

/** Sets the values of all parts, one after the other. */
function fill<Value, Target extends Record<number, Value>>(
  target: Target,
  parts: readonly ColumnData[],
  none: Value,
  reader: (part: ColumnData, first: number) => (index: number) => Value,
): Target {
  const values: Record<number, Value> = target;
  let first = 0;
  for (const part of parts) {
    const read = reader(part, first);
    for (let index = 0; index < part.length; index += 1) {
      values[first + index] = isNull(part, index) ? none : read(index);
    }
    first += part.length;
  }
  return target;
}

function bigintAt(part: ColumnData, index: number): bigint {
  return part.kind === 'integers' ? (part.values[index] ?? 0n) : 0n;
}

function bitAt(part: ColumnData, index: number): number {
  return part.kind === 'bits' ? ((part.values[index >> 3] ?? 0) >> (index & 7)) & 1 : 0;
}

/** Reads numbers exactly. `rowOf` tells the row of a value, counting from 0, for messages. */
function numberReader(
  part: ColumnData,
  { name, kind }: ValueOptions,
  rowOf: (index: number) => number,
): (index: number) => number {
  if (part.kind === 'doubles') return (index) => part.values[index] ?? 0;
  // Refuses what is beyond 2^53.
  const reader = cellReader(kind === 'date' ? 'DATE' : 'INTEGER', { dates: 'epoch' });
  const read = (text: string): number => Number(reader(text));
  return (index) => {
    const value = bigintAt(part, index);
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    return readText(String(value), { row: rowOf(index) + 1, name }, read);
  };
}

function textReader(
  part: ColumnData,
  { name, kind, json }: ValueOptions,
  rowOf: (index: number) => number,
): (index: number) => unknown {
  if (part.kind !== 'texts') return () => null;
  const { offsets, values } = part;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.length);
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const text = (index: number): string =>
    bytes.toString(encoding, offsets[index] ?? 0, offsets[index + 1] ?? 0);
  if (kind !== 'json' || json === 'text') return text;
  const parse = cellReader('JSON', { json });
  return (index) => readText(text(index), { row: rowOf(index) + 1, name }, parse);
}

function listReader(
  part: ListData,
  options: ValueOptions,
  first: number,
): (index: number) => unknown[] {
  const { items, offsets } = part;
  const rowOf = (item: number): number =>
    first + offsets.findIndex((offset, index) => index > 0 && offset > item) - 1;
  const read = itemReader(items, options, rowOf);
  const all = Array.from({ length: items.length }, (_, item) => read(item));
  return (index) => all.slice(offsets[index] ?? 0, offsets[index + 1] ?? 0);
}

function itemReader(
  items: ColumnData,
  options: ValueOptions,
  rowOf: (item: number) => number,
): (item: number) => unknown {
  if (items.kind === 'texts') return textReader(items, options, rowOf);
  if (items.kind === 'bits') return (item) => bitAt(items, item) === 1;
  if (options.kind === 'integer' && options.integers === 'bigint') {
    return (item) => bigintAt(items, item);
  }
  if (options.kind === 'integer' && options.integers === 'string') {
    return (item) => String(bigintAt(items, item));
  }
  return numberReader(items, options, rowOf);
}
