/** Milliseconds of work after which other requests are processed. */
const sliceMillis = 20;

/** Maps items, and lets other requests run in between. */
export async function mapInSlices<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let sliceStart = performance.now();
  for (const item of items) {
    results.push(map(item));
    if (performance.now() - sliceStart > sliceMillis) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      sliceStart = performance.now();
    }
  }
  return results;
}
