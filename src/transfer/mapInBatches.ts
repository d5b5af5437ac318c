/** Items that are handled at the same time. */
const batchSize = 20;

/** Runs a task for every item, up to 20 at the same time, and yields the results in the order of the items. */
export async function* mapInBatches<T, R>(
  items: AsyncIterable<T>,
  task: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield* await Promise.all(batch.map(task));
    batch = [];
  }
  yield* await Promise.all(batch.map(task));
}
