import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type * as M from '../../../generated/models.js';
import { errorFromResponse } from '../../api/errorFromResponse.js';
import type { Context } from '../../context.js';
import { ArgumentError, type Failure } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import type { CommonOptions } from '../../options.js';
import { pool } from '../../transfer/pool.js';
import { quoted } from '../../values/quoted.js';
import { isPreview } from '../listAttachments.js';
import { hasMarkdown } from '../readMarkdown.js';
import type { WikiCalls } from '../wikiCalls.js';
import type { OwnerId } from '../wikiOwner.js';
import { pageInfo, type WikiHeader } from '../wikiPage.js';
import type { IndexAttachment, SyncedAttachment, SyncedPage } from './folderIndex.js';
import { md5Of, textOf } from './folderText.js';
import { ImportTexts } from './importText.js';
import { readPageFile, type LocalFolder, type LocalPage } from './readFolder.js';

const compress = promisify(gzip);

/** Maximum number of characters of a title. */
const longestTitle = 256;
const pagesAtOnce = 8;

/** What of a page is different in the folder. */
export type WikiPageChange = 'attachments' | 'parent' | 'text' | 'title';

/** An attachment of a page with its MD5. */
export interface LocalAttachment extends IndexAttachment {
  md5: string;
}

/** What happens to a page. */
export interface PagePlan {
  page: LocalPage;
  action: 'create' | 'keep' | 'update';
  changes: WikiPageChange[];
  /** What the page was when it was last in sync; for a page that is the same by chance, what it is. */
  synced?: SyncedPage | undefined;
  /** The page in Synapse, if it was read. */
  current?: M.V2WikiPage | undefined;
  attachments: readonly LocalAttachment[];
  /** The file handles that the page keeps, and the attachments among them that have not changed. */
  kept: readonly string[];
  present: readonly SyncedAttachment[];
}

/** The wiki that is written, and what is known of it. */
export interface ImportTarget {
  ctx: Context;
  wiki: WikiCalls;
  owner: OwnerId;
  /** All pages that are there. */
  headers: ReadonlyMap<string, WikiHeader>;
  /** The pages that were in sync, by the files that they had then. */
  synced: ReadonlyMap<string, SyncedPage>;
  overwrite: boolean;
  /** Whether attachments that are no longer in the folder are removed. */
  isDeleting: boolean;
  options: CommonOptions;
}

/** Compares the pages of a folder with a wiki. Ids of pages that exist are added to `ids`. */
export async function planPages(
  target: ImportTarget,
  folder: LocalFolder,
  ids: Map<string, string>,
): Promise<{ plans: PagePlan[]; failures: Failure[] }> {
  const failures: Failure[] = [];
  const texts = new ImportTexts(folder, target.owner, { ids, kept: keptPages(target) });
  for (const { file, was } of folder.pages) {
    const id = target.synced.get(was)?.id;
    if (id !== undefined && target.headers.has(id)) ids.set(file, id);
  }
  const planner: Planner = { target, folder, texts, ids, matched: new Map() };
  await matchNewPages(planner);
  const planning = pool(
    folder.pages,
    { limit: pagesAtOnce, signal: target.options.signal },
    async (page, signal) => {
      const own = { ...planner, target: { ...target, options: { ...target.options, signal } } };
      try {
        return await planPage(own, page);
      } catch (error) {
        target.options.signal?.throwIfAborted();
        failures.push({
          path: page.file,
          error: error instanceof Error ? error : new Error(String(error)),
        });
        return undefined;
      }
    },
  );
  const byFile = new Map<string, PagePlan>();
  for await (const plan of planning) if (plan !== undefined) byFile.set(plan.page.file, plan);
  return { plans: folder.pages.flatMap(({ file }) => byFile.get(file) ?? []), failures };
}

/** The pages that stay in the wiki whether they have a file or not. */
export function keptPages({ isDeleting, synced }: ImportTarget): SyncedPage[] {
  return isDeleting ? [] : [...synced.values()];
}

interface Planner {
  target: ImportTarget;
  folder: LocalFolder;
  texts: ImportTexts;
  ids: Map<string, string>;
  /** Pages that the index does not know and that have the place and title of a page in Synapse. */
  matched: Map<string, string>;
}

/** Finds pages in Synapse for pages that the index does not know: those with their title below the same page. */
async function matchNewPages(planner: Planner): Promise<void> {
  const { target, folder, ids, matched } = planner;
  const used = new Set(ids.values());
  const free = new Map<string, WikiHeader[]>();
  for (const header of target.headers.values()) {
    if (used.has(header.id)) continue;
    const key = placeOf(header.parentId, header.title);
    free.set(key, [...(free.get(key) ?? []), header]);
  }
  for (const page of folder.pages) {
    target.options.signal?.throwIfAborted();
    if (ids.has(page.file) || target.synced.has(page.was)) continue;
    const above = page.parent === undefined ? undefined : ids.get(page.parent);
    if (page.parent !== undefined && above === undefined) continue;
    const key = placeOf(above, page.title);
    const same = page.parent === undefined ? rootsOf(target) : (free.get(key) ?? []);
    const left = same.filter(({ id }) => !used.has(id));
    const header = left.length > 1 ? await sameAmong(planner, page, left) : left[0];
    if (header === undefined) continue;
    used.add(header.id);
    ids.set(page.file, header.id);
    matched.set(page.file, header.id);
  }
}

function placeOf(parentId: string | undefined, title: string | undefined): string {
  return `${parentId ?? ''} ${title ?? ''}`;
}

function rootsOf({ headers }: ImportTarget): WikiHeader[] {
  return [...headers.values()].filter(({ parentId }) => parentId === undefined);
}

/** Of several pages with one title, the one with the same content. */
async function sameAmong(
  { target, texts, folder }: Planner,
  page: LocalPage,
  headers: readonly WikiHeader[],
): Promise<WikiHeader | undefined> {
  const { bytes } = texts.convert(page, await readPageFile(folder.directory, page.file));
  for (const header of headers) {
    const current = await target.wiki.get({ wikiId: header.id }, target.options);
    if (await hasText(target, current, bytes)) return header;
  }
  return undefined;
}

async function planPage(planner: Planner, page: LocalPage): Promise<PagePlan> {
  const { target, folder, texts, ids, matched } = planner;
  const { signal } = target.options;
  checkTitle(page);
  const content = await readPageFile(folder.directory, page.file);
  const synced = target.synced.get(page.was);
  checkEncoding(page, content, synced);
  const attachments: LocalAttachment[] = [];
  for (const attachment of page.attachments) {
    const md5 = await fileMd5(join(folder.directory, attachment.file), signal);
    attachments.push({ ...attachment, md5 });
  }
  const local = { page, attachments, ...texts.convert(page, content) };
  const id = ids.get(page.file);
  if (id === undefined) return newPage(planner, local, synced);
  if (matched.has(page.file)) return planMatched(planner, local, id);
  if (synced === undefined) return newPage(planner, local, undefined);
  const changes = changesOf(planner, local, synced);
  const plan = { page, attachments, changes, synced };
  const isKept = changes.length === 0 && !target.overwrite;
  if (isKept) return { ...plan, action: 'keep', kept: [], present: synced.attachments };
  const current = await target.wiki.get({ wikiId: id }, { signal });
  if (current.etag === synced.etag) {
    if (changes.length === 0) {
      return { ...plan, action: 'keep', current, kept: [], present: synced.attachments };
    }
    return { ...plan, action: 'update', current, ...attachmentsToKeep(target, plan, current) };
  }
  return planChanged(planner, local, current);
}

/** A page with what its file says. */
interface Local {
  page: LocalPage;
  attachments: readonly LocalAttachment[];
  bytes: Buffer;
  isOpen: boolean;
}

function newPage(
  { target }: Planner,
  { page, attachments }: Local,
  synced: SyncedPage | undefined,
): PagePlan {
  if (synced !== undefined && !target.overwrite) {
    throw conflict(
      target,
      `The wiki page ${synced.id} was deleted in Synapse since the last export. Remove ${page.file}, or pass overwrite to create the page again.`,
    );
  }
  return {
    page,
    action: 'create',
    changes: [],
    attachments,
    kept: [],
    present: [],
  };
}

/** A page that the index does not know: it is used when it is the same or empty, and else only if it may be overwritten. */
async function planMatched(planner: Planner, local: Local, id: string): Promise<PagePlan> {
  const current = await planner.target.wiki.get({ wikiId: id }, planner.target.options);
  return planChanged(planner, local, current);
}

/** A page that is not what the folder knows of it. */
async function planChanged(
  planner: Planner,
  local: Local,
  current: M.V2WikiPage,
): Promise<PagePlan> {
  const { target, ids } = planner;
  const { page, attachments, bytes, isOpen } = local;
  const present = await attachmentsNow(target, current);
  const parentId = page.parent === undefined ? undefined : ids.get(page.parent);
  const changes: WikiPageChange[] = [];
  if (page.title !== undefined && page.title !== current.title) changes.push('title');
  if (current.parentWikiId !== parentId) changes.push('parent');
  if (isOpen || !(await hasText(target, current, bytes))) changes.push('text');
  const names = new Map(present.map(({ name, md5 }) => [name, md5]));
  if (attachments.some(({ name, md5 }) => names.get(name) !== md5)) changes.push('attachments');
  const plan = { page, attachments, changes, current, present };
  const { title, parent, md5 } = page;
  const { id, etag } = pageInfo(current);
  const file = { file: page.was, title, parent, md5, stored: md5Of(bytes) };
  if (changes.length === 0) {
    const synced = { ...file, id, etag, attachments: present };
    return { ...plan, action: 'keep', synced, kept: [] };
  }
  const known = [...target.synced.values()].find((each) => each.id === id);
  const isKnown = known?.etag === etag && known.file !== page.was;
  const isEmpty = present.length === 0 && (await hasText(target, current, Buffer.alloc(0)));
  const isNew = !target.synced.has(page.was);
  if (!target.overwrite && !isKnown && !(isNew && isEmpty)) {
    const since = isNew
      ? `has the title ${quoted(current.title)} and other content`
      : 'was changed in Synapse since the last export';
    throw conflict(
      target,
      `The wiki page ${id} ${since}. Export the wiki again and repeat the change, or pass overwrite to replace the page.`,
    );
  }
  return { ...plan, action: 'update', kept: current.attachmentFileHandleIds ?? [] };
}

/** What is different in the folder since the page was last in sync. */
function changesOf(
  { target, ids }: Planner,
  { page, attachments, bytes, isOpen }: Local,
  synced: SyncedPage,
): WikiPageChange[] {
  const changes: WikiPageChange[] = [];
  if (page.title !== synced.title) changes.push('title');
  const above = synced.parent === undefined ? undefined : target.synced.get(synced.parent)?.id;
  const parentId = page.parent === undefined ? undefined : ids.get(page.parent);
  if (parentId !== above || (page.parent === undefined) !== (synced.parent === undefined)) {
    changes.push('parent');
  }
  if (isOpen || md5Of(bytes) !== synced.stored) changes.push('text');
  const before = new Map(synced.attachments.map(({ name, md5 }) => [name, md5]));
  const names = new Set(attachments.map(({ name }) => name));
  const isOther = attachments.some(({ name, md5 }) => before.get(name) !== md5);
  const isLess = target.isDeleting && synced.attachments.some(({ name }) => !names.has(name));
  if (isOther || isLess) changes.push('attachments');
  return changes;
}

/** The file handles that stay: all of the page, except those that are replaced or removed. */
function attachmentsToKeep(
  { isDeleting }: ImportTarget,
  { attachments, synced }: { attachments: readonly LocalAttachment[]; synced: SyncedPage },
  current: M.V2WikiPage,
): Pick<PagePlan, 'kept' | 'present'> {
  const names = new Set(attachments.map(({ name }) => name));
  const present = synced.attachments.filter(({ name }) => names.has(name) || !isDeleting);
  const gone = new Set(synced.attachments.map(({ id }) => id));
  for (const { id } of present) gone.delete(id);
  const kept = (current.attachmentFileHandleIds ?? []).filter((id) => !gone.has(id));
  return { kept, present };
}

async function attachmentsNow(
  { wiki, options: { signal } }: ImportTarget,
  current: M.V2WikiPage,
): Promise<SyncedAttachment[]> {
  if ((current.attachmentFileHandleIds ?? []).length === 0) return [];
  const handles = await wiki.attachments({ wikiId: current.id ?? '' }, { signal });
  return handles
    .filter((handle) => !isPreview(handle))
    .map(({ id = '', fileName = '', contentMd5 = '' }) => {
      return { name: fileName, id, md5: contentMd5.toLowerCase() };
    });
}

async function hasText(
  { ctx, options: { signal } }: ImportTarget,
  current: M.V2WikiPage,
  bytes: Buffer,
): Promise<boolean> {
  const { id, markdownFileHandleId } = pageInfo(current);
  const text = { text: bytes, compressed: await compress(bytes) };
  return hasMarkdown(ctx, { id, markdownFileHandleId }, text, { signal });
}

function checkTitle({ title = '', file }: LocalPage): void {
  if (title.length <= longestTitle) return;
  throw new ArgumentError(
    `The title of ${file} has ${title.length} characters, and Synapse allows ${longestTitle}: shorten its first heading or its title in wiki.json.`,
  );
}

/** Other bytes than UTF-8 are only written back as they were read. */
function checkEncoding(
  { file, md5, links }: LocalPage,
  content: Buffer,
  synced: SyncedPage | undefined,
): void {
  if (textOf(content) !== undefined || links === 'synapse') return;
  if (synced?.md5 === md5) return;
  throw new ArgumentError(`${file} is not a text in UTF-8: convert it.`);
}

function conflict({ owner }: ImportTarget, text: string): Error {
  return errorFromResponse({
    status: 412,
    method: 'PUT',
    url: `/repo/v1/${owner.id}/wiki2`,
    text,
  });
}
