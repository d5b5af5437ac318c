import type { Failure, OpenedQuery, RowReference } from '../index.js';
import { pool } from '../transfer/pool.js';
import { usageError } from './usageError.js';

/** The number of files that are downloaded at the same time. */
const concurrency = 8;

/**
 * The entities that a query selects with its column `id`, each once. In a view or dataset, they have the version of the row.
 *
 * @throws a usage error when the query does not select `id`.
 */
export async function* queriedIds(
  { columns, rows, close }: OpenedQuery,
  rowReference: (row: object) => RowReference | undefined,
): AsyncGenerator<string> {
  if (!columns.some(({ name }) => name === 'id')) {
    close();
    const names = columns.map(({ name }) => name).join(', ');
    throw usageError(
      `The query selects no column "id" with the ids of files. It selects: ${names}.`,
    );
  }
  const seen = new Set<string>();
  for await (const row of rows) {
    const id = row['id'];
    if (typeof id !== 'string' || id === '') continue;
    const { rowId, versionNumber } = rowReference(row) ?? {};
    // The id of a row of a view is the number of its entity.
    const target = id === `syn${rowId ?? ''}` ? `${id}.${versionNumber ?? ''}` : id;
    if (seen.has(target)) continue;
    seen.add(target);
    yield target;
  }
}

/**
 * Runs a piece of work for each item, some at a time, and yields the results as they come. A failure does not stop the others.
 *
 * @throws {@link PartialFailureError} at the end, when some failed.
 */
export async function* someAtATime<T>(
  items: AsyncIterable<string> | Iterable<string>,
  work: (item: string) => Promise<T | undefined>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const failures: Failure[] = [];
  const outcomes = pool(items, { limit: concurrency, signal }, async (item) => {
    try {
      return { result: await work(item) };
    } catch (error) {
      signal.throwIfAborted();
      failures.push({ path: item, error: asError(error) });
      return {};
    }
  });
  for await (const { result } of outcomes) if (result !== undefined) yield result;
  if (failures.length === 0) return;
  const { PartialFailureError } = await import('../errors.js');
  throw new PartialFailureError('downloaded', failures);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
