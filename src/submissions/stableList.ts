import { listing, type Listing } from '../api/listing.js';
import { EndlessPagesError } from '../errors.js';
import { pageSize } from '../evaluations/pageSize.js';

/** Pages of one list. */
const mostPages = 10_000;

/**
 * Lists what is read in pages by offset, also while items leave the list: a caller who scores or deletes each item of a list would
 * otherwise miss as many later ones. Each page begins with the last item of the one before. Where it does not, pages before it are
 * read again. No item is listed twice.
 *
 * @param operation - For the error about a list that has no end.
 * @param read - Reads a page.
 * @param keyOf - What identifies an item.
 */
export function stableList<T>(
  operation: string,
  read: (offset: number, limit: number) => Promise<readonly T[]>,
  keyOf: (item: T) => string,
): Listing<T> {
  return listing(async function* () {
    const seen = new Set<string>();
    let offset = 0;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const page = await read(offset, pageSize);
      const isNext = offset === 0 || page.some((item) => seen.has(keyOf(item)));
      if (isNext) {
        for (const item of page) {
          const key = keyOf(item);
          if (seen.has(key)) continue;
          seen.add(key);
          yield item;
        }
        if (page.length < pageSize) return;
      }
      offset = Math.max(0, offset + (isNext ? 1 : -1) * (pageSize - 1));
    }
    throw new EndlessPagesError(operation, `it has more than ${mostPages} pages`);
  });
}
