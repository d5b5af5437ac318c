import { UnreadableCell } from '../cells/readCell.js';
import { cellText } from '../csv/csvCells.js';
import type { CsvDialect } from '../csv/csvDialect.js';
import { cellFlags, flagBits } from '../csv/cellFlags.js';
import type { CsvBatch } from '../csv/csvScanner.js';
import { CellReadError } from '../query/cellReadError.js';
import type { ColumnData } from './columnData.js';
import { grown } from './grown.js';

/** Collects the values of a column from the cells of a CSV text. */
export interface ColumnBuilder {
  /** Bytes of texts so far. */
  readonly textBytes: number;
  /** Adds a value for each row of a batch. `column` is the index of its cell in each row. */
  append(batch: CsvBatch, column: number): void;
  /** Returns the values so far, in the memory of the builder. Call {@link ColumnBuilder.restart} before more are added. */
  finish(): ColumnData;
  /** Begins again without any values. `isTaken` tells whether the memory of the values so far still belongs to them. */
  restart(isTaken: boolean): void;
}

/** The cells that a builder reads. */
export interface ColumnCells {
  /** The name of the column. */
  name: string;
  dialect: Required<CsvDialect>;
}

/** Whether a cell of a column of texts has no value: it is empty, and not in quotes. */
export function isNullText(start: number, packed: number): boolean {
  return packed >> flagBits === start && (packed & cellFlags.quoted) === 0;
}

/** Whether a cell of another column has no value: there, the empty text is none. */
export function isNullCell(start: number, packed: number): boolean {
  return packed >> flagBits === start;
}

/**
 * Reads a cell that is not in the usual form from its text.
 *
 * @throws {@link CellReadError} when it does not have the type of the column
 */
export function readSlowly<Value>(
  batch: CsvBatch,
  row: number,
  column: number,
  { name, dialect }: ColumnCells,
  read: (text: string) => Value,
): Value {
  const text = cellText(batch, row * batch.width + column, dialect) ?? '';
  return readText(text, { row: batch.firstRow + row, name }, read);
}

/** Where a value is: the number of the row, counting from 1, and the name of the column. */
export interface CellPlace {
  row: number;
  name: string;
}

/** @throws {@link CellReadError} when the text does not have the type of the column */
export function readText<Value>(
  text: string,
  place: CellPlace,
  read: (text: string) => Value,
): Value {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    const { row, name: column } = place;
    const { message: reason } = error;
    throw new CellReadError({ row, rowId: undefined, column, value: text, reason });
  }
}

const newValidBits = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(0xff);

/** Which values of a column are null. */
export class Validity {
  #bits = new Uint8Array(0);
  #nullCount = 0;

  /** Makes room for values; they are not null. */
  reserve(length: number): void {
    this.#bits = grown(this.#bits, (length + 7) >> 3, newValidBits);
  }

  setNull(index: number): void {
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) & ~(1 << (index & 7));
    this.#nullCount += 1;
  }

  finish(length: number): Pick<ColumnData, 'length' | 'nullCount' | 'validity'> {
    const nullCount = this.#nullCount;
    const validity = nullCount === 0 ? undefined : this.#bits.subarray(0, (length + 7) >> 3);
    return { length, nullCount, validity };
  }

  restart(isTaken: boolean): void {
    if (this.#nullCount === 0) return;
    if (isTaken) this.#bits = new Uint8Array(this.#bits.length);
    this.#bits.fill(0xff);
    this.#nullCount = 0;
  }
}
