import type { TableColumn } from '../index.js';
import { alignedLines } from './alignedLines.js';
import { printableName } from './printable.js';
import { terminalColumns } from './terminalColumns.js';

/** The columns of a table as aligned lines with a header. */
export async function columnListing(columns: readonly TableColumn[]): Promise<string> {
  if (columns.length === 0) return 'No columns.';
  const { columnPropertiesText, columnTypeText } = await import('../index.js');
  const rows = columns.map((column) => [
    printableName(column.name),
    columnTypeText(column),
    columnPropertiesText(column),
  ]);
  const available = terminalColumns();
  return alignedLines([['NAME', 'TYPE', 'PROPERTIES'], ...rows], { available }).join('\n');
}
