import { alignedLines } from '../alignedLines.js';
import { printable } from '../printable.js';
import { cutColumns, textWidth } from '../textWidth.js';
import type { FoundOperation } from './searchOperations.js';

/** The columns that a summary needs to say something. */
const shortestSummary = 16;

/**
 * Formats operations as a table, with summaries cut to the width of the terminal. Where the rest does not fit beside each other,
 * each operation takes three lines.
 *
 * @param width - Of the terminal; `undefined` for no limit.
 */
export function operationTable(
  operations: readonly FoundOperation[],
  width: number | undefined,
): string[] {
  const rows = operations.map(({ operation, method, path, summary }) => [
    operation,
    method,
    path,
    printable(summary),
  ]);
  const table = [['OPERATION', 'METHOD', 'PATH', 'SUMMARY'], ...rows];
  if (width === undefined) return alignedLines(table);
  const others = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => textWidth(row[column] ?? ''))),
  );
  const left = width - others.reduce((sum, each) => sum + each + 2, 0);
  if (left >= shortestSummary) {
    return alignedLines(
      table.map(([a = '', b = '', c = '', d = '']) => [a, b, c, cutColumns(d, left)]),
    );
  }
  return rows.flatMap(([operation = '', method = '', path = '', summary = '']) => [
    operation,
    `  ${method} ${path}`,
    `  ${cutColumns(summary, width - 2)}`,
  ]);
}
