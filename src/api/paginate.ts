import { pages } from '../../generated/pages.js';
import { EndlessPagesError } from '../errors.js';
import type { Pages } from '../../generated/pages.js';
import type { CallOptions } from '../../generated/services.js';
import { openScope } from '../net/clock.js';
import { listing, type Listing } from './listing.js';
import { stringifyJson } from '../values/json.js';

/** The arguments that select a page. The pager sets them; a caller may set the first page. */
type Position = 'offset' | 'limit' | 'nextPageToken';

/** The arguments of an operation that returns pages. The arguments that select the page are optional. */
export type PageArguments<K extends keyof Pages> = Omit<Pages[K]['args'], Position> &
  Partial<Pick<Pages[K]['args'], Extract<keyof Pages[K]['args'], Position>>>;

/** Options for reading pages. */
export interface PageOptions extends CallOptions {
  /** Maximum number of pages to read. @default 10000 */
  maxPages?: number;
  /** Called with the answer to each request, which can have more than the items. */
  onPage?: (answer: object) => void;
}

/**
 * Iterates over the items of an operation that returns pages. The next page is requested while the caller handles the current
 * one; leaving the loop cancels the request. Ends at a page that is shorter than `limit` or has no next page token, because
 * the totals that Synapse returns are estimates.
 *
 * @param operation - Its id, such as `entity.listEntityChildren`.
 * @param args - As for the service method. `limit` defaults to 20, which every operation allows.
 * @param options - For each request; `timeout` is for one page.
 * @returns The items. Each loop starts again from the first page.
 * @throws {@link EndlessPagesError} when the server repeats a page token or a page, sends empty pages only, or has more pages
 * than `maxPages`. The items before that have been returned.
 */
export type Paginate = <K extends keyof Pages>(
  operation: K,
  args: PageArguments<K>,
  options?: PageOptions,
) => Listing<Pages[K]['item']>;

type Arguments = Readonly<Record<string, unknown>>;
type Call = (operation: string, args: Arguments, options: CallOptions) => Promise<unknown>;

interface Page {
  items: readonly unknown[];
  /** Arguments for the next page, if there is one. */
  next: Arguments | undefined;
  /** Thrown after the items. */
  refusal?: EndlessPagesError | undefined;
}

const defaultLimit = 20;

const defaultMaxPages = 10_000;

/** Maximum number of consecutive pages that are like an earlier one. Items that move during the reading can repeat a page. */
const maximumRepeated = 3;

/** Maximum number of consecutive pages without items: those that the caller may not read are left out of a page. */
const maximumEmpty = 100;

export function createPaginate(call: Call): Paginate {
  const paginate = (operation: keyof Pages, args: Arguments, options: PageOptions = {}) =>
    listing(() => iterate(call, operation, args, options));
  return paginate as unknown as Paginate;
}

function iterate(
  call: Call,
  operation: keyof Pages,
  args: Arguments,
  { maxPages = defaultMaxPages, onPage, ...options }: PageOptions,
): AsyncIterator<unknown> {
  const scope = openScope(options.signal);
  const readNext = pageReader(operation, args);
  const watch = new PageWatch(operation, maxPages);
  const load = async (pageArgs: Arguments): Promise<Page> => {
    const answer = await call(operation, pageArgs, { ...options, signal: scope.signal });
    onPage?.(fieldsOf(answer));
    const page = readNext(pageArgs, answer);
    const refusal = watch.check(page);
    return refusal === undefined ? page : { ...page, next: undefined, refusal };
  };
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
    if (page.refusal !== undefined) throw page.refusal;
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
  return (pageArgs, answer) => {
    const fields = fieldsOf(answer);
    const items: readonly unknown[] = Array.isArray(fields[list]) ? fields[list] : [];
    if (mode === 'offset') {
      const isLast = items.length === 0 || items.length < Number(pageArgs.limit);
      const offset = Number(pageArgs.offset) + items.length;
      return { items, next: isLast ? undefined : { ...pageArgs, offset } };
    }
    const token = fields.nextPageToken;
    if (typeof token !== 'string' || token === '') return { items, next: undefined };
    if (mode === 'tokenQuery') return { items, next: { ...args, nextPageToken: token } };
    return { items, next: { ...args, body: { ...fieldsOf(args.body), nextPageToken: token } } };
  };
}

/** Notices pages that have no end. */
class PageWatch {
  readonly #operation: string;
  readonly #maxPages: number;
  readonly #tokens = new Set<unknown>();
  /** What identifies the pages that have been read. */
  readonly #seen = new Set<string>();
  #count = 0;
  #repeated = 0;
  #empty = 0;

  constructor(operation: string, maxPages: number) {
    this.#operation = operation;
    this.#maxPages = maxPages;
  }

  /** @returns an error when there is no point in requesting the next page */
  check({ items, next }: Page): EndlessPagesError | undefined {
    if (next === undefined) return undefined;
    this.#count += 1;
    this.#empty = items.length === 0 ? this.#empty + 1 : 0;
    this.#repeated = this.#isRepeated(items) ? this.#repeated + 1 : 0;
    const token = tokenOf(next);
    const isKnown = token !== undefined && this.#tokens.has(token);
    this.#tokens.add(token);
    const why = isKnown
      ? `the server sent the token of page ${this.#count + 1} before`
      : this.#empty > maximumEmpty
        ? `the server sent ${this.#empty} pages without items, one after the other`
        : this.#repeated > maximumRepeated
          ? `the server sent ${this.#repeated} pages again that it had sent before`
          : this.#count >= this.#maxPages
            ? `it has more than ${this.#maxPages} pages (maxPages)`
            : undefined;
    return why === undefined ? undefined : new EndlessPagesError(this.#operation, why);
  }

  #isRepeated(items: readonly unknown[]): boolean {
    if (items.length === 0) return false;
    const ends = [items.length, items[0], items.at(-1)];
    const mark = stringifyJson(ends, { nonFinite: 'text' }).slice(0, longestMark);
    if (this.#seen.has(mark)) return true;
    this.#seen.add(mark);
    return false;
  }
}

/** Characters. */
const longestMark = 1_000;

function tokenOf({ nextPageToken, body }: Arguments): unknown {
  return nextPageToken ?? fieldsOf(body).nextPageToken;
}

function fieldsOf(value: unknown): Arguments {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
