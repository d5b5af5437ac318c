import { pages } from '../../generated/pages.js';
import type { Pages } from '../../generated/pages.js';
import type { CallOptions } from '../../generated/services.js';
import { openScope } from '../net/clock.js';

/** The arguments that select a page. The pager sets them; a caller may set the first page. */
type Position = 'offset' | 'limit' | 'nextPageToken';

/** The arguments of an operation that returns pages. The arguments that select the page are optional. */
export type PageArguments<K extends keyof Pages> = Omit<Pages[K]['args'], Position> &
  Partial<Pick<Pages[K]['args'], Extract<keyof Pages[K]['args'], Position>>>;

/**
 * Iterates over the items of an operation that returns pages. The next page is requested while the caller handles the current
 * one; leaving the loop cancels the request. Ends at a page that is shorter than `limit` or has no next page token, because
 * the totals that Synapse returns are estimates.
 *
 * @param operation - Its id, such as `entity.listEntityChildren`.
 * @param args - As for the service method. `limit` defaults to 20, which every operation allows.
 * @param options - For each request; `timeout` is for one page.
 * @returns The items. Each loop starts again from the first page.
 */
export type Paginate = <K extends keyof Pages>(
  operation: K,
  args: PageArguments<K>,
  options?: CallOptions,
) => AsyncIterable<Pages[K]['item']>;

type Arguments = Readonly<Record<string, unknown>>;
type Call = (operation: string, args: Arguments, options: CallOptions) => Promise<unknown>;

interface Page {
  items: readonly unknown[];
  /** Arguments for the next page, if there is one. */
  next: Arguments | undefined;
}

const defaultLimit = 20;

export function createPaginate(call: Call): Paginate {
  const paginate = (operation: keyof Pages, args: Arguments, options: CallOptions = {}) => ({
    [Symbol.asyncIterator]: () => iterate(call, operation, args, options),
  });
  return paginate as unknown as Paginate;
}

function iterate(
  call: Call,
  operation: keyof Pages,
  args: Arguments,
  options: CallOptions,
): AsyncIterator<unknown> {
  const scope = openScope(options.signal);
  const readNext = pageReader(operation, args);
  const load = async (pageArgs: Arguments): Promise<Page> =>
    readNext(pageArgs, await call(operation, pageArgs, { ...options, signal: scope.signal }));
  const items = itemsOf(load, firstPage(operation, args), scope.signal);
  const end = { done: true, value: undefined } as const;
  let left = false;
  return {
    next: async () => {
      try {
        const result = await items.next();
        if (result.done === true) scope.end();
        return result;
      } catch (error) {
        scope.end();
        if (left) return end;
        throw error;
      }
    },
    // A generator would handle this only after the page that it waits for has arrived.
    return: async () => {
      left = true;
      scope.abort(new Error('The loop over the pages was left'));
      scope.end();
      await items.return(undefined);
      return end;
    },
  };
}

async function* itemsOf(
  load: (args: Arguments) => Promise<Page>,
  first: Arguments,
  signal: AbortSignal,
): AsyncGenerator<unknown, undefined> {
  let page = await load(first);
  for (;;) {
    const following = page.next === undefined ? undefined : load(page.next);
    // If the caller leaves the loop before this page, its failure is ignored.
    following?.catch(() => undefined);
    for (const item of page.items) {
      signal.throwIfAborted();
      yield item;
    }
    if (following === undefined) return undefined;
    page = await following;
  }
}

function firstPage(operation: keyof Pages, args: Arguments): Arguments {
  if (pages[operation].mode !== 'offset') return args;
  return { ...args, offset: args.offset ?? 0, limit: args.limit ?? defaultLimit };
}

/** Reads a response: its items, and the arguments for the next page. */
function pageReader(
  operation: keyof Pages,
  args: Arguments,
): (pageArgs: Arguments, answer: unknown) => Page {
  const { mode, items: list } = pages[operation];
  const seen = new Set<unknown>();
  return (pageArgs, answer) => {
    const fields = fieldsOf(answer);
    const items: readonly unknown[] = Array.isArray(fields[list]) ? fields[list] : [];
    if (mode === 'offset') {
      const isLast = items.length === 0 || items.length < Number(pageArgs.limit);
      const offset = Number(pageArgs.offset) + items.length;
      return { items, next: isLast ? undefined : { ...pageArgs, offset } };
    }
    const token = fields.nextPageToken;
    // A server that returns the same token again would cause an infinite loop.
    if (typeof token !== 'string' || token === '' || seen.has(token))
      return { items, next: undefined };
    seen.add(token);
    if (mode === 'tokenQuery') return { items, next: { ...args, nextPageToken: token } };
    return { items, next: { ...args, body: { ...fieldsOf(args.body), nextPageToken: token } } };
  };
}

function fieldsOf(value: unknown): Arguments {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
