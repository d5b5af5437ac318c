import type { TableColumn } from '../index.js';
import { printableName, textWidth } from './printable.js';

/** The columns of a table as aligned lines with a header. */
export async function columnListing(columns: readonly TableColumn[]): Promise<string> {
  if (columns.length === 0) return 'No columns.';
  const { columnPropertiesText, columnTypeText } = await import('../index.js');
  const rows = columns.map((column) => [
    printableName(column.name),
    columnTypeText(column),
    columnPropertiesText(column),
  ]);
  return alignedLines([['NAME', 'TYPE', 'PROPERTIES'], ...rows]).join('\n');
}

/** Lines with cells padded to the same width. */
function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => textWidth(row[index] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - textWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}
