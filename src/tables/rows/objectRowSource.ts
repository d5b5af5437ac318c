import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { CellValueError, type CellWriter } from '../cells/writeCell.js';
import { fileCellWriter } from '../files/cellFiles.js';
import { missingColumn } from './missingColumn.js';
import { peek } from './peek.js';
import {
  readReferenceNumber,
  rowColumns,
  rowReferenceKey,
  type RowReference,
} from './rowReference.js';
import type { OpenRowsOptions, RowSource, RowToWrite } from './rowTypes.js';

/** Opens rows that are objects. See {@link openRows}. */
export async function objectRowSource(
  input: AsyncIterable<unknown> | Iterable<unknown>,
  columns: readonly StoredColumn[],
  options: OpenRowsOptions,
): Promise<RowSource> {
  const reader = new ObjectRows(columns, options);
  // The columns of the first row are known before the rows are read.
  const { items } = await peek(reader.read(input));
  return { columns: reader.columns, rows: items };
}

/** What the keys of a row mean. Rows with the same keys share it. */
interface Keys {
  names: readonly string[];
  /** The index of the column of each key, or -1 for a part of the reference. */
  indexes: readonly number[];
  /** The indexes of the columns that are not among them. */
  missing: ReadonlySet<number>;
  /** The number of columns. */
  width: number;
}

/** Converts objects into rows to write. */
export class ObjectRows {
  /** The columns that rows had so far. */
  readonly columns: StoredColumn[] = [];
  readonly #writers: CellWriter[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #known: ReadonlyMap<string, StoredColumn>;
  readonly #options: OpenRowsOptions;
  #keys: Keys = { names: [], indexes: [], missing: new Set(), width: 0 };

  constructor(columns: readonly StoredColumn[], options: OpenRowsOptions) {
    this.#known = new Map(columns.map((column) => [column.name, column]));
    this.#options = options;
  }

  async *read(
    input: AsyncIterable<unknown> | Iterable<unknown>,
  ): AsyncGenerator<RowToWrite, undefined> {
    let row = 0;
    for await (const value of input) {
      row += 1;
      yield this.row(value, row);
    }
  }

  /**
   * Converts an object.
   *
   * @throws {@link CellValueError}, {@link ArgumentError}
   */
  row(value: unknown, row: number): RowToWrite {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ArgumentError(
        `Row ${row} is ${quoted(value)}: a row is an object with the values by column name.`,
      );
    }
    const { names, indexes, missing } = this.#keysOf(Object.keys(value), row);
    const values = value as Readonly<Record<string, unknown>>;
    const cells = new Array<string | null>(this.columns.length).fill(null);
    let absent: Set<number> | undefined;
    for (const [at, index] of indexes.entries()) {
      if (index < 0) continue;
      const cell = values[names[at] ?? ''];
      if (cell === undefined) (absent ??= new Set(missing)).add(index);
      else cells[index] = this.#writers[index]?.(cell, row) ?? null;
    }
    const reference = this.#reference(value, values, row);
    if (absent === undefined && missing.size === 0) return { row, reference, cells };
    return { row, reference, cells, absent: absent ?? missing };
  }

  /** Rows with the same keys share what is known about them. */
  #keysOf(names: readonly string[], row: number): Keys {
    const last = this.#keys;
    const isSame =
      names.length === last.names.length &&
      last.width === this.columns.length &&
      names.every((name, at) => name === last.names[at]);
    if (isSame) return last;
    const indexes = names.map((name) => this.#indexOf(name, row));
    const given = new Set(indexes);
    const width = this.columns.length;
    const missing = new Set([...this.columns.keys()].filter((index) => !given.has(index)));
    this.#keys = { names, indexes, missing, width };
    return this.#keys;
  }

  #indexOf(name: string, row: number): number {
    const index = this.#indexes.get(name);
    if (index !== undefined) return index;
    const column = this.#known.get(name);
    if (column === undefined) {
      if (referenceKeys.has(name)) return -1;
      throw missingColumn(name, [...this.#known.keys()], `Row ${row}`);
    }
    this.columns.push(column);
    this.#writers.push(fileCellWriter(column, this.#options.files));
    this.#indexes.set(name, this.columns.length - 1);
    return this.columns.length - 1;
  }

  #reference(value: object, values: Readonly<Record<string, unknown>>, row: number): RowReference {
    const named = this.#namedReference(values, row);
    if (named !== undefined) {
      if (this.#options.references === 'refuse') throw referenceRefused(row);
      return named;
    }
    return rowReferenceKey in value ? (value[rowReferenceKey] as RowReference) : {};
  }

  /** The reference that is spelled out in keys, where the row has any of them. */
  #namedReference(
    values: Readonly<Record<string, unknown>>,
    row: number,
  ): RowReference | undefined {
    if (!this.#keys.indexes.includes(-1)) return undefined;
    const given = (key: keyof typeof rowColumns): unknown =>
      values[rowColumns[key]] ??
      (Object.hasOwn(values, key) && !this.#known.has(key) ? values[key] : undefined);
    const number = (key: 'rowId' | 'versionNumber'): number | undefined =>
      readReferenceNumber(given(key), { row, column: rowColumns[key] });
    const etag = given('etag');
    if (etag !== undefined && typeof etag !== 'string') {
      throw new CellValueError({
        row,
        column: rowColumns.etag,
        value: etag,
        reason: 'is not an etag',
      });
    }
    const rowId = number('rowId');
    const versionNumber = number('versionNumber');
    if (rowId === undefined && versionNumber === undefined && !etag) return undefined;
    return { rowId, versionNumber, etag: etag || undefined };
  }
}

const referenceKeys: ReadonlySet<string> = new Set([
  ...Object.values(rowColumns),
  ...Object.keys(rowColumns),
]);

/** The error for a row that names an existing row where only new ones are written. */
export function referenceRefused(row: number): ArgumentError {
  return new ArgumentError(
    `Row ${row} has the id of a row that exists (ROW_ID), and append only adds rows. ` +
      'To change that row, update it. To add a copy, leave out ROW_ID, ROW_VERSION and ROW_ETAG.',
  );
}
