import { resolve } from 'node:path';
import type * as Parquet from 'parquet-wasm';
import { loadOptional } from '../../loadOptional.js';
import { arrowBatch, arrowSchema, loadArrow, type ArrowPackage } from './arrowTable.js';
import {
  openColumns,
  type ColumnBatchOptions,
  type ColumnResult,
  type CsvRows,
} from './openColumns.js';
import { writeOutput, type WriteOutputOptions } from '../query/writeOutput.js';

type ParquetPackage = typeof Parquet;

/**
 * Writes a result as a Parquet file, row group by row group, in constant memory. The file appears when it is complete.
 *
 * @param open - Opens the result. It is called when the destination is known to be free.
 * @returns The path of the file.
 * @throws {@link SynapseError} (`PACKAGE_MISSING`) when `parquet-wasm` or `apache-arrow` is not installed
 * @throws {@link FileSystemError} (`EEXIST`) when the file is there already, and `overwrite` is not given
 */
export async function writeParquet(
  open: () => Promise<CsvRows>,
  path: string,
  options: ColumnBatchOptions & WriteOutputOptions = {},
): Promise<string> {
  const parquet = await loadOptional('parquet-wasm', () => import('parquet-wasm'));
  const arrow = await loadArrow();
  await writeOutput(path, () => parquetBytes({ arrow, parquet }, open, options), options);
  return resolve(path);
}

/** A row group has at most so many rows, and about so many bytes. It is in memory until it is written. */
const rowGroupRows = 65_536;
const rowGroupBytes = 32 * 1024 * 1024;

async function* parquetBytes(
  packages: { arrow: ArrowPackage; parquet: ParquetPackage },
  open: () => Promise<CsvRows>,
  options: ColumnBatchOptions,
): AsyncGenerator<Uint8Array> {
  const { parquet } = packages;
  const result = await openColumns(open, options);
  const batches = recordBatches(packages, result);
  // The package takes an error of its source for the end of it.
  let failure: { error: unknown } | undefined;
  const source = new ReadableStream<Parquet.RecordBatch>(
    {
      async pull(controller) {
        try {
          const next = await batches.next();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        } catch (error) {
          failure = { error };
          controller.close();
        }
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
    .setMaxRowGroupBytes(rowGroupBytes)
    .build();
  try {
    yield* await parquet.transformParquetStream(source, properties);
  } catch (error) {
    failure ??= { error };
  } finally {
    result.close();
  }
  if (failure !== undefined) throw failure.error;
}

async function* recordBatches(
  { arrow, parquet }: { arrow: ArrowPackage; parquet: ParquetPackage },
  { columns, batches }: ColumnResult,
): AsyncGenerator<Parquet.RecordBatch> {
  const schema = arrowSchema(arrow, columns);
  for await (const batch of batches) {
    const table = new arrow.Table(arrowBatch(arrow, schema, columns, batch));
    const copy = parquet.Table.fromIPCStream(arrow.tableToIPC(table, 'stream'));
    const [first] = copy.recordBatches();
    copy.free();
    if (first !== undefined) yield first;
  }
}
