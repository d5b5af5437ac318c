import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { currentOf, isSynapseId, type EntityRef } from '../values/ids.js';
import { quoted } from '../values/quoted.js';
import { copyPageFiles, type PageFiles } from './copyPageFiles.js';
import { mapOrderHint } from './orderHint.js';
import { subtree } from './pageTree.js';
import { readPages, type SourcePage } from './readPages.js';
import { linkedPages, rewriteMarkdown } from './rewriteMarkdown.js';
import { prepareMarkdown, uploadMarkdown } from './uploadMarkdown.js';
import { WikiCalls } from './wikiCalls.js';
import { pageHeader, pageInfo, type WikiHeader } from './wikiPage.js';
import { createPage, updatePage } from './writePage.js';

/** What {@link Wiki.copy} copies, and what it changes in the texts. */
export interface CopyWikiOptions extends CommonOptions {
  /** The page to copy, with all pages below it. @default all pages */
  entitySubPageId?: number | string;
  /** The page of the destination that gets the content of the first page. @default the root page */
  destinationSubPageId?: number | string;
  /** Pages of the destination that get the content of other pages, by the ids of those that are copied. @default none */
  onto?: ReadonlyMap<string, string>;
  /**
   * Whether links to the copied pages lead to the copies, and the id of the entity becomes that of the destination.
   * @default true
   */
  updateLinks?: boolean;
  /** Whether the ids in `entityMap` are replaced. @default true */
  updateSynIds?: boolean;
  /** The ids of entities that were copied, and those of their copies. @default none */
  entityMap?: ReadonlyMap<string, string> | Readonly<Record<string, string>>;
}

/** A page that was copied. */
export interface CopiedWikiPage extends WikiHeader {
  /** The id of the original. */
  copyOf: string;
}

/** One copy of a wiki. */
interface Copy {
  ctx: Context;
  from: string;
  to: string;
  target: WikiCalls;
  options: CommonOptions;
  onto: ReadonlyMap<string, string>;
  updateLinks: boolean;
  entities: ReadonlyMap<string, string>;
  /** The new ids of pages, as far as they are known. */
  ids: Map<string, string>;
  files: ReadonlyMap<string, PageFiles>;
}

/** A page that has been written. */
interface Written {
  page: M.V2WikiPage;
  /** Whether its text still has links to the originals of pages that were created after it. */
  isOpen: boolean;
}

/** Implements {@link Wiki.copy}. */
export async function copyWiki(
  ctx: Context,
  source: EntityRef,
  destination: EntityRef,
  options: CopyWikiOptions = {},
): Promise<CopiedWikiPage[]> {
  const { signal, onProgress, updateLinks = true, updateSynIds = true } = options;
  const rule = 'all versions of an entity have one wiki';
  const [from, to] = [currentOf(source, rule), currentOf(destination, rule)];
  const entities = updateSynIds ? entityMapOf(options.entityMap ?? {}) : new Map<string, string>();
  const fromWiki = new WikiCalls(ctx, { kind: 'Entity', id: from });
  const target = new WikiCalls(ctx, { kind: 'Entity', id: to });
  const headers = await headersToCopy(ctx, { from, wiki: fromWiki }, options);
  if (headers.length === 0) return [];
  const top = await topPage(ctx, { to, wiki: target, headers, isSame: from === to }, options);
  const pages = await readPages(ctx, fromWiki, headers, { signal, onProgress });
  const { onto = new Map<string, string>() } = options;
  const ids = new Map(onto);
  if (top?.id !== undefined) ids.set(headers[0]?.id ?? '', top.id);
  const files = await copyPageFiles(ctx, pages, { signal });
  const settings = { ctx, from, to, target, onto, updateLinks, entities, ids, files };
  const copy: Copy = { ...settings, options: { signal, onProgress } };
  const written = await writePages(copy, pages, top);
  await finishPages(copy, pages, written);
  const isWhole = options.entitySubPageId === undefined;
  if (isWhole && pages.length > 1) await mapOrderHint(ctx, { from, to, ids }, { signal });
  return pages.flatMap(({ id: copyOf }) => {
    const { page } = written.get(copyOf) ?? {};
    if (page === undefined) return [];
    const { id, title, parentWikiId: parentId } = page;
    return { ...pageHeader({ id, title, parentId }), copyOf };
  });
}

/** @throws {@link ArgumentError} for what is not the id of an entity */
function entityMapOf(
  given: ReadonlyMap<string, string> | Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const entities = given instanceof Map ? given : new Map(Object.entries(given));
  for (const id of [...entities].flat()) {
    const isPlain = isSynapseId(id) && !/[.\n]/.test(id);
    if (!isPlain) {
      throw new ArgumentError(`The entityMap has ${quoted(id)}, which is not the id of an entity.`);
    }
  }
  return entities as ReadonlyMap<string, string>;
}

/** The pages to copy, parents first; none when the entity has no wiki. */
async function headersToCopy(
  ctx: Context,
  { from, wiki }: { from: string; wiki: WikiCalls },
  { entitySubPageId, signal }: CopyWikiOptions,
): Promise<WikiHeader[]> {
  const rootId = await rootOf(ctx, from, signal);
  const wanted = entitySubPageId === undefined ? rootId : String(entitySubPageId);
  if (wanted === undefined) return [];
  const headers: WikiHeader[] = [];
  if (rootId !== undefined) {
    for await (const header of wiki.headers({ signal })) headers.push(pageHeader(header));
  }
  const selected = subtree(headers, wanted);
  if (selected !== undefined) return selected;
  throw new ArgumentError(`${from} has no wiki page ${wanted}, so nothing can be copied from it.`);
}

/** The id of the root page. @throws {@link NotFoundError} when there is no such entity */
async function rootOf(
  ctx: Context,
  id: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const request = { id, body: { includeEntity: true, includeRootWikiId: true } };
  const bundle = await ctx.services.entityBundle.getEntityBundle(request, { signal });
  return bundle.rootWikiId;
}

/**
 * The page of the destination that gets the content of the first page, if there is one.
 *
 * @throws {@link NotFoundError} when the destination or its page does not exist.
 * @throws {@link ArgumentError} when that page is to be copied itself.
 */
async function topPage(
  ctx: Context,
  {
    to,
    wiki,
    headers,
    isSame,
  }: { to: string; wiki: WikiCalls; headers: readonly WikiHeader[]; isSame: boolean },
  { destinationSubPageId, signal }: CopyWikiOptions,
): Promise<M.V2WikiPage | undefined> {
  const wikiId =
    destinationSubPageId === undefined
      ? await rootOf(ctx, to, signal)
      : String(destinationSubPageId);
  if (wikiId === undefined) return undefined;
  if (isSame && headers.some(({ id }) => id === wikiId)) {
    throw new ArgumentError(
      `The wiki page ${wikiId} of ${to} would be copied over itself: give a destinationSubPageId that is not copied.`,
    );
  }
  return wiki.get({ wikiId }, { signal });
}

/** Writes the pages one after the other, parents first. */
async function writePages(
  copy: Copy,
  pages: readonly SourcePage[],
  top: M.V2WikiPage | undefined,
): Promise<ReadonlyMap<string, Written>> {
  const written = new Map<string, Written>();
  const copied = new Set(pages.map(({ id }) => id));
  for (const source of pages) {
    const isFirst = written.size === 0;
    const links = copy.updateLinks ? linkedPages(source.markdown, copy.from, copied) : [];
    const isOpen = links.some((id) => !copy.ids.has(id));
    const there = isFirst ? top : await pageOnto(copy, source);
    const page = await writePage(copy, source, { there, isOpen });
    copy.ids.set(source.id, page.id ?? '');
    written.set(source.id, { page, isOpen });
  }
  return written;
}

/** The page of the destination that gets the content of a page. */
async function pageOnto(
  { target, onto, options: { signal } }: Copy,
  { id }: SourcePage,
): Promise<M.V2WikiPage | undefined> {
  const wikiId = onto.get(id);
  return wikiId === undefined ? undefined : target.get({ wikiId }, { signal });
}

async function writePage(
  copy: Copy,
  source: SourcePage,
  { there, isOpen }: { there: M.V2WikiPage | undefined; isOpen: boolean },
): Promise<M.V2WikiPage> {
  const { attachments = [], markdown = '' } = copy.files.get(source.id) ?? {};
  const page = {
    title: source.title,
    markdownFileHandleId: isOpen ? markdown : await textFile(copy, source, markdown),
    attachmentFileHandleIds: attachments,
  };
  if (there !== undefined) {
    return updatePage(copy.target, { ...there, ...page, id: pageInfo(there).id }, copy.options);
  }
  const parentWikiId = source.parentId === undefined ? undefined : copy.ids.get(source.parentId);
  return createPage(copy.target, { ...page, parentWikiId }, copy.options);
}

/** The file with the text of a copy: the copy of the original file, unless something changes in it. */
async function textFile(copy: Copy, source: SourcePage, copied: string): Promise<string> {
  const text = rewrite(copy, source.markdown);
  if (text === source.markdown) return copied;
  return uploadMarkdown(copy.ctx, await prepareMarkdown(text), copy.options);
}

function rewrite({ from, to, updateLinks, entities, ids }: Copy, markdown: string): string {
  const owner = updateLinks ? { from, to } : undefined;
  return rewriteMarkdown(markdown, { owner, pages: ids, entities });
}

/** Updates the texts with links to pages that did not exist yet. */
async function finishPages(
  copy: Copy,
  pages: readonly SourcePage[],
  written: ReadonlyMap<string, Written>,
): Promise<void> {
  for (const source of pages) {
    const { page, isOpen } = written.get(source.id) ?? {};
    if (page === undefined || !isOpen) continue;
    const { id, markdownFileHandleId: original } = pageInfo(page);
    const markdownFileHandleId = await textFile(copy, source, original);
    await updatePage(copy.target, { ...page, id, markdownFileHandleId }, copy.options);
  }
}
