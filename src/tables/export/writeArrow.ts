import type { Writable } from 'node:stream';
import { arrowBatch, arrowSchema, loadArrow, type ArrowPackage } from './arrowTable.js';
import { openColumns, type ColumnBatchOptions, type CsvRows } from './openColumns.js';
import { writeOutput, type WriteOutputOptions } from '../query/writeOutput.js';

/**
 * Writes a result as a stream of Apache Arrow (the IPC streaming format), in constant memory.
 *
 * @param open - Opens the result. It is called when the destination is known to be free.
 * @returns The path of the file; `undefined` for a stream.
 * @throws {@link SynapseError} (`PACKAGE_MISSING`) when `apache-arrow` is not installed
 */
export async function writeArrow(
  open: () => Promise<CsvRows>,
  target: string | Writable,
  options: ColumnBatchOptions & WriteOutputOptions = {},
): Promise<string | undefined> {
  const arrow = await loadArrow();
  return writeOutput(target, () => arrowMessages(arrow, open, options), options);
}

/** The end of a stream: a message without a length. */
const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

async function* arrowMessages(
  arrow: ArrowPackage,
  open: () => Promise<CsvRows>,
  options: ColumnBatchOptions,
): AsyncGenerator<Uint8Array> {
  const { columns, batches } = await openColumns(open, options);
  const schema = arrowSchema(arrow, columns);
  const header = arrow.tableToIPC(new arrow.Table(schema), 'stream');
  const headerLength = header.length - endOfStream.length;
  yield header.subarray(0, headerLength);
  for await (const batch of batches) {
    const table = new arrow.Table(arrowBatch(arrow, schema, columns, batch));
    const bytes = arrow.tableToIPC(table, 'stream');
    // Each is a whole stream: only what is between the schema and the end is taken.
    yield bytes.subarray(headerLength, bytes.length - endOfStream.length);
  }
  yield endOfStream;
}
