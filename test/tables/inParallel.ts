/**
 * Does something for each item, several at a time, and all of it when one fails: nothing runs on after the test.
 *
 * @throws the error of the first item that failed.
 */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  run: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items.entries()];
  const errors: { index: number; error: unknown }[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next;
      try {
        await run(item, index);
      } catch (error) {
        errors.push({ index, error });
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  errors.sort((a, b) => a.index - b.index);
  if (errors[0] !== undefined) throw errors[0].error;
}
