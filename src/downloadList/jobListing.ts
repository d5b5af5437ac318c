import { listing, type Listing } from '../api/listing.js';
import { EndlessPagesError } from '../errors.js';
import { openScope } from '../net/clock.js';

/** A page that a job returns. */
export interface JobPage<T> {
  page: readonly T[];
  nextPageToken?: string | undefined;
}

/** Runs the job of a page. Without a token it is the first page. */
export type LoadPage<T> = (token: string | undefined, signal: AbortSignal) => Promise<JobPage<T>>;

/**
 * A list whose pages come from jobs. The next page is requested while the caller handles the current one; leaving the loop cancels
 * the request.
 *
 * @param operation - The operation of the job, for messages.
 */
export function jobListing<T>(
  operation: string,
  load: LoadPage<T>,
  { signal }: { signal?: AbortSignal | undefined },
): Listing<T> {
  return listing(() => read(operation, load, signal));
}

async function* read<T>(
  operation: string,
  load: LoadPage<T>,
  parent: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  const scope = openScope(parent);
  const tokens = new Set<string>();
  try {
    let next: Promise<JobPage<T>> | undefined = load(undefined, scope.signal);
    while (next !== undefined) {
      const current: JobPage<T> = await next;
      const token = current.nextPageToken ?? '';
      const isRepeated = tokens.has(token);
      next = token === '' || isRepeated ? undefined : load(token, scope.signal);
      // If the caller leaves the loop before this page, its failure is ignored.
      next?.catch(() => undefined);
      yield* current.page;
      if (isRepeated) throw new EndlessPagesError(operation, 'the server sent a page token again');
      tokens.add(token);
    }
  } finally {
    scope.abort(new Error('The loop over the pages was left'));
    scope.end();
  }
}
