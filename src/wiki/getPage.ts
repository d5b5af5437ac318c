import { errorFromResponse } from '../api/errorFromResponse.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import type { WikiVersionOptions } from './listAttachments.js';
import { pageId } from './pageIdOf.js';
import { readMarkdown } from './readMarkdown.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, ownerText, type OwnerId, type WikiOwner } from './wikiOwner.js';
import { pageInfo, type WikiPage } from './wikiPage.js';

/** Which page: by its id, by its title, or the root page. */
export interface WikiPageQuery extends WikiVersionOptions {
  /** @default the root page */
  id?: string;
  /** The full title of one page, case-sensitive. */
  title?: string;
}

/** Implements {@link Wiki.get}. */
export async function getPage(
  ctx: Context,
  owner: WikiOwner,
  { id, title, version, ...options }: WikiPageQuery = {},
): Promise<WikiPage> {
  const { signal } = options;
  const own = ownerId(owner);
  const wiki = new WikiCalls(ctx, own);
  let wikiId = id === undefined ? undefined : pageId(id);
  if (title !== undefined) {
    if (id !== undefined) throw new ArgumentError('Give the id or the title of a wiki page.');
    wikiId = await findByTitle(wiki, own, title, signal);
  }
  if (wikiId === undefined && version !== undefined) {
    wikiId = (await wiki.root({ signal })).id;
  }
  const page = await (wikiId === undefined
    ? wiki.root({ signal })
    : wiki.get({ wikiId, wikiVersion: version }, { signal }));
  const info = pageInfo(page);
  return { ...info, markdown: await readMarkdown(ctx, info, options) };
}

async function findByTitle(
  wiki: WikiCalls,
  owner: OwnerId,
  title: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const ids: string[] = [];
  for await (const header of wiki.headers({ signal })) {
    if (header.title === title && header.id !== undefined) ids.push(header.id);
  }
  const [first] = ids;
  if (first !== undefined && ids.length === 1) return first;
  if (first !== undefined) {
    throw new ArgumentError(
      `${ownerText(owner)} has ${ids.length} wiki pages with the title ${quoted(title)}: give the id of one: ${ids.join(', ')}.`,
    );
  }
  throw errorFromResponse({
    status: 404,
    method: 'GET',
    url: `/repo/v1/${owner.id}/wikiheadertree2`,
    text: `${ownerText(owner)} has no wiki page with the title ${quoted(title)}.`,
  });
}
