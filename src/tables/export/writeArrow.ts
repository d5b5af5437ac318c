import type { Writable } from 'node:stream';
import { arrowBatch, arrowSchema, loadArrow, type ArrowPackage } from './arrowTable.js';
import {
  columnBatches,
  resultColumns,
  type ColumnBatchOptions,
  type CsvRows,
} from './columnBatches.js';
import { writeOutput, type OutputOptions } from './writeOutput.js';

/**
 * Writes a result as a stream of Apache Arrow (the IPC streaming format), in constant memory.
 *
 * @param open - Opens the result. It is called when the destination is known to be free.
 * @throws {@link SynapseError} (`PACKAGE_MISSING`) when `apache-arrow` is not installed
 */
export async function writeArrow(
  open: () => Promise<CsvRows>,
  target: string | Writable,
  options: ColumnBatchOptions & OutputOptions = {},
): Promise<void> {
  const arrow = await loadArrow();
  await writeOutput(target, () => arrowMessages(arrow, open, options), options);
}

/** The end of a stream: a message without a length. */
const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

async function* arrowMessages(
  arrow: ArrowPackage,
  open: () => Promise<CsvRows>,
  options: ColumnBatchOptions,
): AsyncGenerator<Uint8Array> {
  const rows = await open();
  const columns = resultColumns(rows, options);
  const schema = arrowSchema(arrow, columns);
  const header = arrow.tableToIPC(new arrow.Table(schema), 'stream');
  const headerLength = header.length - endOfStream.length;
  yield header.subarray(0, headerLength);
  for await (const batch of columnBatches(rows, options)) {
    const table = new arrow.Table(arrowBatch(arrow, schema, columns, batch));
    const bytes = arrow.tableToIPC(table, 'stream');
    // Each is a whole stream: only what is between the schema and the end is taken.
    yield bytes.subarray(headerLength, bytes.length - endOfStream.length);
  }
  yield endOfStream;
}
