import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { pool } from '../transfer/pool.js';
import { readMarkdown } from './readMarkdown.js';
import type { WikiCalls } from './wikiCalls.js';
import { pageInfo, type WikiHeader, type WikiPage } from './wikiPage.js';

/** A page to copy. Its parent is that of the header: the first page has none. */
export type SourcePage = WikiPage;

/** Pages to read at the same time. */
const pagesAtOnce = 16;
/** Texts to read at the same time. Their files are looked up with one request. */
const textsAtOnce = 50;

/** Reads pages with their texts, and gives them in the order of the headers. */
export async function readPages(
  ctx: Context,
  wiki: WikiCalls,
  headers: readonly WikiHeader[],
  { signal, onProgress }: CommonOptions,
): Promise<SourcePage[]> {
  const reading = pool(headers, { limit: pagesAtOnce, signal }, async (header, own) => {
    const page = pageInfo(await wiki.get({ wikiId: header.id }, { signal: own }));
    return { ...page, parentId: header.parentId };
  });
  const pages = await collect(reading);
  const texts = pool(pages, { limit: textsAtOnce, signal }, async (page, own) => {
    return { ...page, markdown: await readMarkdown(ctx, page, { signal: own, onProgress }) };
  });
  const byId = new Map((await collect(texts)).map((page) => [page.id, page]));
  return headers.flatMap(({ id }) => byId.get(id) ?? []);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
