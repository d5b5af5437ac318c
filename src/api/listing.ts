/** A list that is read while it is used, often in pages. Each loop reads it again from its start. */
export interface Listing<T> extends AsyncIterable<T> {
  /** Reads the whole list. */
  toArray(): Promise<T[]>;
}

/**
 * Makes a list of what a generator function yields.
 *
 * @param read - Called for each loop.
 */
export function listing<T>(read: () => AsyncIterator<T>): Listing<T> {
  const list: Listing<T> = {
    [Symbol.asyncIterator]: read,
    async toArray() {
      const items: T[] = [];
      for await (const item of list) items.push(item);
      return items;
    },
  };
  return list;
}

/**
 * Makes a list whose code is loaded when it is first read.
 *
 * @param load - Called for each loop.
 */
export function lazyListing<T>(load: () => Promise<AsyncIterable<T>>): Listing<T> {
  return listing(async function* () {
    yield* await load();
  });
}
