import type { Failure } from '../index.js';

/**
 * Does something for each item, and yields the results. An item that fails does not stop the others; at the end there is one error
 * for all that failed. The error of a single item is thrown as it is.
 *
 * @param done - The operation as a past participle: `removed`.
 * @throws PartialFailureError
 */
export async function* attemptEach<R>(
  items: readonly string[],
  done: string,
  run: (item: string) => Promise<R>,
): AsyncGenerator<R> {
  const { AuthenticationError, ArgumentError, PartialFailureError, SynapseHttpError } =
    await import('../errors.js');
  const failures: Failure[] = [];
  for (const item of items) {
    try {
      yield await run(item);
    } catch (error) {
      // Other errors, such as of the network, would meet the rest too.
      const isOfThis = error instanceof ArgumentError || error instanceof SynapseHttpError;
      if (items.length === 1 || !isOfThis || error instanceof AuthenticationError) throw error;
      failures.push({ path: item, error });
    }
  }
  if (failures.length > 0) throw new PartialFailureError(done, failures);
}
