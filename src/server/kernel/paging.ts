import { badRequest } from './serviceError.js';

/** A part of a list. */
export interface PageWindow {
  readonly offset: number;
  readonly limit: number;
}

/** Bounds of an offset/limit pair. */
export interface PageBounds {
  /** Used when the caller gives none. @default 10 */
  readonly limit?: number;
  /** Largest limit accepted. @default 50 */
  readonly max?: number;
}

/** Maximum number of items that a request without pages may ask for. */
const maxItems = 10_000;

/** The items that a request asks for at once. @throws 400 for too many */
export function itemsOf<T>({ list = [] }: { readonly list?: readonly T[] }): readonly T[] {
  if (list.length > maxItems) {
    throw badRequest(`At most ${maxItems} items can be requested at once.`);
  }
  return list;
}

/** Reads `offset` and `limit` of a request. @throws 400 when they are out of bounds. */
export function pageWindow(
  query: { readonly offset?: number | string; readonly limit?: number | string },
  bounds: PageBounds = {},
): PageWindow {
  const max = bounds.max ?? 50;
  const offset = integerParameter('offset', query.offset) ?? 0;
  const limit = integerParameter('limit', query.limit) ?? Math.min(bounds.limit ?? 10, max);
  if (offset < 0) {
    throw badRequest('The offset may not be negative.');
  }
  if (limit < 1) {
    throw badRequest('The limit must be at least 1.');
  }
  if (limit > max) {
    throw badRequest(`The limit may not exceed ${max}, but was: ${limit}.`);
  }
  return { offset, limit };
}

function integerParameter(name: string, value: number | string | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const number = typeof value === 'number' ? value : /^[+-]?\d+$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) {
    throw badRequest(`The ${name} must be an integer, but was: ${value}.`);
  }
  return number;
}

/**
 * The service's estimate of a total: the number of items so far, plus one when the page is full.
 */
export function estimatedTotal(window: PageWindow, pageSize: number): number {
  return window.offset + pageSize + (pageSize === window.limit ? 1 : 0);
}

/** One page of a list as `PaginatedResults`, with the service's estimated total. */
export function paginated<T>(
  items: readonly T[],
  window: PageWindow,
): { results: T[]; totalNumberOfResults: number } {
  const results = items.slice(window.offset, window.offset + window.limit);
  return { results, totalNumberOfResults: estimatedTotal(window, results.length) };
}

/** Size of a page that is addressed by a `nextPageToken`. */
export const tokenPageSize = 50;

/** Reads a `nextPageToken` (`<limit>a<offset>`). @throws 400 when it has another format. */
export function tokenWindow(token: string | undefined, pageSize = tokenPageSize): PageWindow {
  if (token === undefined || token === '') {
    return { offset: 0, limit: pageSize };
  }
  const match = /^(\d{1,9})a(\d{1,15})$/.exec(token);
  const limit = Number(match?.[1]);
  const offset = Number(match?.[2]);
  if (match === null || limit < 1 || limit > pageSize) {
    throw badRequest(`Unknown nextPageToken: ${token.slice(0, 100)}`);
  }
  return { offset, limit };
}

/** Writes the token of the page that starts at `window.offset`. */
export function formatPageToken(window: PageWindow): string {
  return `${window.limit}a${window.offset}`;
}

/** One page of a whole list; `nextPageToken` is absent on the last one. */
export function tokenPage<T>(
  items: readonly T[],
  token: string | undefined,
  pageSize = tokenPageSize,
): { page: T[]; nextPageToken?: string } {
  const window = tokenWindow(token, pageSize);
  const end = window.offset + window.limit;
  const page = items.slice(window.offset, end);
  return items.length > end
    ? { page, nextPageToken: formatPageToken({ offset: end, limit: window.limit }) }
    : { page };
}
