/**
 * Runs a task for every item, `concurrency` of them at a time, and yields each result as it comes.
 * When the caller stops early, or a task fails, no further task starts, and those that run are waited for.
 */
export async function* runConcurrently<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  task: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running = new Map<number, Promise<readonly [key: number, result: R]>>();
  let started = 0;
  const start = (item: T): void => {
    const key = started++;
    const work = task(item).then((result) => [key, result] as const);
    // A failure counts when its turn comes; until then it must not look unhandled.
    work.catch(() => undefined);
    running.set(key, work);
  };
  const settleOne = async (): Promise<R> => {
    const [key, result] = await Promise.race(running.values());
    running.delete(key);
    return result;
  };
  try {
    for await (const item of items) {
      start(item);
      if (running.size >= concurrency) yield await settleOne();
    }
    while (running.size > 0) yield await settleOne();
  } finally {
    await Promise.allSettled(running.values());
  }
}
