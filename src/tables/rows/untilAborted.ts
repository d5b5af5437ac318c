import { onAbortOrAborted } from '../../net/onAbort.js';

/** Items of a synchronous iterable after which other work of the process, such as a signal, has its turn. */
const itemsAtOnce = 1000;

/** The items of an iterable, until a signal aborts: then it throws the reason, also while the next item is awaited. */
export async function* untilAborted<T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (!(Symbol.asyncIterator in items)) {
    let count = 0;
    for (const item of items) {
      count += 1;
      if (count % itemsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      yield item;
    }
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  let abort: ((reason: unknown) => void) | undefined;
  const stop = onAbortOrAborted(signal, (reason) => abort?.(reason));
  try {
    for (;;) {
      signal?.throwIfAborted();
      // A race with one promise for all items would keep every item in memory.
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        abort = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    stop();
    // Not awaited: an iterator that waits for its next item ends only after that.
    iterator.return?.().catch(() => undefined);
  }
}
