import type * as M from '../../generated/models.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { pageId, pageIdOf, type WikiPageRef } from './pageIdOf.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, type WikiOwner } from './wikiOwner.js';
import { pageInfo, type WikiPageInfo } from './wikiPage.js';
import { hasContent } from './writePage.js';

/** A version of a page. */
export interface WikiVersion {
  /** The first version is 0. */
  version: number;
  modifiedOn?: string;
  /** Id of a user. */
  modifiedBy?: string;
}

/** Implements {@link Wiki.history}. */
export async function* pageHistory(
  ctx: Context,
  owner: WikiOwner,
  page: WikiPageRef | undefined,
  { signal }: CommonOptions = {},
): AsyncGenerator<WikiVersion, void, undefined> {
  const wiki = new WikiCalls(ctx, ownerId(owner));
  const wikiId = await pageIdOf(wiki, page, { signal });
  for await (const { version, ...rest } of wiki.history(wikiId, { signal })) {
    yield { version: Number(version), ...rest };
  }
}

/** Implements {@link Wiki.restore}. */
export async function restoreVersion(
  ctx: Context,
  owner: WikiOwner,
  page: WikiPageRef,
  version: number,
  { signal }: CommonOptions = {},
): Promise<WikiPageInfo> {
  const wiki = new WikiCalls(ctx, ownerId(owner));
  const wikiId = pageId(page);
  const restore = (): Promise<M.V2WikiPage> => wiki.restore(wikiId, version, { signal });
  try {
    return pageInfo(await restore());
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    const [current, wanted] = await Promise.all([
      wiki.get({ wikiId }, { signal }),
      wiki.get({ wikiId, wikiVersion: version }, { signal }),
    ]);
    return pageInfo(hasContent(current, wanted) ? current : await restore());
  }
}
