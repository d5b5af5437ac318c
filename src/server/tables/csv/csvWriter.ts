import type { CsvFormat } from './csvFormat.js';

/** Writes rows as CSV text as the service does: every cell except empty ones in quotes. */
export class CsvWriter {
  readonly #format: CsvFormat;
  readonly #doubled: RegExp;

  constructor(format: CsvFormat) {
    this.#format = format;
    const { quote, escape } = format;
    this.#doubled = new RegExp(`[${literal(quote)}${literal(escape)}]`, 'g');
  }

  /**
   * A row with its line end. A `null` cell is written as empty, an empty text as a pair of quotes.
   */
  row(cells: readonly (string | null)[]): string {
    const { escape, quote, separator, lineEnd } = this.#format;
    let line = '';
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index];
      if (index > 0) {
        line += separator;
      }
      if (cell !== null && cell !== undefined) {
        // Quotes are always doubled. The escape character only escapes itself.
        const isPlain = !cell.includes(quote) && !cell.includes(escape);
        line += quote + (isPlain ? cell : cell.replace(this.#doubled, '$&$&')) + quote;
      }
    }
    return line + lineEnd;
  }
}

function literal(character: string): string {
  return character.replace(/[\\\]^-]/g, '\\$&');
}
