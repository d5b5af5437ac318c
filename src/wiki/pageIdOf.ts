import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { WikiCalls } from './wikiCalls.js';

/** A page: its id, or the page. */
export type WikiPageRef = string | { id?: string };

/** The id of a page; without one, of the root page. */
export async function pageIdOf(
  wiki: WikiCalls,
  page: WikiPageRef | undefined,
  options: Pick<CommonOptions, 'signal'>,
): Promise<string> {
  if (page === undefined) return (await wiki.root(options)).id ?? '';
  return pageId(page);
}

/** @throws {@link ArgumentError} for a page that has not been stored */
export function pageId(page: WikiPageRef): string {
  const id = typeof page === 'string' ? page : page.id;
  if (id !== undefined && id !== '') return id;
  throw new ArgumentError('The wiki page has no id: it has not been stored.');
}
