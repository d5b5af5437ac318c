import type { CsvDialect } from './csvDialect.js';
import { cellFlags, flagBits } from './cellFlags.js';
import type { CsvBatch } from './csvScanner.js';

/** The longest part of a text that V8 copies; of longer ones it keeps the whole text in memory. */
const longestCopied = 12;

/** Reads the text of cells of a batch: `null` for an empty cell, `''` for an empty cell in quotes. */
export type CellText = (cell: number) => string | null;

/**
 * Returns the reader of the cells of a batch.
 *
 * @returns A function of the index of a cell: `row * batch.width + column`.
 */
export function cellTexts(batch: CsvBatch, dialect: Required<CsvDialect>): CellText {
  const { bytes, cells } = batch;
  const all = bytes.toString('latin1');
  return (cell) => {
    const start = cells[2 * cell] ?? 0;
    const packed = cells[2 * cell + 1] ?? 0;
    const end = packed >> flagBits;
    if (start === end) return (packed & cellFlags.quoted) === 0 ? null : '';
    if ((packed & (cellFlags.wide | cellFlags.escaped)) === 0) {
      return end - start > longestCopied
        ? bytes.toString('latin1', start, end)
        : all.slice(start, end);
    }
    const text = bytes.toString('utf8', start, end);
    return (packed & cellFlags.escaped) === 0 ? text : unescape(text, dialect);
  };
}

/** The text of one cell of a batch: `null` for an empty cell, `''` for an empty cell in quotes. */
export function cellText(
  { bytes, cells }: CsvBatch,
  cell: number,
  dialect: Required<CsvDialect>,
): string | null {
  const start = cells[2 * cell] ?? 0;
  const packed = cells[2 * cell + 1] ?? 0;
  const end = packed >> flagBits;
  if (start === end && (packed & cellFlags.quoted) === 0) return null;
  const text = bytes.toString('utf8', start, end);
  return (packed & cellFlags.escaped) === 0 ? text : unescape(text, dialect);
}

/** Removes the first of each pair of quotes, and each escape character before a quote or another one. */
function unescape(text: string, { quote, escape }: Required<CsvDialect>): string {
  let result = '';
  let from = 0;
  for (let index = 0; index < text.length - 1; index += 1) {
    const character = text.charAt(index);
    if (character !== quote && character !== escape) continue;
    const next = text.charAt(index + 1);
    if (next !== quote && next !== escape) continue;
    result += text.slice(from, index);
    from = index + 1;
    index += 1;
  }
  return result + text.slice(from);
}
