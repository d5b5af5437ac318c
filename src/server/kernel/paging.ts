import { pageLimits, type PageLimit } from '../pageLimits.js';
import { readLong } from './readLong.js';
import { badRequest } from './serviceError.js';

/** A part of a list. */
export interface PageWindow {
  readonly offset: number;
  readonly limit: number;
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
  { usual, min, max = Infinity, reasons }: PageLimit = pageLimits.any,
): PageWindow {
  const offset = integerParameter('offset', query.offset) ?? 0;
  const limit = integerParameter('limit', query.limit) ?? usual;
  if (offset < 0) {
    throw badRequest(reasons.negativeOffset);
  }
  if (limit < min) {
    throw badRequest(reasons.belowMin);
  }
  if (limit > max) {
    throw badRequest(reasons.aboveMax ?? `The limit may not exceed ${max}.`);
  }
  return { offset, limit };
}

function integerParameter(name: string, value: number | string | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const number = typeof value === 'number' ? value : readLong(value);
  if (number === undefined || !Number.isSafeInteger(number)) {
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
  const parts = token.split('a', 3);
  if (parts.length !== 2 || parts[1] === '') {
    throw badRequest(`Unknow token format: ${token.slice(0, 100)}`);
  }
  const [limit, offset] = parts.map(readLong);
  if (limit === undefined || offset === undefined || limit < 1 || offset < 0) {
    throw badRequest(`For input string: "${token.slice(0, 100)}"`);
  }
  if (limit > pageSize) {
    throw badRequest(`Limit must not exceed: ${pageSize}`);
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
