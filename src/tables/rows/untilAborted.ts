import { onAbortOrAborted } from '../../net/onAbort.js';

/** The items of an iterable, until a signal aborts: then it throws the reason, also while the next item is awaited. */
export async function* untilAborted<T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (!(Symbol.asyncIterator in items)) {
    for (const item of items) {
      signal?.throwIfAborted();
      yield item;
    }
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = onAbortOrAborted(signal, reject);
  });
  // It may abort while the caller works on an item.
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    stop();
    // An iterator that waits for its next item does not end before that. Nobody needs its end.
    iterator.return?.().catch(() => undefined);
  }
}
