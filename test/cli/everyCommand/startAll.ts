import { availableParallelism } from 'node:os';

/**
 * Starts work on every item, some at once, and returns what each will give: tests of single items wait for their own, and a
 * failure is the failure of one test.
 */
export function startAll<T>(
  items: readonly string[],
  work: (item: string) => Promise<T>,
): ReadonlyMap<string, Promise<T>> {
  const atOnce = Math.max(2, availableParallelism());
  const lanes = Array.from({ length: atOnce }, () => Promise.resolve());
  return new Map(
    items.map((item, index) => {
      const lane = index % atOnce;
      const done = (lanes[lane] ?? Promise.resolve()).then(() => work(item));
      lanes[lane] = done.then(
        () => undefined,
        () => undefined,
      );
      return [item, done];
    }),
  );
}
