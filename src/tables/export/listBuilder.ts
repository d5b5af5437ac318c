import { cellReader } from '../cells/readCell.js';
import { cellFlags, flagBits } from '../csv/cellFlags.js';
import type { CsvBatch } from '../csv/csvScanner.js';
import { unescapeBytes } from '../csv/unescapeBytes.js';
import {
  isNullCell,
  readSlowly,
  Validity,
  type ColumnBuilder,
  type ColumnCells,
} from './columnBuilder.js';
import type { ColumnData } from './columnData.js';
import { grown, newOffsets } from './grown.js';

/** Collects the elements of lists. None of them is null. */
export interface ItemBuilder {
  readonly length: number;
  readonly textBytes: number;
  /** @throws UnreadableCell when the text does not have the type */
  addText(text: string): void;
  /** Adds the value of a text in the usual form; returns false when it is not in that. */
  addBytes(bytes: Uint8Array, start: number, end: number): boolean;
  /** Removes the last elements. */
  truncate(length: number): void;
  finish(): ColumnData;
  restart(isTaken: boolean): void;
}

const readStringList = cellReader('STRING_LIST');

/** Reads the elements of a list of any type as texts. */
function readTexts(text: string): string[] {
  const list = readStringList(text);
  return Array.isArray(list) ? list.map(String) : [];
}

const openBracket = 91;
const closeBracket = 93;
const comma = 44;
const quote = 34;
const backslash = 92;
const space = 32;

/** Lists, which are JSON in a cell. */
export class ListBuilder implements ColumnBuilder {
  readonly #cells: ColumnCells;
  readonly #items: ItemBuilder;
  readonly #isQuoted: boolean;
  readonly #validity = new Validity();
  #offsets = new Int32Array(1);
  #length = 0;
  #scratch = new Uint8Array(0);

  /** @param isQuoted - Whether the elements are texts in JSON. */
  constructor(cells: ColumnCells, items: ItemBuilder, isQuoted: boolean) {
    this.#cells = cells;
    this.#items = items;
    this.#isQuoted = isQuoted;
  }

  get textBytes(): number {
    return this.#items.textBytes;
  }

  append(batch: CsvBatch, column: number): void {
    const { bytes, cells, rowCount, width } = batch;
    this.#reserve(this.#length + rowCount, bytes.length);
    const items = this.#items;
    for (let row = 0; row < rowCount; row += 1) {
      const cell = 2 * (row * width + column);
      const start = cells[cell] ?? 0;
      const packed = cells[cell + 1] ?? 0;
      if (isNullCell(start, packed)) this.#validity.setNull(this.#length);
      else {
        const before = items.length;
        if (!this.#addList(bytes, start, packed)) {
          items.truncate(before);
          readSlowly(batch, row, column, this.#cells, (text) => this.#addSlowly(text));
        }
      }
      this.#length += 1;
      this.#offsets[this.#length] = items.length;
    }
  }

  finish(): ColumnData {
    const offsets = this.#offsets.subarray(0, this.#length + 1);
    const items = this.#items.finish();
    return { kind: 'lists', ...this.#validity.finish(this.#length), offsets, items };
  }

  restart(isTaken: boolean): void {
    if (isTaken) this.#offsets = new Int32Array(this.#length + 1);
    this.#items.restart(isTaken);
    this.#validity.restart(isTaken);
    this.#length = 0;
  }

  #addList(bytes: Uint8Array, start: number, packed: number): boolean {
    const end = packed >> flagBits;
    const items = this.#items;
    if ((packed & cellFlags.escaped) === 0) {
      return addItems(bytes, start, end, items, this.#isQuoted);
    }
    const scratch = this.#scratch;
    const length = unescapeBytes(bytes, start, end, this.#cells.dialect, scratch, 0);
    return addItems(scratch, 0, length, items, this.#isQuoted);
  }

  #addSlowly(text: string): void {
    for (const item of readTexts(text)) this.#items.addText(item);
  }

  #reserve(length: number, scratch: number): void {
    this.#validity.reserve(length);
    this.#offsets = grown(this.#offsets, length + 1, newOffsets);
    if (scratch > this.#scratch.length) this.#scratch = new Uint8Array(scratch);
  }
}

/**
 * Adds the elements of a JSON list in the form in which it is usually written: without spaces except after commas, and without
 * escapes in texts. Returns false for any other text, possibly after some elements.
 */
function addItems(
  bytes: Uint8Array,
  start: number,
  end: number,
  items: ItemBuilder,
  isQuoted: boolean,
): boolean {
  const last = end - 1;
  if (last <= start || bytes[start] !== openBracket || bytes[last] !== closeBracket) return false;
  let position = start + 1;
  if (position === last) return true;
  for (;;) {
    const itemEnd = isQuoted ? endOfText(bytes, position, last) : endOfPlain(bytes, position, last);
    if (itemEnd < 0) return false;
    const from = isQuoted ? position + 1 : position;
    if (!items.addBytes(bytes, from, itemEnd)) return false;
    position = isQuoted ? itemEnd + 1 : itemEnd;
    if (position === last) return true;
    if (bytes[position] !== comma) return false;
    position += bytes[position + 1] === space ? 2 : 1;
  }
}

/** Where the text that begins with a quote ends; -1 when it has an escape or does not end. */
function endOfText(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== quote) return -1;
  for (let position = start + 1; position < end; position += 1) {
    const code = bytes[position] ?? 0;
    if (code === quote) return position;
    if (code === backslash || code < space) return -1;
  }
  return -1;
}

/** Where a number or a boolean ends. */
function endOfPlain(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && bytes[position] !== comma) position += 1;
  return position;
}
