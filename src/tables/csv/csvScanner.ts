import { isUtf8 } from 'node:buffer';
import { ArgumentError } from '../../errors.js';
import type { CsvDialect } from './csvDialect.js';

/** Bits of a cell in {@link CsvBatch.cells}. */
export const cellFlags = {
  /** The cell is in quotes: without characters it is the empty text, not null. */
  quoted: 1,
  /** The cell contains doubled quotes or escape characters. */
  escaped: 2,
  /** The cell contains characters beyond ASCII. */
  wide: 4,
} as const;

/** Number of bits that the flags of a cell take. */
export const flagBits = 3;

/** Complete rows of a CSV text. Valid until the next batch is read. */
export interface CsvBatch {
  bytes: Buffer;
  /**
   * Two numbers a cell, row by row: the offset of its first byte; and the offset after its last byte, shifted left by
   * {@link flagBits}, with its flags.
   */
  cells: Int32Array;
  rowCount: number;
  /** Number of cells of each row. */
  width: number;
  /** The number of the first row, counting from 1; a header is row 1. */
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

/**
 * Finds the cells of a CSV text as it arrives, without copying them. Rows that are incomplete at the end of a chunk are completed
 * by the next ones.
 *
 * @throws {@link CsvError} for rows of different lengths, an unclosed quote, text after a quote, and text that is not UTF-8.
 */
export async function* scanCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvScanOptions,
): AsyncGenerator<CsvBatch> {
  const scanner = new CsvScanner(options);
  for await (const chunk of source) {
    const batch = scanner.push(chunk);
    if (batch !== undefined) yield batch;
  }
  const batch = scanner.end();
  if (batch !== undefined) yield batch;
}

/** The state of {@link scanCsv} between chunks. */
class CsvScanner {
  readonly #options: CsvScanOptions;
  readonly #separator: number;
  readonly #quote: number;
  readonly #escape: number;
  #cells = new Int32Array(1024);
  #count = 0;
  #rows = 0;
  #width = 0;
  #rowNumber: number;
  /** Bytes of the incomplete row, in the chunks in which they came. */
  #rest: Uint8Array[] = [];
  #restLength = 0;
  /** The rest is scanned again only when it has this length, so that a long row takes linear time. */
  #scanAt = 0;
  #atStart = true;

  constructor(options: CsvScanOptions) {
    this.#options = options;
    this.#rowNumber = options.firstRow ?? 1;
    const { separator, quote, escape } = options.dialect;
    this.#separator = separator.charCodeAt(0);
    this.#quote = quote.charCodeAt(0);
    this.#escape = escape.charCodeAt(0);
  }

  push(chunk: Uint8Array): CsvBatch | undefined {
    this.#rest.push(chunk);
    this.#restLength += chunk.length;
    // A byte order mark has three bytes.
    if (this.#restLength < Math.max(this.#scanAt, 3)) return undefined;
    return this.#scanRest(false);
  }

  end(): CsvBatch | undefined {
    return this.#restLength === 0 ? undefined : this.#scanRest(true);
  }

  #scanRest(isEnd: boolean): CsvBatch | undefined {
    const [first] = this.#rest;
    const bytes =
      this.#rest.length === 1 && first !== undefined
        ? Buffer.from(first.buffer, first.byteOffset, first.length)
        : Buffer.concat(this.#rest, this.#restLength);
    const start = this.#atStart ? this.#textStart(bytes) : 0;
    this.#atStart = false;
    const firstRow = this.#rowNumber;
    this.#count = 0;
    this.#rows = 0;
    const end = this.#scan(bytes, start, isEnd);
    this.#keepRest(bytes, end);
    if (!isUtf8(bytes.subarray(start, end))) {
      throw new CsvError(
        `${this.#options.name} is not UTF-8 text (in or after row ${firstRow}). Convert it to UTF-8.`,
      );
    }
    if (this.#rows === 0) return undefined;
    return { bytes, cells: this.#cells, rowCount: this.#rows, width: this.#width, firstRow };
  }

  #textStart(bytes: Buffer): number {
    const isUtf16 =
      (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    if (isUtf16) {
      throw new CsvError(`${this.#options.name} is UTF-16 text. Convert it to UTF-8.`);
    }
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  #keepRest(bytes: Buffer, end: number): void {
    const rest = bytes.subarray(end);
    this.#rest = rest.length === 0 ? [] : [rest];
    this.#restLength = rest.length;
    this.#scanAt = 2 * rest.length;
    if (rest.length > maxRowBytes) {
      throw this.#error('is too long: is a quote not closed');
    }
  }

  /** Finds the cells of complete rows; returns where the incomplete row begins. */
  #scan(bytes: Buffer, from: number, isEnd: boolean): number {
    let rowStart = from;
    let position = from;
    while (position < bytes.length) {
      const countBefore = this.#count;
      const next = this.#row(bytes, position, isEnd);
      if (next < 0) {
        this.#count = countBefore;
        return rowStart;
      }
      this.#endRow(countBefore);
      rowStart = next;
      position = next;
    }
    return rowStart;
  }

  #endRow(countBefore: number): void {
    const width = this.#count - countBefore;
    const lastEnd = this.#cells[2 * countBefore + 1] ?? 0;
    const isEmptyLine =
      width === 1 &&
      (lastEnd & cellFlags.quoted) === 0 &&
      lastEnd >> flagBits === this.#cells[2 * countBefore];
    if (isEmptyLine && (this.#width !== 1 || this.#options.emptyLines === 'skip')) {
      this.#count = countBefore;
      this.#rowNumber += 1;
      return;
    }
    if (this.#width === 0) this.#width = width;
    if (width !== this.#width) {
      throw this.#error(`has ${width} cells, the first row has ${this.#width}`);
    }
    this.#rows += 1;
    this.#rowNumber += 1;
  }

  /** Finds the cells of one row; returns where the next one begins, or -1 when the row is incomplete. */
  #row(bytes: Buffer, start: number, isEnd: boolean): number {
    const { length } = bytes;
    let position = start;
    for (;;) {
      position =
        bytes[position] === this.#quote
          ? this.#quotedCell(bytes, position + 1, isEnd)
          : this.#plainCell(bytes, position);
      if (position < 0) return -1;
      if (position >= length) return isEnd ? length : -1;
      const code = bytes[position];
      if (code === this.#separator) {
        position += 1;
        if (position < length) continue;
        if (!isEnd) return -1;
        this.#add(position, position, 0);
        return length;
      }
      if (code === lineFeed) return position + 1;
      // A carriage return; a line feed may follow.
      if (position + 1 < length)
        return bytes[position + 1] === lineFeed ? position + 2 : position + 1;
      return isEnd ? length : -1;
    }
  }

  #plainCell(bytes: Buffer, start: number): number {
    const separator = this.#separator;
    const quote = this.#quote;
    const escape = this.#escape;
    const { length } = bytes;
    let seen = 0;
    let flags = 0;
    let end = start;
    for (; end < length; end += 1) {
      const code = bytes[end] ?? 0;
      if (code === separator || code === lineFeed || code === carriageReturn) break;
      seen |= code;
      if (code === quote)
        throw this.#error('has a quote inside a cell that does not begin with one');
      if (code === escape && this.#isEscapable(bytes[end + 1])) {
        flags |= cellFlags.escaped;
        end += 1;
      }
    }
    end = Math.min(end, length);
    this.#add(start, end, seen > 0x7f ? flags | cellFlags.wide : flags);
    return end;
  }

  #quotedCell(bytes: Buffer, start: number, isEnd: boolean): number {
    const quote = this.#quote;
    const escape = this.#escape;
    const { length } = bytes;
    let seen = 0;
    let flags: number = cellFlags.quoted;
    for (let end = start; end < length; end += 1) {
      const code = bytes[end] ?? 0;
      seen |= code;
      if (code === quote) {
        if (end + 1 >= length && !isEnd) return -1;
        if (bytes[end + 1] !== quote) {
          this.#add(start, end, seen > 0x7f ? flags | cellFlags.wide : flags);
          this.#checkAfterQuote(bytes[end + 1]);
          return end + 1;
        }
        flags |= cellFlags.escaped;
        end += 1;
      } else if (code === escape && this.#isEscapable(bytes[end + 1])) {
        flags |= cellFlags.escaped;
        end += 1;
      }
    }
    if (isEnd) throw this.#error('has a quote that is not closed');
    return -1;
  }

  #isEscapable(code: number | undefined): boolean {
    return code === this.#quote || code === this.#escape;
  }

  #checkAfterQuote(code: number | undefined): void {
    const isEnd =
      code === undefined ||
      code === this.#separator ||
      code === lineFeed ||
      code === carriageReturn;
    if (!isEnd) throw this.#error('has text after a cell in quotes');
  }

  #add(start: number, end: number, flags: number): void {
    const index = 2 * this.#count;
    if (index + 2 > this.#cells.length) {
      const larger = new Int32Array(2 * this.#cells.length);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells[index] = start;
    this.#cells[index + 1] = (end << flagBits) | flags;
    this.#count += 1;
  }

  #error(what: string): CsvError {
    return new CsvError(`Row ${this.#rowNumber} of ${this.#options.name} ${what}.`);
  }
}
