import { isAscii, isUtf8 } from 'node:buffer';
import { ArgumentError } from '../../errors.js';
import { flagBits } from './cellFlags.js';
import type { CsvDialect } from './csvDialect.js';
import { incomplete, plainCell, quotedCell, strayQuote, type CsvCodes } from './scanCell.js';

/** Complete rows of a CSV text. Valid until the next batch is read: its memory is used again. */
export interface CsvBatch {
  bytes: Buffer;
  /**
   * Two numbers a cell, row by row: the offset of its first byte; and the offset after its last byte, shifted left by
   * `flagBits`, with its `cellFlags`.
   */
  cells: Int32Array;
  rowCount: number;
  /** Number of cells of each row. */
  width: number;
  /** The number of the first row, counting from 1; a header is row 1. Lines that are skipped do not count. */
  firstRow: number;
}

/** How a CSV text is scanned. */
export interface CsvScanOptions {
  dialect: Required<CsvDialect>;
  /** What the text is, for messages: the path of a file. */
  name: string;
  /** Whether an empty line of a text with one column is a row with a null. Otherwise, empty lines are skipped. */
  emptyLines: 'row' | 'skip';
  /** The number of the first row, where lines before it are not read. @default 1 */
  firstRow?: number;
}

/** A CSV text that cannot be read. */
export class CsvError extends ArgumentError {
  override readonly name = 'CsvError';
}

const lineFeed = 10;
const carriageReturn = 13;
/** Bytes of a row; a row of a table has at most about 16 million characters. */
const maxRowBytes = 64 * 1024 * 1024;
/** Cells of a row; a table has at most 152 columns. */
const maxRowCells = 10_000;
/** Longer chunks are scanned piece by piece: offsets have 28 bits. */
const maxPieceBytes = 1024 * 1024;

/**
 * Finds the cells of a CSV text as it arrives. Rows that are incomplete at the end of a chunk are completed by the next ones.
 *
 * @throws {@link CsvError} for rows of different lengths, an unclosed quote, text after a quote, a quote inside of text, and
 * text that is not UTF-8.
 */
export async function* scanCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvScanOptions,
): AsyncGenerator<CsvBatch> {
  const scanner = new CsvScanner(options);
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += maxPieceBytes) {
      const batch = scanner.push(chunk.subarray(from, from + maxPieceBytes));
      if (batch !== undefined) yield batch;
    }
  }
  const batch = scanner.end();
  if (batch !== undefined) yield batch;
}

/** The state of {@link scanCsv} between chunks. */
export class CsvScanner {
  readonly #options: CsvScanOptions;
  readonly #codes: CsvCodes;
  #buffer = Buffer.allocUnsafeSlow(128 * 1024);
  /** The bytes of the buffer that are not part of a row yet. */
  #from = 0;
  #to = 0;
  /** The rest is scanned again only when it has this length, so that a long row takes linear time. */
  #scanAt = 0;
  #atStart = true;
  #cells = new Int32Array(8192);
  #rows = 0;
  #width = 0;
  #rowNumber: number;

  constructor(options: CsvScanOptions) {
    this.#options = options;
    this.#rowNumber = options.firstRow ?? 1;
    const { separator, quote, escape } = options.dialect;
    this.#codes = {
      separator: separator.charCodeAt(0),
      quote: quote.charCodeAt(0),
      escape: escape.charCodeAt(0),
    };
  }

  /** Takes the next bytes, at most 1 MiB; returns the rows that are complete, if any. */
  push(piece: Uint8Array): CsvBatch | undefined {
    this.#add(piece);
    // A byte order mark has three bytes.
    if (this.#to < Math.max(this.#scanAt, 3)) return undefined;
    return this.#scan(false);
  }

  /** Returns the last rows, if any. */
  end(): CsvBatch | undefined {
    this.#add(Buffer.alloc(0));
    return this.#to === 0 ? undefined : this.#scan(true);
  }

  /** Moves the rest to the beginning of the buffer, and copies new bytes after it: their owner may use the memory again. */
  #add(piece: Uint8Array): void {
    const rest = this.#buffer.subarray(this.#from, this.#to);
    const length = rest.length + piece.length;
    if (length > this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#buffer.length));
    }
    this.#buffer.set(rest);
    this.#buffer.set(piece, rest.length);
    this.#from = 0;
    this.#to = length;
  }

  #scan(isEnd: boolean): CsvBatch | undefined {
    const bytes = this.#buffer.subarray(0, this.#to);
    if (this.#atStart) this.#skipMark(bytes);
    const firstRow = this.#rowNumber;
    const start = this.#from;
    this.#rows = 0;
    this.#from = this.#scanRows(bytes, start, isEnd);
    const rest = this.#to - this.#from;
    if (rest > maxRowBytes) {
      throw this.#error(`has more than ${maxRowBytes} bytes: is a quote not closed?`);
    }
    this.#scanAt = 2 * rest;
    const scanned = bytes.subarray(start, this.#from);
    if (!isAscii(scanned) && !isUtf8(scanned)) throw this.#notUtf8(bytes, firstRow);
    if (this.#rows === 0) return undefined;
    return { bytes, cells: this.#cells, rowCount: this.#rows, width: this.#width, firstRow };
  }

  #skipMark(bytes: Buffer): void {
    this.#atStart = false;
    const [first, second, third] = bytes;
    const isUtf16 =
      (first === 0xff && second === 0xfe) ||
      (first === 0xfe && second === 0xff) ||
      // Without a mark, one byte of each ASCII character is zero.
      first === 0 ||
      second === 0;
    if (isUtf16) {
      throw new CsvError(
        `${this.#options.name} is not UTF-8 text, but UTF-16 or no text at all. Convert it to UTF-8.`,
      );
    }
    if (first === 0xef && second === 0xbb && third === 0xbf) this.#from = 3;
  }

  /** Finds the cells of complete rows; returns where the incomplete row begins. */
  #scanRows(bytes: Buffer, start: number, isEnd: boolean): number {
    const codes = this.#codes;
    const { length } = bytes;
    let rowStart = start;
    let rowCell = 0;
    let cell = 0;
    let position = start;
    while (position < length) {
      const isQuoted = bytes[position] === codes.quote;
      const from = isQuoted ? position + 1 : position;
      const found = isQuoted
        ? quotedCell(bytes, from, length, codes)
        : plainCell(bytes, from, length, codes);
      if (cell - rowCell >= maxRowCells) throw this.#error(`has more than ${maxRowCells} cells`);
      if (found < 0) {
        if (found === strayQuote)
          throw this.#error('has a quote inside a cell that does not begin with one');
        if (isEnd) throw this.#error('has a quote that is not closed');
        return rowStart;
      }
      this.#put(cell, from, found);
      cell += 1;
      position = found >> flagBits;
      if (isQuoted) position += 1;
      // More of the cell may follow; at the end, the last row may lack its line end.
      if (position >= length && !isEnd) return rowStart;
      const code = bytes[position];
      if (code === codes.separator) {
        position += 1;
        if (position < length) continue;
        if (!isEnd) return rowStart;
        this.#put(cell, position, position << flagBits);
        cell += 1;
      } else {
        position = this.#afterRow(bytes, position, isEnd);
        if (position < 0) return rowStart;
      }
      cell = this.#endRow(rowCell, cell);
      rowCell = cell;
      rowStart = position;
    }
    return rowStart;
  }

  /** Where the next row begins; {@link incomplete} when a line feed may follow a carriage return. */
  #afterRow(bytes: Buffer, position: number, isEnd: boolean): number {
    const { length } = bytes;
    if (position >= length) return length;
    const code = bytes[position];
    if (code === lineFeed) return position + 1;
    if (code !== carriageReturn) throw this.#error('has text after a cell in quotes');
    if (position + 1 >= length && !isEnd) return incomplete;
    return bytes[position + 1] === lineFeed ? position + 2 : position + 1;
  }

  /** Checks the cells of a row; returns the index of the next cell. */
  #endRow(first: number, end: number): number {
    const width = end - first;
    const isEmptyLine =
      width === 1 && this.#cells[2 * first + 1] === (this.#cells[2 * first] ?? 0) << flagBits;
    if (isEmptyLine && (this.#width !== 1 || this.#options.emptyLines === 'skip')) return first;
    if (this.#width === 0) this.#width = width;
    if (width !== this.#width) {
      throw this.#error(`has ${width} cells, the first row has ${this.#width}`);
    }
    this.#rows += 1;
    this.#rowNumber += 1;
    return end;
  }

  #put(cell: number, start: number, packed: number): void {
    const index = 2 * cell;
    if (index + 2 > this.#cells.length) {
      const larger = new Int32Array(2 * this.#cells.length);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells[index] = start;
    this.#cells[index + 1] = packed;
  }

  #notUtf8(bytes: Buffer, firstRow: number): CsvError {
    const offset = (cell: number): number => this.#cells[2 * cell] ?? 0;
    let row = 0;
    while (row + 1 < this.#rows) {
      const next = offset((row + 1) * this.#width);
      if (!isUtf8(bytes.subarray(offset(row * this.#width), next))) break;
      row += 1;
    }
    return new CsvError(
      `Row ${firstRow + row} of ${this.#options.name} is not UTF-8 text. Convert the file to UTF-8.`,
    );
  }

  #error(what: string): CsvError {
    return new CsvError(`Row ${this.#rowNumber} of ${this.#options.name} ${what}.`);
  }
}
