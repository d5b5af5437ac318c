import type { CsvFormat } from './csvFormat.js';

/** Writes rows as CSV text. */
export class CsvWriter {
  readonly #format: CsvFormat;
  readonly #special: RegExp;
  readonly #escaped: RegExp;

  constructor(format: CsvFormat) {
    this.#format = format;
    const { separator, quote, escape, lineEnd } = format;
    const characters = [separator, quote, escape, '\r', '\n', ...Array.from(lineEnd)];
    this.#special = new RegExp(`[${characters.map(literal).join('')}]|^\\s|\\s$`);
    this.#escaped = new RegExp(`[${literal(quote)}${literal(escape)}]`, 'g');
  }

  /** A row with its line end. A `null` cell is empty, an empty text is a pair of quotes. */
  row(cells: readonly (string | null)[]): string {
    let line = '';
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index];
      if (index > 0) {
        line += this.#format.separator;
      }
      if (cell !== null && cell !== undefined) {
        line += this.#cell(cell);
      }
    }
    return line + this.#format.lineEnd;
  }

  #cell(text: string): string {
    if (text !== '' && !this.#special.test(text)) {
      return text;
    }
    const { quote, escape } = this.#format;
    return quote + text.replace(this.#escaped, `${escape === '$' ? '$$' : escape}$&`) + quote;
  }
}

function literal(character: string): string {
  return character.replace(/[\\\]^-]/g, '\\$&');
}
