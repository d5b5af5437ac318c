import type { CsvFormat } from './csvFormat.js';

/** A row: an empty cell is `null`, an empty cell in quotes is `''`. */
export type CsvRow = (string | null)[];

/** Maximum number of characters of a row. The longest row of a table has 16 million. */
const maxRowCharacters = 20 * 1024 * 1024;
/** Maximum number of characters of a cell, about twice that of the longest text of a table. */
const maxCellCharacters = 1024 * 1024;
/** Maximum number of cells of a row; a table has at most 152 columns. */
const maxCells = 10_000;

const lineFeed = '\n';
const carriageReturn = '\r';
const byteOrderMark = '\ufeff';

/** Thrown for a row or a cell that is too long, usually because of an unclosed quote. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

/**
 * Splits CSV text into rows as it arrives, as the service does. Only line ends inside of quotes stay
 * as they are: the service turns each into a line feed, and drops empty lines there too.
 *
 * - A quote opens or closes quotes only next to a separator or an end of the line. Elsewhere it is
 *   text. Blanks before an opening quote are dropped. Two quotes inside of quotes are one.
 * - An escape character inside of a cell makes a quote or another escape literal. Any other is
 *   dropped.
 * - Empty lines are dropped.
 * - When the text ends inside of quotes, the cells before them are the last row.
 */
export class CsvParser {
  readonly #line: LineReader;
  #skip: number;
  /** Pieces of the incomplete line. */
  #pieces: string[] = [];
  #length = 0;
  /** A carriage return at the end of the text so far, which a line feed may follow. */
  #held = '';

  /** @param linesToSkip number of lines to skip at the start */
  constructor(format: CsvFormat, linesToSkip = 0) {
    this.#line = new LineReader(format);
    this.#skip = linesToSkip;
  }

  /** Parses the next chunk of text and returns the complete rows. @throws CsvError */
  push(chunk: string): CsvRow[] {
    const whole = this.#held + chunk;
    this.#held = whole.endsWith(carriageReturn) ? carriageReturn : '';
    const text = this.#held === '' ? whole : whole.slice(0, -1);
    const rows: CsvRow[] = [];
    let start = 0;
    for (let end = lineEnd(text, start); end < text.length; end = lineEnd(text, start)) {
      const isPair = text.startsWith(carriageReturn + lineFeed, end);
      const next = end + (isPair ? 2 : 1);
      this.#pieces.push(text.slice(start, end));
      this.#endLine(rows, text.slice(end, next));
      start = next;
    }
    this.#keep(text.slice(start));
    return rows;
  }

  /** Returns the last row, which may lack its line end or its closing quote. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    this.#endLine(rows, this.#held);
    const last = this.#line.unfinished();
    return last === undefined ? rows : [...rows, last];
  }

  #keep(piece: string): void {
    if (piece !== '') {
      this.#pieces.push(piece);
      this.#length += piece.length;
      if (this.#length > maxRowCharacters) {
        throw rowTooLong();
      }
    }
  }

  #endLine(rows: CsvRow[], ending: string): void {
    const line = this.#pieces.length === 1 ? (this.#pieces[0] ?? '') : this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    if (this.#skip > 0) {
      this.#skip -= 1;
      return;
    }
    const isNothing = line === '' && !this.#line.isOpen;
    const row = isNothing ? undefined : this.#line.read(line, ending);
    if (row !== undefined) {
      rows.push(row);
    }
  }
}

/** The position of the next line feed or carriage return, or the length of the text. */
function lineEnd(text: string, start: number): number {
  for (let position = start; position < text.length; position += 1) {
    const character = text.charCodeAt(position);
    if (character === 10 || character === 13) {
      return position;
    }
  }
  return text.length;
}

/** Reads lines. A row has several when a cell in quotes has line ends. */
class LineReader {
  readonly #separator: string;
  readonly #quote: string;
  readonly #escape: string;
  /** Cells of the lines before of the current row. */
  #cells: CsvRow = [];
  #characters = 0;
  /** Text of a cell whose quotes are not closed yet. */
  #pending: string | undefined;

  constructor({ separator, quote, escape }: CsvFormat) {
    this.#separator = separator;
    this.#quote = quote;
    this.#escape = escape;
  }

  /** Whether the line before ended inside of quotes. */
  get isOpen(): boolean {
    return this.#pending !== undefined;
  }

  /** The row that ends with a line, if one does. @throws CsvError */
  read(line: string, ending: string): CsvRow | undefined {
    const text = line.startsWith(byteOrderMark) ? line.slice(1) : line;
    this.#characters += text.length;
    if (this.#characters > maxRowCharacters) {
      throw rowTooLong();
    }
    if (
      this.#pending === undefined &&
      !text.includes(this.#quote) &&
      !text.includes(this.#escape)
    ) {
      for (const cell of text.split(this.#separator)) {
        this.#add(cell === '' ? null : cell);
      }
    } else {
      this.#readQuoted(text, ending);
    }
    return this.#pending === undefined ? this.#take() : undefined;
  }

  /** The cells before quotes that are never closed. */
  unfinished(): CsvRow | undefined {
    this.#pending = undefined;
    return this.#cells.length === 0 ? undefined : this.#take();
  }

  #take(): CsvRow {
    const row = this.#cells;
    this.#cells = [];
    this.#characters = 0;
    return row;
  }

  #add(cell: string | null): void {
    if ((cell?.length ?? 0) > maxCellCharacters) {
      throw new CsvError(
        `A cell of the file has more than ${maxCellCharacters} characters: is a quote not closed?`,
      );
    }
    if (this.#cells.push(cell) > maxCells) {
      throw new CsvError(`A row of the file has more than ${maxCells} cells.`);
    }
  }

  #readQuoted(text: string, ending: string): void {
    const cell = new CellText(this.#pending);
    this.#pending = undefined;
    let position = 0;
    while (position < text.length) {
      const character = text.charAt(position);
      if (character === this.#escape) {
        position += this.#readEscape(text, position, cell);
      } else if (character === this.#quote) {
        position += this.#readQuote(text, position, cell);
      } else if (character === this.#separator && !cell.inQuotes) {
        this.#add(cell.take());
        position += 1;
      } else {
        const end = this.#plainEnd(text, position + 1, cell.inQuotes);
        cell.append(text.slice(position, end));
        cell.inField = true;
        position = end;
      }
    }
    if (cell.inQuotes) {
      this.#pending = `${cell.take() ?? ''}${ending}`;
    } else {
      this.#add(cell.take());
    }
  }

  /** Where the characters without a meaning of their own end. */
  #plainEnd(text: string, start: number, inQuotes: boolean): number {
    let position = start;
    while (position < text.length) {
      const character = text.charAt(position);
      if (
        character === this.#quote ||
        character === this.#escape ||
        (character === this.#separator && !inQuotes)
      ) {
        break;
      }
      position += 1;
    }
    return position;
  }

  /** Reads an escape; returns the number of characters. */
  #readEscape(text: string, position: number, cell: CellText): number {
    const next = text.charAt(position + 1);
    const isLiteral = next !== '' && (next === this.#quote || next === this.#escape);
    if (!isLiteral || !(cell.inQuotes || cell.inField)) {
      return 1;
    }
    cell.append(next);
    return 2;
  }

  /** Reads a quote; returns the number of characters. */
  #readQuote(text: string, position: number, cell: CellText): number {
    const next = text.charAt(position + 1);
    if (cell.inQuotes && next === this.#quote) {
      cell.append(next);
      return 2;
    }
    const opens = position === 0 || text.charAt(position - 1) === this.#separator;
    const closes = (cell.inQuotes || cell.inField) && (next === '' || next === this.#separator);
    if (!opens && !closes && !cell.dropBlanks()) {
      cell.append(this.#quote);
    } else {
      cell.toggle();
    }
    return 1;
  }
}

/** The text of a cell as it is read. */
class CellText {
  inQuotes: boolean;
  inField = false;
  #text: string;
  #isNull: boolean;

  /** @param pending the text of the lines before, whose quotes are still open */
  constructor(pending: string | undefined) {
    this.inQuotes = pending !== undefined;
    this.#text = pending ?? '';
    this.#isNull = pending === undefined;
  }

  append(text: string): void {
    this.#text += text;
    this.#isNull = false;
  }

  /** Drops the text before a quote if it is blank; returns whether it was. */
  dropBlanks(): boolean {
    if (this.#text === '' || this.#text.trim() !== '') {
      return false;
    }
    this.#text = '';
    return true;
  }

  /** Opens or closes quotes. */
  toggle(): void {
    this.inQuotes = !this.inQuotes;
    this.inField = !this.inField;
    if (this.inQuotes || this.inField) {
      this.#isNull = false;
    }
  }

  /** Ends the cell and begins the next one. */
  take(): string | null {
    const text = this.#isNull ? null : this.#text;
    this.#text = '';
    this.#isNull = true;
    this.inField = false;
    return text;
  }
}

function rowTooLong(): CsvError {
  return new CsvError('A row of the file is too long: is a quote not closed?');
}
