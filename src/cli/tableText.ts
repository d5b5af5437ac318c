import { printable } from './printable.js';
import { cutColumns, textWidth } from './textWidth.js';

/** A column of a table for people. */
export interface TextColumn {
  name: string;
  isNumber: boolean;
}

/** A cell: its text, or `null` for none. */
export type TextCell = string | null;

/** The columns that a text gets at least. */
const narrowest = 8;
const gap = '  ';

/**
 * Formats rows as an aligned table for a terminal. Rows come in batches, so that a long table appears while it is read; a column
 * that a later batch needs to be wider becomes wider. Texts that do not fit are cut, and end in `…`.
 *
 * NULL stands for no value. Texts that could be mistaken for something else are in quotes, as in JSON: the empty text, the text
 * NULL, texts with spaces at an end, and with line ends and other characters that cannot be shown.
 */
export class TableText {
  readonly #columns: readonly TextColumn[];
  readonly #available: number;
  #widths: number[] = [];
  #hasCut = false;

  /** @param available - The number of columns of the terminal. */
  constructor(columns: readonly TextColumn[], available: number) {
    this.#columns = columns;
    this.#available = available;
  }

  /** Whether a cell was cut. */
  get hasCut(): boolean {
    return this.#hasCut;
  }

  /** The lines of the next rows; before the first ones, the names of the columns. */
  lines(rows: readonly (readonly TextCell[])[]): string[] {
    const isFirst = this.#widths.length === 0;
    const names = this.#columns.map(({ name }) => printable(name));
    const table = [
      ...(isFirst ? [names] : []),
      ...rows.map((row) => row.map((cell) => this.#cellText(cell))),
    ];
    const widest = this.#columns.map((_, index) =>
      Math.max(this.#widths[index] ?? 0, ...table.map((line) => textWidth(line[index] ?? ''))),
    );
    const cap = this.#widestText(widest);
    this.#widths = widest.map((width, index) =>
      this.#columns[index]?.isNumber === true ? width : Math.min(width, cap),
    );
    const lines = table.map((line) => this.#line(line));
    return isFirst
      ? [
          lines[0] ?? '',
          this.#widths.map((width) => '-'.repeat(width)).join(gap),
          ...lines.slice(1),
        ]
      : lines;
  }

  #cellText(cell: TextCell): string {
    if (cell === null) return 'NULL';
    // Only the beginning of a long text is shown. The rest would take time to measure.
    const isLong = cell.length > this.#available;
    const shown = isLong ? cell.slice(0, this.#available) : cell;
    const safe = printable(shown);
    const isPlain =
      safe === shown &&
      shown !== '' &&
      shown !== 'NULL' &&
      shown.trim() === shown &&
      shown[0] !== '"';
    if (isLong) this.#hasCut = true;
    return (isPlain ? safe : printable(JSON.stringify(shown))) + (isLong ? '…' : '');
  }

  /** The widest that texts may be, so that all columns fit. Numbers are never cut. */
  #widestText(widths: readonly number[]): number {
    const gaps = gap.length * (widths.length - 1);
    const numbers = widths.filter((_, index) => this.#columns[index]?.isNumber === true);
    const texts = widths.filter((_, index) => this.#columns[index]?.isNumber !== true);
    const available = this.#available - gaps - sum(numbers);
    let cap = Math.max(narrowest, this.#available);
    while (cap > narrowest && sum(texts.map((width) => Math.min(width, cap))) > available) cap -= 1;
    return cap;
  }

  #line(cells: readonly string[]): string {
    return this.#columns
      .map(({ isNumber }, index) => {
        const width = this.#widths[index] ?? 0;
        const cell = this.#fit(cells[index] ?? '', width);
        const space = ' '.repeat(Math.max(0, width - textWidth(cell)));
        return isNumber ? space + cell : cell + space;
      })
      .join(gap)
      .trimEnd();
  }

  #fit(text: string, width: number): string {
    if (textWidth(text) <= width) return text;
    this.#hasCut = true;
    return cutColumns(text, width);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
