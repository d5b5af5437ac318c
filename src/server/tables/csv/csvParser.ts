import type { CsvFormat } from './csvFormat.js';

/** A row: an empty cell is `null`, an empty cell in quotes is `''`. */
export type CsvRow = (string | null)[];

/** Maximum number of characters of a row. The longest row of a table has 16 million. */
const maxRowCharacters = 20 * 1024 * 1024;
/** Maximum number of characters of a cell, about twice that of the longest text of a table. */
const maxCellCharacters = 1024 * 1024;
/** Maximum number of cells of a row; a table has at most 152 columns. */
const maxCells = 10_000;

const lineFeed = 10;
const carriageReturn = 13;

/** Thrown for a row or a cell that is too long, usually because of an unclosed quote. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

/**
 * Splits CSV text into rows as it arrives. Inside and outside of quotes, an escape character before
 * a quote or another escape makes it literal; elsewhere it is literal itself. Two quotes inside of
 * quotes are one.
 */
export class CsvParser {
  readonly #separator: number;
  readonly #quote: number;
  readonly #escape: number;
  #skip: number;
  /** Text of the incomplete row. */
  #rest = '';
  /** Whether a byte order mark is possible at the current position. */
  #atStart = true;

  /** @param linesToSkip number of lines to skip at the start */
  constructor(format: CsvFormat, linesToSkip = 0) {
    this.#separator = format.separator.charCodeAt(0);
    this.#quote = format.quote.charCodeAt(0);
    this.#escape = format.escape.charCodeAt(0);
    this.#skip = linesToSkip;
  }

  /** Parses the next chunk of text and returns the complete rows. @throws CsvError */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    const end = this.#parse(this.#rest + this.#withoutMark(text), rows, false);
    if (end.length > maxRowCharacters) {
      throw new CsvError('A row of the file is too long: is a quote not closed?');
    }
    this.#rest = end;
    return rows;
  }

  /** Returns the last row, which may lack its line end. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    this.#rest = this.#parse(this.#rest, rows, true);
    return rows;
  }

  #withoutMark(text: string): string {
    if (!this.#atStart || text === '') {
      return text;
    }
    this.#atStart = false;
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  /** Parses rows of `text` and returns the text of the incomplete row. */
  #parse(text: string, rows: CsvRow[], isEnd: boolean): string {
    let start = 0;
    while (start < text.length) {
      const row: CsvRow = [];
      const next =
        this.#skip > 0 ? skipLine(text, start, isEnd) : this.#row(text, start, row, isEnd);
      if (next < 0) {
        return text.slice(start);
      }
      if (this.#skip > 0) {
        this.#skip -= 1;
      } else if (row.length > 1 || row[0] !== null) {
        rows.push(row);
      }
      start = next;
    }
    return '';
  }

  /** Reads one row; returns where the next one starts, or -1 when the text ends within it. */
  #row(text: string, start: number, row: CsvRow, isEnd: boolean): number {
    let position = start;
    for (;;) {
      const cell = this.#cell(text, position, isEnd);
      if (cell === undefined) {
        return -1;
      }
      if (row.push(cell.value) > maxCells) {
        throw new CsvError(`A row of the file has more than ${maxCells} cells.`);
      }
      position = cell.end;
      if (position >= text.length) {
        return isEnd ? position : -1;
      }
      if (text.charCodeAt(position) !== this.#separator) {
        return lineEndAfter(text, position, isEnd);
      }
      position += 1;
    }
  }

  #cell(
    text: string,
    start: number,
    isEnd: boolean,
  ): { value: string | null; end: number } | undefined {
    let end = start;
    for (; end < text.length; end += 1) {
      if (end - start > maxCellCharacters) throw cellTooLong();
      const code = text.charCodeAt(end);
      if (code === this.#separator || code === lineFeed || code === carriageReturn) {
        return { value: end === start ? null : text.slice(start, end), end };
      }
      if (code === this.#quote || code === this.#escape) {
        return this.#quotedCell(text, start, end, isEnd);
      }
    }
    return isEnd ? { value: end === start ? null : text.slice(start), end } : undefined;
  }

  /** A cell with quotes or escapes; `from` is the first of them. */
  #quotedCell(
    text: string,
    start: number,
    from: number,
    isEnd: boolean,
  ): { value: string; end: number } | undefined {
    let value = text.slice(start, from);
    let inQuotes = false;
    let position = from;
    // Text is copied in pieces. `pieceStart` is the start of the current one.
    let pieceStart = from;
    for (; position < text.length; position += 1) {
      if (position - start > 2 * maxCellCharacters) throw cellTooLong();
      const code = text.charCodeAt(position);
      const isEscape =
        code === this.#escape &&
        this.#escape !== this.#quote &&
        this.#isEscapable(text, position + 1);
      const isDoubled =
        inQuotes && code === this.#quote && text.charCodeAt(position + 1) === this.#quote;
      if (isEscape || isDoubled) {
        value += text.slice(pieceStart, position);
        pieceStart = position + 1;
        position += 1;
      } else if (code === this.#quote) {
        if (inQuotes && position + 1 >= text.length && !isEnd) {
          return undefined;
        }
        value += text.slice(pieceStart, position);
        pieceStart = position + 1;
        inQuotes = !inQuotes;
      } else if (
        !inQuotes &&
        (code === this.#separator || code === lineFeed || code === carriageReturn)
      ) {
        return { value: value + text.slice(pieceStart, position), end: position };
      }
    }
    return isEnd ? { value: value + text.slice(pieceStart), end: position } : undefined;
  }

  #isEscapable(text: string, position: number): boolean {
    const code = text.charCodeAt(position);
    return code === this.#quote || code === this.#escape;
  }
}

function cellTooLong(): CsvError {
  return new CsvError(
    `A cell of the file has more than ${maxCellCharacters} characters: is a quote not closed?`,
  );
}

function skipLine(text: string, start: number, isEnd: boolean): number {
  for (let position = start; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === lineFeed || code === carriageReturn) {
      return lineEndAfter(text, position, isEnd);
    }
  }
  return isEnd ? text.length : -1;
}

/** Where the next line starts; -1 when a line feed may still follow a carriage return. */
function lineEndAfter(text: string, position: number, isEnd: boolean): number {
  if (text.charCodeAt(position) === lineFeed) {
    return position + 1;
  }
  if (position + 1 >= text.length) {
    return isEnd ? position + 1 : -1;
  }
  return text.charCodeAt(position + 1) === lineFeed ? position + 2 : position + 1;
}
