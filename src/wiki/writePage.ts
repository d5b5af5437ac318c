import type * as M from '../../generated/models.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import { NotFoundError, PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { WikiCalls } from './wikiCalls.js';

type NewPage = M.V2WikiPage & { markdownFileHandleId: string };

/**
 * Creates a page. After a lost answer, the page is looked up by the file of its text, which no other page has, so that it is not
 * created twice.
 */
export async function createPage(
  wiki: WikiCalls,
  page: NewPage,
  { signal }: Pick<CommonOptions, 'signal'>,
): Promise<M.V2WikiPage> {
  try {
    return await wiki.create(page, { signal });
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    return (await findCreated(wiki, page, { signal })) ?? wiki.create(page, { signal });
  }
}

async function findCreated(
  wiki: WikiCalls,
  { markdownFileHandleId, parentWikiId, title }: NewPage,
  options: Pick<CommonOptions, 'signal'>,
): Promise<M.V2WikiPage | undefined> {
  const isMine = (page: M.V2WikiPage): boolean =>
    page.markdownFileHandleId === markdownFileHandleId;
  if (parentWikiId === undefined) {
    const root = await ifThere(wiki.root(options));
    return root !== undefined && isMine(root) ? root : undefined;
  }
  for await (const { id = '', ...header } of wiki.headers(options)) {
    if (header.parentId !== parentWikiId || header.title !== title) continue;
    const page = await ifThere(wiki.get({ wikiId: id }, options));
    if (page !== undefined && isMine(page)) return page;
  }
  return undefined;
}

/** Waits for an answer of Synapse. @returns `undefined` when Synapse answers 404 */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Updates a page. A request that is sent again after a lost answer is refused, because the first one changed the etag; the page
 * is then as it should be.
 *
 * @throws {@link PreconditionFailedError} when another user changed the page.
 */
export async function updatePage(
  wiki: WikiCalls,
  page: NewPage & { id: string },
  { signal }: Pick<CommonOptions, 'signal'>,
): Promise<M.V2WikiPage> {
  try {
    return await wiki.update(page, { signal });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    const current = await wiki.get({ wikiId: page.id }, { signal });
    if (current.etag === page.etag || !hasContent(current, page)) throw error;
    return current;
  }
}

/** Whether a page has the title, the place and the files of another. */
export function hasContent(page: M.V2WikiPage, other: M.V2WikiPage): boolean {
  return (
    page.title === other.title &&
    page.parentWikiId === other.parentWikiId &&
    page.markdownFileHandleId === other.markdownFileHandleId &&
    sameItems(page.attachmentFileHandleIds ?? [], other.attachmentFileHandleIds ?? [])
  );
}

function sameItems(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((item) => others.includes(item));
}
