import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError, ConflictError, SynapseHttpError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { attachFiles, checkAttachments, type WikiAttachment } from './attachFiles.js';
import { isPreview } from './listAttachments.js';
import { hasMarkdown } from './readMarkdown.js';
import {
  prepareMarkdown,
  uploadMarkdown,
  type Markdown,
  type MarkdownInput,
} from './uploadMarkdown.js';
import { WikiCalls } from './wikiCalls.js';
import { ownerId, ownerText, type WikiOwner } from './wikiOwner.js';
import { pageInfo, type WikiPageInfo } from './wikiPage.js';
import { createPage, hasContent, ifThere, updatePage } from './writePage.js';

/** A page to store. When a page is updated, members that are absent are not changed. */
export interface WikiPageInput {
  /** The page to update. Without an id, a page is created below `parentId`; without both, the root page is meant. */
  id?: string;
  /** The page is updated only if it still has this etag. */
  etag?: string;
  title?: string;
  /** The page above. An existing page is moved there. */
  parentId?: string;
  /** @default '' for a new page */
  markdown?: MarkdownInput;
  /** Files to add. One with the name of an attachment replaces it. */
  attachments?: readonly WikiAttachment[];
  /** The attachments to keep. @default all */
  attachmentFileHandleIds?: readonly string[];
}

type Files = Awaited<ReturnType<typeof checkAttachments>>;

/** What is stored. */
interface Change {
  input: WikiPageInput;
  markdown: Markdown | undefined;
  files: Files;
}

/** Implements {@link Wiki.store}. */
export async function storePage(
  ctx: Context,
  owner: WikiOwner,
  input: WikiPageInput,
  options: CommonOptions = {},
): Promise<WikiPageInfo> {
  const own = ownerId(owner);
  const wiki = new WikiCalls(ctx, own);
  const { id, etag, parentId, markdown } = input;
  const { signal } = options;
  if (etag !== undefined && id === undefined && parentId !== undefined) {
    throw new ArgumentError('A page with an etag has an id: give it, or leave the etag out.');
  }
  const change: Change = {
    input,
    markdown: markdown === undefined ? undefined : await prepareMarkdown(markdown),
    files: await checkAttachments(ctx, input.attachments ?? [], options),
  };
  if (id !== undefined) {
    const current = await wiki.get({ wikiId: id }, { signal });
    return pageInfo(await update(ctx, wiki, { change, current }, options));
  }
  if (parentId !== undefined) return pageInfo(await create(ctx, wiki, change, options));
  const root = await ifThere(wiki.root({ signal }));
  if (root !== undefined) {
    return pageInfo(await update(ctx, wiki, { change, current: root }, options));
  }
  if (etag !== undefined) {
    throw new ArgumentError(`${ownerText(own)} has no root page, so none with the etag ${etag}.`);
  }
  try {
    return pageInfo(await create(ctx, wiki, change, options));
  } catch (error) {
    if (!isTaken(error)) throw error;
    // Another program has created the root page meanwhile.
    const current = await wiki.root({ signal });
    return pageInfo(await update(ctx, wiki, { change, current }, options));
  }
}

/** There is a root page. Synapse says so with 409, and has said so with 400. */
function isTaken(error: unknown): boolean {
  if (error instanceof ConflictError) return true;
  if (!(error instanceof SynapseHttpError) || error.status !== 400) return false;
  return /duplicate|already exists/i.test(error.reason);
}

async function create(
  ctx: Context,
  wiki: WikiCalls,
  { input, markdown, files }: Change,
  options: CommonOptions,
): Promise<M.V2WikiPage> {
  const added = await attachFiles(ctx, files, [], options);
  const text = markdown ?? (await prepareMarkdown(''));
  const page = {
    title: input.title,
    parentWikiId: input.parentId,
    markdownFileHandleId: await uploadMarkdown(ctx, text, options),
    attachmentFileHandleIds: [...(input.attachmentFileHandleIds ?? []), ...added],
  };
  return createPage(wiki, page, options);
}

async function update(
  ctx: Context,
  wiki: WikiCalls,
  { change, current }: { change: Change; current: M.V2WikiPage },
  options: CommonOptions,
): Promise<M.V2WikiPage> {
  const { input, markdown } = change;
  const { id, markdownFileHandleId } = pageInfo(current);
  const isKept =
    markdown === undefined ||
    (await hasMarkdown(ctx, { id, markdownFileHandleId }, markdown, options));
  const page = {
    ...current,
    id,
    etag: input.etag ?? current.etag,
    title: input.title ?? current.title,
    parentWikiId: input.parentId ?? current.parentWikiId,
    markdownFileHandleId,
    attachmentFileHandleIds: await attachmentsOf(ctx, wiki, { change, current }, options),
  };
  if (isKept && hasContent(current, page)) return current;
  if (!isKept) page.markdownFileHandleId = await uploadMarkdown(ctx, markdown, options);
  return updatePage(wiki, page, options);
}

async function attachmentsOf(
  ctx: Context,
  wiki: WikiCalls,
  { change, current }: { change: Change; current: M.V2WikiPage },
  options: CommonOptions,
): Promise<string[]> {
  const { input, files } = change;
  const there = current.attachmentFileHandleIds ?? [];
  const kept = [...(input.attachmentFileHandleIds ?? there)];
  if (files.length === 0) return kept;
  const page = { wikiId: current.id ?? '' };
  const handles = there.length === 0 ? [] : await wiki.attachments(page, options);
  const present = handles.filter((handle) => !isPreview(handle) && kept.includes(handle.id ?? ''));
  const known = present.map((handle) => handle.id);
  const unknown = kept.filter((id) => !known.includes(id));
  return [...unknown, ...(await attachFiles(ctx, files, present, options))];
}
