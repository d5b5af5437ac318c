import { resolve } from 'node:path';
import { WorkerThread } from '../../files/workerThread.js';
import { loadOptional } from '../../loadOptional.js';
import { writeOutput, type WriteOutputOptions } from '../query/writeOutput.js';
import { arrowBatch, arrowSchema, loadArrow, type ArrowPackage } from './arrowTable.js';
import {
  openColumns,
  type ColumnBatchOptions,
  type ColumnResult,
  type CsvRows,
} from './openColumns.js';
import { parquetProgram } from './parquetProgram.js';

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
  // The thread loads it as well. While it is loaded here, V8 compiles its WebAssembly once for all threads.
  await loadOptional('parquet-wasm', () => import('parquet-wasm'));
  const module = import.meta.resolve('parquet-wasm');
  const arrow = await loadArrow();
  await writeOutput(path, () => parquetBytes({ arrow, module }, open, options), options);
  return resolve(path);
}

/** A row group has at most so many rows, and about so many bytes. It is in memory until it is written. */
const rowGroupRows = 65_536;
const rowGroupBytes = 32 * 1024 * 1024;
/** Record batches that the thread has not taken yet. */
const mostWaiting = 2;

/** Reads the result and writes Parquet at the same time, the latter in a thread. */
async function* parquetBytes(
  { arrow, module }: { arrow: ArrowPackage; module: string },
  open: () => Promise<CsvRows>,
  options: ColumnBatchOptions,
): AsyncGenerator<Uint8Array> {
  const result = await openColumns(open, options);
  const thread = new WorkerThread(parquetProgram, { module, rowGroupRows, rowGroupBytes });
  const output = new ReadableStream<Uint8Array>({
    start(controller) {
      let waiting = 0;
      let onTaken: () => void = () => undefined;
      // Has no effect on a stream that has failed, or that is not read any more.
      const fail = (error: unknown): void => controller.error(error);
      thread.listen((message) => {
        if (thread.isStopped) return;
        if (message instanceof Uint8Array) controller.enqueue(message);
        else if (message === 'done') controller.close();
        else {
          waiting -= 1;
          onTaken();
        }
      }, fail);
      const send = async (): Promise<void> => {
        for await (const bytes of arrowStreams(arrow, result)) {
          while (waiting >= mostWaiting) await new Promise<void>((taken) => (onTaken = taken));
          waiting += 1;
          thread.send(bytes, wholeBuffer(bytes));
        }
        thread.send(null);
      };
      send().catch(fail);
    },
    async cancel() {
      await thread.stop();
    },
  });
  try {
    yield* output;
  } finally {
    result.close();
    await thread.stop();
  }
}

/** The buffer of bytes that have one of their own: it is moved to the thread instead of copied. */
function wholeBuffer({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** Each record batch as a stream of Arrow. */
async function* arrowStreams(
  arrow: ArrowPackage,
  { columns, batches }: ColumnResult,
): AsyncGenerator<Uint8Array> {
  const schema = arrowSchema(arrow, columns);
  for await (const batch of batches) {
    const table = new arrow.Table(arrowBatch(arrow, schema, columns, batch));
    yield arrow.tableToIPC(table, 'stream');
  }
}
