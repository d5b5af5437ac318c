import { openScope } from '../../net/clock.js';

/**
 * Runs a task for each item of a source, several at a time, and yields the results in the order of the items. At most `limit`
 * items are taken ahead of the one whose result is awaited.
 *
 * @throws the error of the source, or of a task when its turn comes; the signal of the other tasks aborts
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  { limit, signal }: { limit: number; signal?: AbortSignal | undefined },
  task: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const scope = openScope(signal);
  const source =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const running: Promise<R>[] = [];
  let isEnd = false;
  let isDone = false;
  try {
    while (!isEnd || running.length > 0) {
      while (!isEnd && running.length < limit) {
        const next = await source.next();
        if (next.done === true) isEnd = true;
        else {
          const result = task(next.value, scope.signal);
          result.catch(() => undefined);
          running.push(result);
        }
      }
      const first = running.shift();
      if (first === undefined) break;
      yield await first;
    }
    isDone = true;
  } finally {
    if (!isDone) scope.abort(new Error('The other tasks were stopped.'));
    await Promise.allSettled(running);
    scope.end();
    if (!isEnd) await source.return?.();
  }
}
