import { cutColumns, padColumns, padStartColumns, textWidth } from './textWidth.js';

export interface AlignOptions {
  /** The width that each column has at least. It is set to what the rows need. */
  widths?: number[];
  /** The columns of the terminal. @default lines of any length */
  available?: number | undefined;
  /** The columns with numbers, which are aligned at their ends. */
  numbers?: readonly number[];
}

const gap = '  ';
/** What is before the cells of a row that do not fit in its first line. */
const indent = '    ';
/** Where a row does not fit, columns with longer texts than these are cut: with single words, and with several. Times are shorter. */
const longestWord = 24;
const longestWords = 16;
/** The columns that a cut text has at least. */
const narrowest = 12;

/** The columns of a table that are in one line of a row. */
interface LinePart {
  first: number;
  widths: number[];
}

/**
 * Lines with cells padded to the same width. Where a row does not fit on the terminal, the longest texts are cut, and end in `…`;
 * ids, numbers and times are not. If that is not enough, the last cells go onto further lines.
 */
export function alignedLines(
  rows: readonly (readonly string[])[],
  { widths = [], available = Infinity, numbers = [] }: AlignOptions = {},
): string[] {
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, textWidth(cell))));
  }
  const canCut = widths.map(
    (width, index) =>
      width > longestWord ||
      (width > longestWords && rows.some((row) => row[index]?.includes(' '))),
  );
  const parts = linesOf(widths, canCut, available);
  const aligned = (cell: string, width: number, isNumber: boolean): string => {
    const text = cutColumns(cell, width);
    return isNumber ? padStartColumns(text, width) : padColumns(text, width);
  };
  return rows.flatMap((row) =>
    parts.flatMap(({ first, widths: own }) => {
      const cells = own.map((width, index) =>
        aligned(row[first + index] ?? '', width, numbers.includes(first + index)),
      );
      const line = cells.join(gap).trimEnd();
      if (first === 0) return [line];
      return line === '' ? [] : [indent + line];
    }),
  );
}

/** Distributes the columns over the lines of a row, with their final widths. */
function linesOf(
  widths: readonly number[],
  canCut: readonly boolean[],
  available: number,
): LinePart[] {
  const least = widths.map((width, index) =>
    canCut[index] === true ? Math.min(width, narrowest) : width,
  );
  const starts = [0];
  let used = -gap.length;
  least.forEach((width, index) => {
    const room = starts.length === 1 ? available : available - indent.length;
    if (used + gap.length + width > room && index > 0) {
      starts.push(index);
      used = -gap.length;
    }
    used += gap.length + width;
  });
  return starts.map((first, part) => {
    const end = starts[part + 1];
    const room = part === 0 ? available : available - indent.length;
    return {
      first,
      widths: fittedWidths(widths.slice(first, end), canCut.slice(first, end), room),
    };
  });
}

/** Shortens the longest columns until a line fits, or until none can be shortened further. */
function fittedWidths(
  widths: readonly number[],
  canCut: readonly boolean[],
  available: number,
): number[] {
  let cap = Math.max(...widths, narrowest);
  const capped = (): number[] =>
    widths.map((width, index) => (canCut[index] === true ? Math.min(width, cap) : width));
  while (cap > narrowest && lineWidth(capped()) > available) cap -= 1;
  return capped();
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
}
