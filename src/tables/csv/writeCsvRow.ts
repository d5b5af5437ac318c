import type { CsvDialect } from './csvDialect.js';

/**
 * Writes a row of a CSV text: a `null` as an empty cell, the empty text in quotes, so that both stay what they are.
 *
 * @param cells - As texts, in the order of the columns.
 */
export function writeCsvRow(
  cells: readonly (string | null)[],
  dialect: Required<CsvDialect>,
): string {
  let line = '';
  for (const [index, cell] of cells.entries()) {
    if (index > 0) line += dialect.separator;
    if (cell !== null) line += csvCell(cell, dialect);
  }
  return line + dialect.lineEnd;
}

function csvCell(text: string, { separator, quote, escape }: Required<CsvDialect>): string {
  const isPlain =
    text !== '' &&
    !text.includes(quote) &&
    !text.includes(separator) &&
    !text.includes(escape) &&
    !text.includes('\n') &&
    !text.includes('\r') &&
    text.trim() === text;
  if (isPlain) return text;
  const escaped = text.replaceAll(escape, escape + escape);
  return quote + (escape === quote ? escaped : escaped.replaceAll(quote, quote + quote)) + quote;
}
