/**
 * The program of the thread that writes Parquet. It is a string, because the path of a file would differ between the sources, the
 * build and a bundle. It receives record batches, each as an Arrow stream, and `null` at the end; it sends `taken` for each, and
 * the bytes of the file.
 */
export const parquetProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const waiting = [];
let wake = () => undefined;
parentPort.on('message', (message) => {
  waiting.push(message);
  wake();
});
const nextMessage = async () => {
  while (waiting.length === 0) await new Promise((resolve) => { wake = resolve; });
  return waiting.shift();
};
const run = async () => {
  const parquet = await import(workerData.module);
  const source = new ReadableStream({
    async pull(controller) {
      const batch = await nextMessage();
      if (batch === null) return controller.close();
      const table = parquet.Table.fromIPCStream(batch);
      const [first] = table.recordBatches();
      table.free();
      controller.enqueue(first);
      parentPort.postMessage('taken');
    },
  }, { highWaterMark: 0 });
  // Dictionaries would take three times as long, and make most files larger than Snappy alone does.
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.SNAPPY)
    .setDictionaryEnabled(false)
    .setMaxRowGroupSize(workerData.rowGroupRows)
    .setMaxRowGroupBytes(workerData.rowGroupBytes)
    .build();
  for await (const bytes of await parquet.transformParquetStream(source, properties)) {
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    parentPort.postMessage(own, [own.buffer]);
  }
  parentPort.postMessage('done');
};
run();
`;
