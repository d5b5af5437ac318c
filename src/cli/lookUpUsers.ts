import type { UserNames } from '../users/userNames.js';

/** Items whose users are looked up with one request. */
const batchSize = 100;

/** Gives the items of a list after the names of their users were looked up. */
export async function* lookUpUsers<T>(
  items: AsyncIterable<T>,
  names: UserNames,
  usersOf: (item: T) => readonly (string | undefined)[],
  options: { signal?: AbortSignal },
): AsyncGenerator<T, void, undefined> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    await names.of(batch.flatMap(usersOf), options);
    yield* batch;
    batch = [];
  }
  await names.of(batch.flatMap(usersOf), options);
  yield* batch;
}
