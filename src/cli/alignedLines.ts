import { padColumns, textWidth } from './textWidth.js';

/**
 * Lines with cells padded to the same width.
 * @param widths - The width that each column has at least. It is set to what the rows need.
 */
export function alignedLines(
  rows: readonly (readonly string[])[],
  widths: number[] = [],
): string[] {
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, textWidth(cell))));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => padColumns(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
