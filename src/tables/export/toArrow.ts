import type * as Arrow from 'apache-arrow';
import { arrowBatch, arrowSchema, loadArrow } from './arrowTable.js';
import { openColumns, type ColumnBatchOptions, type CsvRows } from './openColumns.js';

/**
 * Reads a result as a table of Apache Arrow.
 *
 * @param open - Opens the result. It is not called when the package `apache-arrow` is not installed.
 * @throws {@link SynapseError} (`PACKAGE_MISSING`) when `apache-arrow` is not installed
 */
export async function toArrow(
  open: () => Promise<CsvRows>,
  options: ColumnBatchOptions = {},
): Promise<Arrow.Table> {
  const arrow = await loadArrow();
  const { columns, batches } = await openColumns(open, { ...options, areKept: true });
  const schema = arrowSchema(arrow, columns);
  const parts: Arrow.RecordBatch[] = [];
  for await (const batch of batches) parts.push(arrowBatch(arrow, schema, columns, batch));
  return new arrow.Table(schema, parts);
}
