import type { Context } from '../context.js';
import { DownloadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { getOrderHint } from './orderHint.js';
import { pageTree, type WikiTree } from './pageTree.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, ownerText, type WikiOwner } from './wikiOwner.js';
import { pageHeader, type WikiHeader } from './wikiPage.js';

/** Implements {@link Wiki.headers}. */
export async function* listHeaders(
  ctx: Context,
  owner: WikiOwner,
  { signal }: CommonOptions = {},
): AsyncGenerator<WikiHeader, void, undefined> {
  const wiki = new WikiCalls(ctx, ownerId(owner));
  for await (const header of wiki.headers({ signal })) yield pageHeader(header);
}

/** Implements {@link Wiki.tree}. */
export async function wikiTree(
  ctx: Context,
  owner: WikiOwner,
  options: CommonOptions = {},
): Promise<WikiTree> {
  const own = ownerId(owner);
  const headers: WikiHeader[] = [];
  for await (const header of listHeaders(ctx, owner, options)) headers.push(header);
  const order = own.kind === 'Entity' ? await getOrderHint(ctx, own.id, options) : undefined;
  const tree = pageTree(headers, order?.ids);
  if (tree !== undefined) return tree;
  throw new DownloadError(`Synapse lists no root page of the wiki of ${ownerText(own)}.`);
}
