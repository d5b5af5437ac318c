import { cutColumns, padColumns, textWidth } from './textWidth.js';

export interface AlignOptions {
  /** The width that each column has at least. It is set to what the rows need. */
  widths?: number[];
  /** The columns of the terminal. @default lines of any length */
  available?: number | undefined;
  /** The columns with numbers, which are aligned at their ends. */
  numbers?: readonly number[];
}

const gap = '  ';
/** What is before the last cell of a row where it has a line of its own. */
const indent = '    ';
/** A longer column is shortened where a row does not fit, as is one of several words. */
const longestWord = 24;
/** The columns that a shortened text has at least. */
const narrowest = 12;

/**
 * Lines with cells padded to the same width. Where a row does not fit on the terminal, the longest texts are cut, and end in `…`;
 * ids, numbers and times are not. If that is not enough, the last cell has a line of its own.
 */
export function alignedLines(
  rows: readonly (readonly string[])[],
  { widths = [], available = Infinity, numbers = [] }: AlignOptions = {},
): string[] {
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, textWidth(cell))));
  }
  const isLong = widths.map(
    (width, index) => width > longestWord || rows.some((row) => row[index]?.includes(' ')),
  );
  const fitted = fittedWidths(widths, isLong, available);
  const isBelow = rowWidth(fitted) > available && fitted.length > 1;
  const shown = isBelow
    ? fittedWidths(widths.slice(0, -1), isLong.slice(0, -1), available)
    : fitted;
  const aligned = (cell: string, index: number): string => {
    const width = shown[index] ?? 0;
    const text = cutColumns(cell, width);
    return numbers.includes(index)
      ? ' '.repeat(Math.max(0, width - textWidth(text))) + text
      : padColumns(text, width);
  };
  return rows.flatMap((row) => {
    const line = row.slice(0, shown.length).map(aligned).join(gap).trimEnd();
    const last = isBelow ? (row[shown.length] ?? '') : '';
    return last === '' ? [line] : [line, indent + cutColumns(last, available - indent.length)];
  });
}

/** Shortens the longest columns until a row fits, or until none can be shortened further. */
function fittedWidths(
  widths: readonly number[],
  isLong: readonly (boolean | undefined)[],
  available: number,
): number[] {
  let cap = Math.max(...widths, narrowest);
  const capped = (): number[] =>
    widths.map((width, index) => (isLong[index] === true ? Math.min(width, cap) : width));
  while (cap > narrowest && rowWidth(capped()) > available) cap -= 1;
  return capped();
}

function rowWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
}
