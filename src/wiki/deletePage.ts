import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { pageId, type WikiPageRef } from './pageIdOf.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, type WikiOwner } from './wikiOwner.js';

/** Implements {@link Wiki.delete}. */
export function deletePage(
  ctx: Context,
  owner: WikiOwner,
  page: WikiPageRef,
  { signal }: CommonOptions = {},
): Promise<void> {
  return new WikiCalls(ctx, ownerId(owner)).delete(pageId(page), { signal });
}
