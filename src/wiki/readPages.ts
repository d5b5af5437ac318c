import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { pool } from '../transfer/pool.js';
import { readMarkdown } from './readMarkdown.js';
import type { WikiCalls } from './wikiCalls.js';
import { pageInfo, type WikiHeader, type WikiPage } from './wikiPage.js';

/** A page to copy. Its parent is that of the header: the first page has none. */
export type SourcePage = WikiPage;

/** Pages to read at the same time. The files of their texts are looked up together. */
const pagesAtOnce = 16;

/** Reads pages with their texts, and gives them in the order of the headers. */
export async function readPages(
  ctx: Context,
  wiki: WikiCalls,
  headers: readonly WikiHeader[],
  { signal, onProgress }: CommonOptions,
): Promise<SourcePage[]> {
  const reading = pool(headers, { limit: pagesAtOnce, signal }, async (header, own) => {
    const page = pageInfo(await wiki.get({ wikiId: header.id }, { signal: own }));
    const markdown = await readMarkdown(ctx, page, { signal: own, onProgress });
    return { ...page, parentId: header.parentId, markdown };
  });
  const byId = new Map<string, SourcePage>();
  for await (const page of reading) byId.set(page.id, page);
  return headers.flatMap(({ id }) => byId.get(id) ?? []);
}
