import { cellFlags, flagBits } from '../csv/cellFlags.js';
import type { CsvBatch } from '../csv/csvScanner.js';
import {
  isNullCell,
  readSlowly,
  Validity,
  type ColumnBuilder,
  type ColumnCells,
} from './columnBuilder.js';
import type { ColumnData } from './columnData.js';
import { grown, newBytes } from './grown.js';
import type { ItemBuilder } from './listBuilder.js';
import { doubleOfBytes, integerOfBytes } from './numberOfBytes.js';

const newIntegers = (length: number): BigInt64Array<ArrayBuffer> => new BigInt64Array(length);
const newDoubles = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);

/** Integers and dates: 64 bits each. */
export class IntegerBuilder implements ColumnBuilder, ItemBuilder {
  readonly textBytes = 0;
  readonly #cells: ColumnCells;
  readonly #read: (text: string) => bigint;
  readonly #validity = new Validity();
  #values = new BigInt64Array(0);
  /** The same memory. */
  #words = new Int32Array(this.#values.buffer);
  #length = 0;

  constructor(cells: ColumnCells, read: (text: string) => bigint) {
    this.#cells = cells;
    this.#read = read;
  }

  append(batch: CsvBatch, column: number): void {
    const { bytes, cells, rowCount, width } = batch;
    this.#reserve(this.#length + rowCount);
    const values = this.#values;
    const words = this.#words;
    let at = this.#length;
    for (let row = 0; row < rowCount; row += 1, at += 1) {
      const cell = 2 * (row * width + column);
      const start = cells[cell] ?? 0;
      const packed = cells[cell + 1] ?? 0;
      if (isNullCell(start, packed)) this.#validity.setNull(at);
      else if (!integerOfBytes(bytes, start, packed >> flagBits, words, 2 * at)) {
        values[at] = readSlowly(batch, row, column, this.#cells, this.#read);
      }
    }
    this.#length = at;
  }

  addText(text: string): void {
    const value = this.#read(text);
    this.#reserve(this.#length + 1);
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  addBytes(bytes: Uint8Array, start: number, end: number): boolean {
    this.#reserve(this.#length + 1);
    if (!integerOfBytes(bytes, start, end, this.#words, 2 * this.#length)) return false;
    this.#length += 1;
    return true;
  }

  get length(): number {
    return this.#length;
  }

  truncate(length: number): void {
    this.#length = length;
  }

  finish(): ColumnData {
    const values = this.#values.subarray(0, this.#length);
    return { kind: 'integers', ...this.#validity.finish(this.#length), values };
  }

  restart(isTaken: boolean): void {
    if (isTaken) this.#setValues(new BigInt64Array(this.#length));
    this.#validity.restart(isTaken);
    this.#length = 0;
  }

  #reserve(length: number): void {
    this.#validity.reserve(length);
    const values = grown(this.#values, length, newIntegers);
    if (values !== this.#values) this.#setValues(values);
  }

  #setValues(values: BigInt64Array<ArrayBuffer>): void {
    this.#values = values;
    this.#words = new Int32Array(values.buffer);
  }
}

/** Doubles. */
export class DoubleBuilder implements ColumnBuilder, ItemBuilder {
  readonly textBytes = 0;
  readonly #cells: ColumnCells;
  readonly #read: (text: string) => number;
  readonly #validity = new Validity();
  #values = new Float64Array(0);
  #length = 0;

  constructor(cells: ColumnCells, read: (text: string) => number) {
    this.#cells = cells;
    this.#read = read;
  }

  append(batch: CsvBatch, column: number): void {
    const { bytes, cells, rowCount, width } = batch;
    this.#reserve(this.#length + rowCount);
    const values = this.#values;
    let at = this.#length;
    for (let row = 0; row < rowCount; row += 1, at += 1) {
      const cell = 2 * (row * width + column);
      const start = cells[cell] ?? 0;
      const packed = cells[cell + 1] ?? 0;
      if (isNullCell(start, packed)) {
        this.#validity.setNull(at);
        continue;
      }
      const value = doubleOfBytes(bytes, start, packed >> flagBits);
      values[at] = Number.isNaN(value)
        ? readSlowly(batch, row, column, this.#cells, this.#read)
        : value;
    }
    this.#length = at;
  }

  addText(text: string): void {
    const value = this.#read(text);
    this.#reserve(this.#length + 1);
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  addBytes(bytes: Uint8Array, start: number, end: number): boolean {
    const value = doubleOfBytes(bytes, start, end);
    if (Number.isNaN(value)) return false;
    this.#reserve(this.#length + 1);
    this.#values[this.#length] = value;
    this.#length += 1;
    return true;
  }

  get length(): number {
    return this.#length;
  }

  truncate(length: number): void {
    this.#length = length;
  }

  finish(): ColumnData {
    const values = this.#values.subarray(0, this.#length);
    return { kind: 'doubles', ...this.#validity.finish(this.#length), values };
  }

  restart(isTaken: boolean): void {
    if (isTaken) this.#values = new Float64Array(this.#length);
    this.#validity.restart(isTaken);
    this.#length = 0;
  }

  #reserve(length: number): void {
    this.#validity.reserve(length);
    this.#values = grown(this.#values, length, newDoubles);
  }
}

/** The texts `true` and `false` as numbers, of which the lowest bytes come first. */
const trueWord = 0x65757274;
const falsWord = 0x736c6166;
const letterE = 101;

/** Booleans: one bit each. */
export class BitBuilder implements ColumnBuilder, ItemBuilder {
  readonly textBytes = 0;
  readonly #cells: ColumnCells;
  readonly #read: (text: string) => boolean;
  readonly #validity = new Validity();
  #bits = new Uint8Array(0);
  #length = 0;

  constructor(cells: ColumnCells, read: (text: string) => boolean) {
    this.#cells = cells;
    this.#read = read;
  }

  append(batch: CsvBatch, column: number): void {
    const { bytes, cells, rowCount, width } = batch;
    this.#reserve(this.#length + rowCount);
    const bits = this.#bits;
    let at = this.#length;
    for (let row = 0; row < rowCount; row += 1, at += 1) {
      const cell = 2 * (row * width + column);
      const start = cells[cell] ?? 0;
      const packed = cells[cell + 1] ?? 0;
      if (isNullCell(start, packed)) {
        this.#validity.setNull(at);
        continue;
      }
      const value =
        (packed & cellFlags.escaped) === 0
          ? booleanOfBytes(bytes, start, packed >> flagBits)
          : undefined;
      if (value ?? readSlowly(batch, row, column, this.#cells, this.#read)) {
        bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
      }
    }
    this.#length = at;
  }

  addText(text: string): void {
    this.#add(this.#read(text));
  }

  addBytes(bytes: Uint8Array, start: number, end: number): boolean {
    const value = booleanOfBytes(bytes, start, end);
    if (value === undefined) return false;
    this.#add(value);
    return true;
  }

  get length(): number {
    return this.#length;
  }

  truncate(length: number): void {
    for (let at = length; at < this.#length; at += 1) {
      this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) & ~(1 << (at & 7));
    }
    this.#length = length;
  }

  finish(): ColumnData {
    const values = this.#bits.subarray(0, (this.#length + 7) >> 3);
    return { kind: 'bits', ...this.#validity.finish(this.#length), values };
  }

  restart(isTaken: boolean): void {
    if (isTaken) this.#bits = new Uint8Array(this.#bits.length);
    else this.#bits.fill(0);
    this.#validity.restart(isTaken);
    this.#length = 0;
  }

  #add(value: boolean): void {
    this.#reserve(this.#length + 1);
    const at = this.#length;
    if (value) this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) | (1 << (at & 7));
    this.#length += 1;
  }

  #reserve(length: number): void {
    this.#validity.reserve(length);
    this.#bits = grown(this.#bits, (length + 7) >> 3, newBytes);
  }
}

function booleanOfBytes(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  if (end - start < 4 || end - start > 5) return undefined;
  const word =
    (bytes[start] ?? 0) |
    ((bytes[start + 1] ?? 0) << 8) |
    ((bytes[start + 2] ?? 0) << 16) |
    ((bytes[start + 3] ?? 0) << 24);
  if (end - start === 4) return word === trueWord ? true : undefined;
  return word === falsWord && bytes[start + 4] === letterE ? false : undefined;
}
