import { cellFlags, flagBits } from '../csv/cellFlags.js';
import type { CsvBatch } from '../csv/csvScanner.js';
import { unescapeBytes } from '../csv/unescapeBytes.js';
import {
  isNullCell,
  isNullText,
  Validity,
  type ColumnBuilder,
  type ColumnCells,
} from './columnBuilder.js';
import type { ColumnData } from './columnData.js';
import { grown, newBytes, newOffsets } from './grown.js';
import type { ItemBuilder } from './listBuilder.js';

/** Longer texts are copied faster by the runtime than by a loop. */
const longestLoop = 48;

/** Texts: the bytes of all of them, and where each begins. */
export class TextBuilder implements ColumnBuilder, ItemBuilder {
  readonly #dialect: ColumnCells['dialect'];
  readonly #isNull: typeof isNullText;
  readonly #validity = new Validity();
  #offsets = new Int32Array(1);
  #length = 0;
  #bytes = new Uint8Array(0);
  #size = 0;

  /** @param hasEmpty - Whether the empty text is a value. */
  constructor({ dialect }: ColumnCells, hasEmpty: boolean) {
    this.#dialect = dialect;
    this.#isNull = hasEmpty ? isNullText : isNullCell;
  }

  get textBytes(): number {
    return this.#size;
  }

  append(batch: CsvBatch, column: number): void {
    const { bytes, cells, rowCount, width } = batch;
    this.#reserve(this.#length + rowCount, this.#size + bytes.length);
    const offsets = this.#offsets;
    const target = this.#bytes;
    const isNull = this.#isNull;
    let at = this.#length;
    let size = this.#size;
    for (let row = 0; row < rowCount; row += 1) {
      const cell = 2 * (row * width + column);
      const start = cells[cell] ?? 0;
      const packed = cells[cell + 1] ?? 0;
      const end = packed >> flagBits;
      if (isNull(start, packed)) this.#validity.setNull(at);
      else if ((packed & cellFlags.escaped) !== 0) {
        size = unescapeBytes(bytes, start, end, this.#dialect, target, size);
      } else size = copyBytes(bytes, start, end, target, size);
      at += 1;
      offsets[at] = size;
    }
    this.#length = at;
    this.#size = size;
  }

  addText(text: string): void {
    const bytes = Buffer.from(text);
    this.addBytes(bytes, 0, bytes.length);
  }

  addBytes(bytes: Uint8Array, start: number, end: number): true {
    this.#reserve(this.#length + 1, this.#size + end - start);
    this.#size = copyBytes(bytes, start, end, this.#bytes, this.#size);
    this.#length += 1;
    this.#offsets[this.#length] = this.#size;
    return true;
  }

  get length(): number {
    return this.#length;
  }

  truncate(length: number): void {
    this.#length = length;
    this.#size = this.#offsets[length] ?? 0;
  }

  finish(): ColumnData {
    const offsets = this.#offsets.subarray(0, this.#length + 1);
    const values = this.#bytes.subarray(0, this.#size);
    return { kind: 'texts', ...this.#validity.finish(this.#length), offsets, values };
  }

  restart(isTaken: boolean): void {
    if (isTaken) {
      this.#offsets = new Int32Array(this.#length + 1);
      this.#bytes = new Uint8Array(this.#size);
    }
    this.#validity.restart(isTaken);
    this.#length = 0;
    this.#size = 0;
  }

  #reserve(length: number, size: number): void {
    this.#validity.reserve(length);
    this.#offsets = grown(this.#offsets, length + 1, newOffsets);
    this.#bytes = grown(this.#bytes, size, newBytes);
  }
}

function copyBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  if (end - start > longestLoop) {
    target.set(bytes.subarray(start, end), at);
    return at + end - start;
  }
  let to = at;
  for (let from = start; from < end; from += 1, to += 1) target[to] = bytes[from] ?? 0;
  return to;
}
