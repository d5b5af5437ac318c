import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.js';
import { DownloadError, fileSystemError, type Failure } from '../../errors.js';
import { makeFolders } from '../../files/makeFolders.js';
import { fileMd5 } from '../../files/fileMd5.js';
import type { CommonOptions } from '../../options.js';
import { pool } from '../../transfer/pool.js';
import { getOrderHint } from '../orderHint.js';
import { pageTree, type WikiTree } from '../pageTree.js';
import { WikiCalls } from '../wikiCalls.js';
import { ownerId, ownerText, type OwnerId, type WikiOwner } from '../wikiOwner.js';
import { pageHeader, pageInfo, type WikiHeader, type WikiPageInfo } from '../wikiPage.js';
import { exportPage, type Earlier, type ExportedPage, type ExportJob } from './exportPage.js';
import { writeIndex, type FolderIndex, type IndexPage } from './folderIndex.js';
import { pageFiles } from './folderPaths.js';
import { openFolder, type ExportFolder } from './openFolder.js';

/** How {@link Wiki.export} writes. */
export interface ExportWikiOptions extends CommonOptions {
  /**
   * Whether files that are in the folder already are replaced: in a folder with other files, and files that have changed since the
   * last export.
   *
   * @default false
   */
  overwrite?: boolean;
  /** Whether unchanged files are removed whose pages were deleted in Synapse since the last export. @default false */
  delete?: boolean;
  /**
   * What links between the pages are in the files: `relative` links to the other file, as git hosts show them, or as they are in
   * `synapse`. Both are the same again after an import.
   *
   * @default 'relative'
   */
  links?: 'relative' | 'synapse';
}

/** A wiki in a folder. */
export interface WikiExport {
  /** The absolute path of the folder. */
  directory: string;
  /** The pages with their files, relative to the folder, in the order of the website. */
  pages: { id: string; title?: string | undefined; file: string }[];
  /** Files that were written, relative to the folder. The others had their content already. */
  written: string[];
  /** Files of pages that are no longer in Synapse: removed with `delete`, else kept. */
  deleted: string[];
  kept: string[];
  /** What could not be exported, and why. All else is complete. */
  failures: Failure[];
}

/** Pages whose files are looked up together. */
const pagesTogether = 100;
const pagesAtOnce = 16;
const textsAtOnce = 8;

/** Implements {@link Wiki.export}. */
export async function exportWiki(
  ctx: Context,
  owner: WikiOwner,
  directory: string,
  options: ExportWikiOptions = {},
): Promise<WikiExport> {
  const { overwrite = false, signal, onProgress } = options;
  const own = ownerId(owner);
  const folder = await openFolder(directory, own, overwrite);
  const wiki = new WikiCalls(ctx, own);
  const { pages, order, lost } = await readTree(ctx, wiki, own, { signal });
  const earlier = earlierPages(folder);
  // A page that only holds others, as an import has made it of a folder, gets a file.
  const named = [...earlier].filter(([, { page }]) => !page.file.endsWith('/'));
  const known = new Map(named.map(([id, { page }]) => [id, page.file]));
  const files = pageFiles(pages, known);
  const job: ExportJob = {
    ctx,
    owner: own,
    directory: folder.directory,
    files,
    ids: new Map([...files].map(([id, file]) => [file, id])),
    overwrite,
    isRelative: (options.links ?? 'relative') === 'relative',
    options: { signal, onProgress },
    written: [],
    failures: lost,
  };
  const gone = [...earlier.values()].filter(({ synced }) => !files.has(synced.id));
  const removed = options.delete === true ? await removeGone(job, gone) : [];
  const left = gone.filter((each) => !removed.includes(each));
  const state: ExportState = { job, folder, order, left, done: new Map(earlier) };
  await exportPages(state, wiki, pages);
  return {
    directory: folder.directory,
    pages: pages.map(({ id, title }) => ({ id, title, file: files.get(id) ?? '' })),
    written: job.written.sort(),
    deleted: removed.map(({ page }) => page.file),
    kept: left.map(({ page }) => page.file),
    failures: job.failures,
  };
}

/** The pages in the order of the website, parents first. */
async function readTree(
  ctx: Context,
  wiki: WikiCalls,
  own: OwnerId,
  options: Pick<CommonOptions, 'signal'>,
): Promise<{ pages: WikiHeader[]; order: string[]; lost: Failure[] }> {
  const headers: WikiHeader[] = [];
  for await (const header of wiki.headers(options)) headers.push(pageHeader(header));
  const hint = own.kind === 'Entity' ? await getOrderHint(ctx, own.id, options) : undefined;
  const tree = pageTree(headers, hint?.ids);
  if (tree === undefined) {
    throw new DownloadError(`Synapse lists no root page of the wiki of ${ownerText(own)}.`);
  }
  const pages = flat(tree);
  const found = new Set(pages.map(({ id }) => id));
  const lost = headers.filter(({ id }) => !found.has(id));
  const why = new DownloadError('Synapse lists no page above it that is part of the wiki.');
  return {
    pages,
    order: hint?.ids ?? [],
    lost: lost.map(({ id }) => ({ path: `page ${id}`, error: why })),
  };
}

function flat(tree: WikiTree): WikiHeader[] {
  const pages: WikiHeader[] = [];
  const pending = [tree];
  for (let page = pending.pop(); page !== undefined; page = pending.pop()) {
    const { children, ...header } = page;
    pages.push(header);
    pending.push(...children.toReversed());
  }
  return pages;
}

/** The pages of an earlier export, by their ids. */
function earlierPages({ index, wiki }: ExportFolder): Map<string, Earlier> {
  const pages = new Map(index?.pages.map((page) => [page.file, page]));
  const found = (wiki?.pages ?? []).flatMap((synced) => {
    const page = pages.get(synced.file);
    return page === undefined ? [] : [[synced.id, { page, synced }] as const];
  });
  return new Map(found);
}

interface ExportState {
  job: ExportJob;
  folder: ExportFolder;
  order: readonly string[];
  /** Pages that are no longer in Synapse, and whose files are kept. */
  left: readonly Earlier[];
  done: Map<string, ExportedPage>;
}

/** The index is written before the first page and after every hundred, so that an export that ends early can go on. */
async function exportPages(
  state: ExportState,
  wiki: WikiCalls,
  headers: readonly WikiHeader[],
): Promise<void> {
  const { job, done } = state;
  const { directory, options } = job;
  let createdOn: string | undefined;
  await makeFolders(directory).catch((cause: unknown) => {
    throw fileSystemError('Cannot create the folder', directory, cause);
  });
  try {
    for (let start = 0; start < headers.length; start += pagesTogether) {
      const part = headers.slice(start, start + pagesTogether);
      const infos = await readInfos(wiki, part, options);
      createdOn ??= infos.find(({ parentId }) => parentId === undefined)?.createdOn;
      if (start === 0) await writeIndex(directory, indexOf(state, headers, createdOn));
      fetchAhead(job, infos, done);
      const exports = pool(
        infos,
        { limit: textsAtOnce, signal: options.signal },
        async (info, signal) => {
          const own = { ...job, options: { ...options, signal } };
          return { id: info.id, result: await exportOne(own, info, earlierOf(done, info.id)) };
        },
      );
      for await (const { id, result } of exports) if (result !== undefined) done.set(id, result);
    }
  } finally {
    await writeIndex(directory, indexOf(state, headers, createdOn));
  }
}

async function exportOne(
  job: ExportJob,
  info: WikiPageInfo,
  earlier: Earlier | undefined,
): Promise<ExportedPage | undefined> {
  try {
    return await exportPage(job, info, earlier);
  } catch (error) {
    job.options.signal?.throwIfAborted();
    const file = job.files.get(info.id) ?? info.id;
    job.failures.push({
      path: file,
      error: error instanceof Error ? error : new Error(String(error)),
    });
    return undefined;
  }
}

function earlierOf(done: ReadonlyMap<string, ExportedPage>, id: string): Earlier | undefined {
  const { page, synced } = done.get(id) ?? {};
  return page === undefined || synced === undefined ? undefined : { page, synced };
}

async function readInfos(
  wiki: WikiCalls,
  headers: readonly WikiHeader[],
  { signal }: CommonOptions,
): Promise<WikiPageInfo[]> {
  const infos = new Map<string, WikiPageInfo>();
  const reading = pool(headers, { limit: pagesAtOnce, signal }, async ({ id }, own) =>
    pageInfo(await wiki.get({ wikiId: id }, { signal: own })),
  );
  for await (const info of reading) infos.set(info.id, info);
  return headers.flatMap(({ id }) => infos.get(id) ?? []);
}

/** Looks up the files of pages that have changed, with one request per hundred files. */
function fetchAhead(
  { ctx, options }: ExportJob,
  infos: readonly WikiPageInfo[],
  done: ReadonlyMap<string, ExportedPage>,
): void {
  const changed = infos.filter(({ id, etag }) => earlierOf(done, id)?.synced.etag !== etag);
  const associations = changed.flatMap(({ id, markdownFileHandleId, attachmentFileHandleIds }) => [
    {
      fileHandleId: markdownFileHandleId,
      associateObjectId: id,
      associateObjectType: 'WikiMarkdown',
    } as const,
    ...attachmentFileHandleIds.map(
      (fileHandleId) =>
        ({
          fileHandleId,
          associateObjectId: id,
          associateObjectType: 'WikiAttachment',
        }) as const,
    ),
  ]);
  ctx.state.fileHandles.fetchAhead(associations, options.signal);
}

function indexOf(
  { job, folder, order, left, done }: ExportState,
  headers: readonly WikiHeader[],
  createdOn: string | undefined,
): FolderIndex {
  const exported = [...headers.flatMap(({ id }) => done.get(id) ?? []), ...left];
  const inOrder = order.flatMap((id) => job.files.get(id) ?? []);
  const wiki = {
    owner: job.owner,
    createdOn,
    order: inOrder,
    pages: exported.flatMap(({ synced }) => synced ?? []),
  };
  const others = (folder.index?.wikis ?? []).filter((each) => each !== folder.wiki);
  return {
    owner: job.owner,
    pages: [...exported.map(({ page }) => page), ...newPages(folder, exported)],
    order: inOrder,
    wikis: [wiki, ...others],
  };
}

/** Pages that somebody has added to the folder stay in its index. */
function newPages({ index, wiki }: ExportFolder, exported: readonly ExportedPage[]): IndexPage[] {
  const files = new Set(exported.map(({ page }) => page.file));
  const synced = new Set(wiki?.pages.map(({ file }) => file));
  return (index?.pages ?? []).filter(({ file }) => !files.has(file) && !synced.has(file));
}

/** Removes the files of pages that were deleted in Synapse, unless somebody has changed them. */
async function removeGone(job: ExportJob, gone: readonly Earlier[]): Promise<Earlier[]> {
  const removed: Earlier[] = [];
  for (const each of gone) {
    const { page, synced } = each;
    const md5s = new Map(synced.attachments.map(({ name, md5 }) => [name, md5]));
    const files = [
      { file: page.file, md5: synced.md5 },
      ...page.attachments.map(({ file, name }) => ({ file, md5: md5s.get(name) })),
    ];
    const current = await Promise.all(
      files.map(({ file }) => fileMd5(join(job.directory, file)).catch(() => undefined)),
    );
    if (files.some(({ md5 }, index) => current[index] !== md5)) continue;
    for (const { file } of files) await rm(join(job.directory, file), { force: true });
    removed.push(each);
  }
  return removed;
}
