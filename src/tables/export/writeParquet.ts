import type * as Parquet from 'parquet-wasm';
import { loadOptional } from '../../loadOptional.js';
import { arrowBatch, arrowSchema, loadArrow, type ArrowPackage } from './arrowTable.js';
import {
  columnBatches,
  resultColumns,
  type ColumnBatchOptions,
  type CsvRows,
} from './columnBatches.js';
import { writeOutput, type OutputOptions } from './writeOutput.js';

type ParquetPackage = typeof Parquet;

/**
 * Writes a result as a Parquet file, row group by row group, in constant memory. The file appears when it is complete.
 *
 * @param open - Opens the result. It is called when the destination is known to be free.
 * @throws {@link SynapseError} (`PACKAGE_MISSING`) when `parquet-wasm` or `apache-arrow` is not installed
 * @throws {@link FileSystemError} (`EEXIST`) when the file is there already, and `overwrite` is not given
 */
export async function writeParquet(
  open: () => Promise<CsvRows>,
  path: string,
  options: ColumnBatchOptions & OutputOptions = {},
): Promise<void> {
  const parquet = await loadOptional('parquet-wasm', () => import('parquet-wasm'));
  const arrow = await loadArrow();
  await writeOutput(path, () => parquetBytes({ arrow, parquet }, open, options), options);
}

/** More rows than any batch has: each batch becomes a row group. */
const rowGroupRows = 2 ** 30;

async function* parquetBytes(
  packages: { arrow: ArrowPackage; parquet: ParquetPackage },
  open: () => Promise<CsvRows>,
  options: ColumnBatchOptions,
): AsyncGenerator<Uint8Array> {
  const { parquet } = packages;
  const rows = await open();
  const batches = recordBatches(packages, rows, options);
  const source = new ReadableStream<Parquet.RecordBatch>(
    {
      async pull(controller) {
        const next = await batches.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await batches.return(undefined);
      },
    },
    // Only one batch at a time is in memory.
    { highWaterMark: 0 },
  );
  // Dictionaries would take three times as long, and make most files larger than Snappy alone does.
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.SNAPPY)
    .setDictionaryEnabled(false)
    .setMaxRowGroupSize(rowGroupRows)
    .build();
  yield* await parquet.transformParquetStream(source, properties);
}

async function* recordBatches(
  { arrow, parquet }: { arrow: ArrowPackage; parquet: ParquetPackage },
  rows: CsvRows,
  options: ColumnBatchOptions,
): AsyncGenerator<Parquet.RecordBatch> {
  const columns = resultColumns(rows, options);
  const schema = arrowSchema(arrow, columns);
  for await (const batch of columnBatches(rows, options)) {
    const table = new arrow.Table(arrowBatch(arrow, schema, columns, batch));
    const copy = parquet.Table.fromIPCStream(arrow.tableToIPC(table, 'stream'));
    const [first] = copy.recordBatches();
    copy.free();
    if (first !== undefined) yield first;
  }
}
