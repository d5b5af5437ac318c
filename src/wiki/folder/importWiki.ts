import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../../context.js';
import { type Failure } from '../../errors.js';
import { errorFromResponse } from '../../api/errorFromResponse.js';
import type { CommonOptions } from '../../options.js';
import { setOrderHint } from '../orderHint.js';
import { WikiCalls } from '../wikiCalls.js';
import { ownerId, ownerText, type OwnerId, type WikiOwner } from '../wikiOwner.js';
import { pageHeader, pageInfo, type WikiHeader } from '../wikiPage.js';
import { ifThere } from '../writePage.js';
import {
  wikiOf,
  writeIndex,
  type FolderIndex,
  type SyncedPage,
  type SyncedWiki,
} from './folderIndex.js';
import { planPages, type ImportTarget, type PagePlan, type WikiPageChange } from './planImport.js';
import { readFolder, type LocalFolder, type LocalPage } from './readFolder.js';
import { ImportRun } from './runImport.js';

/** How {@link Wiki.import} writes. */
export interface ImportWikiOptions extends CommonOptions {
  /** Whether only to find out what would be done: nothing is sent or written. @default false */
  dryRun?: boolean;
  /** Whether pages that were changed in Synapse since the last export get what the folder has. @default false */
  overwrite?: boolean;
  /**
   * Whether pages and attachments are deleted whose files are no longer in the folder. Only those that were exported or imported
   * before are: the folder does not know others.
   *
   * @default false
   */
  delete?: boolean;
}

/** A page of a folder, and what was done with it. */
export interface ImportedWikiPage {
  /** Relative to the folder. */
  file: string;
  /** Absent for a page that was not created. */
  id?: string | undefined;
  title?: string | undefined;
  action: 'create' | 'keep' | 'update';
  /** What is different; empty for a new page. */
  changes: WikiPageChange[];
}

/** What {@link Wiki.import} did, or would do. */
export interface WikiImport {
  /** Parents first, without those that failed. */
  pages: ImportedWikiPage[];
  /** Pages that were deleted, and pages that are kept though their files are gone. */
  deleted: string[];
  kept: string[];
  /** Whether the order of the pages was set. */
  isReordered: boolean;
  /** What could not be imported, and why: the path, and the error. All else is complete. */
  failures: Failure[];
  /** Links that lead nowhere. */
  warnings: string[];
}

/** Implements {@link Wiki.import}. */
export async function importWiki(
  ctx: Context,
  path: string,
  owner: WikiOwner,
  options: ImportWikiOptions = {},
): Promise<WikiImport> {
  const { overwrite = false, delete: isDeleting = false, signal, onProgress } = options;
  const own = ownerId(owner);
  const folder = await readFolder(path, { signal });
  const { target, known } = await openTarget(ctx, own, folder, {
    overwrite,
    isDeleting,
    options: { signal, onProgress },
  });
  const ids = new Map<string, string>();
  const { plans, failures } = await planPages(target, folder, ids);
  const gone = gonePages(target, folder, ids);
  const now = new Map(folder.pages.map(({ was, file }) => [was, file]));
  const knownOrder = (known?.order ?? []).flatMap((file) => now.get(file) ?? []);
  const isReordered = own.kind === 'Entity' && !isDeepStrictEqual(folder.order, knownOrder);
  const result: WikiImport = {
    pages: plans.map((plan) => describe(plan, ids)),
    deleted: isDeleting ? gone.map(({ id }) => id) : [],
    kept: isDeleting ? [] : gone.map(({ id }) => id),
    isReordered,
    failures,
    warnings: [...folder.warnings, ...ownerWarnings(own, folder)],
  };
  if (options.dryRun === true) return result;
  const run = new ImportRun(target, folder, ids);
  run.createdOn = known?.createdOn;
  const written: Written = { run, known, gone, order: knownOrder };
  try {
    await run.run(plans);
    const failed = new Set(run.failures.map((failure) => failure.path));
    const done = plans.filter(({ page }) => !failed.has(page.file));
    result.pages = done.map((plan) => describe(plan, ids));
    if (isDeleting) {
      const deleted = await deletePages(target, gone, [...ids.values()], failures);
      result.deleted = deleted.map(({ id }) => id);
      result.kept = gone.filter((page) => !deleted.includes(page)).map(({ id }) => id);
      written.gone = gone.filter((page) => !deleted.includes(page));
    }
    if (isReordered) {
      result.isReordered = await setOrder(target, folder, ids, failures);
      if (result.isReordered) written.order = folder.order;
    }
  } finally {
    await keepIndex(folder, own, ids, written);
  }
  failures.push(...run.failures);
  return result;
}

/** Pages of evaluations and access requirements have no addresses on the website. */
function ownerWarnings(owner: OwnerId, { hasPageLinks }: LocalFolder): string[] {
  if (owner.kind === 'Entity' || !hasPageLinks) return [];
  return [
    `Links between pages stay as they are in the files: the website has no addresses for the pages of ${ownerText(owner)}.`,
  ];
}

function describe(
  { page: { file, title }, action, changes }: PagePlan,
  ids: ReadonlyMap<string, string>,
): ImportedWikiPage {
  return { file, id: ids.get(file), title, action, changes };
}

/** Reads what is in the wiki. */
async function openTarget(
  ctx: Context,
  owner: OwnerId,
  { index }: LocalFolder,
  settings: Pick<ImportTarget, 'isDeleting' | 'options' | 'overwrite'>,
): Promise<{ target: ImportTarget; known: SyncedWiki | undefined }> {
  const { signal } = settings.options;
  const wiki = new WikiCalls(ctx, owner);
  const headers = new Map<string, WikiHeader>();
  const root = await ifThere(wiki.root({ signal }));
  if (root === undefined) await checkOwner(ctx, owner, signal);
  else {
    for await (const header of wiki.headers({ signal })) {
      const own = pageHeader(header);
      headers.set(own.id, own);
    }
  }
  const found = index === undefined ? undefined : wikiOf(index, owner);
  // Another Synapse, or a wiki that was created anew, has other pages with the same ids.
  const isSame = root !== undefined && found?.createdOn === pageInfo(root).createdOn;
  const known = isSame ? found : undefined;
  const synced = new Map(known?.pages.map((page) => [page.file, page]));
  return { target: { ctx, wiki, owner, headers, synced, ...settings }, known };
}

/** @throws {@link NotFoundError} when there is no such owner, before anything is sent */
async function checkOwner(
  { services }: Context,
  { kind, id }: OwnerId,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (kind === 'Entity') await services.entity.getEntity({ id }, { signal });
  if (kind === 'Evaluation') await services.evaluation.getEvaluation({ evalId: id }, { signal });
  if (kind === 'AccessRequirement') {
    await services.accessRequirement.getAccessRequirement({ requirementId: id }, { signal });
  }
}

/** Pages that were in sync and have no file any more. */
function gonePages(
  { headers, synced }: ImportTarget,
  { pages }: LocalFolder,
  ids: ReadonlyMap<string, string>,
): SyncedPage[] {
  const files = new Set(pages.map(({ was }) => was));
  const used = new Set(ids.values());
  return [...synced.values()].filter(
    ({ file, id }) => !files.has(file) && headers.has(id) && !used.has(id),
  );
}

/** Deletes pages that nobody has changed, and that have no pages below them that the folder does not know. */
async function deletePages(
  { wiki, headers, owner, overwrite, options: { signal } }: ImportTarget,
  gone: readonly SyncedPage[],
  used: readonly string[],
  failures: Failure[],
): Promise<SyncedPage[]> {
  const ids = new Set(gone.map(({ id }) => id));
  const moved = new Set(used);
  const below = new Map<string, string[]>();
  for (const { id, parentId = '' } of headers.values()) {
    below.set(parentId, [...(below.get(parentId) ?? []), id]);
  }
  const deleted: SyncedPage[] = [];
  const blocked = new Set<string>();
  // Children come after their parents, and are deleted first.
  for (const page of [...gone].toReversed()) {
    const others = (below.get(page.id) ?? []).filter(
      (id) => (!ids.has(id) && !moved.has(id)) || blocked.has(id),
    );
    try {
      if (others.length > 0 && !overwrite) {
        const text = `The wiki page ${page.id} has pages below it that are not in the folder: ${others.join(', ')}. Export the wiki again, or pass overwrite.`;
        throw errorFromResponse({ status: 412, method: 'DELETE', url: owner.id, text });
      }
      const current = await ifThere(wiki.get({ wikiId: page.id }, { signal }));
      if (current !== undefined && current.etag !== page.etag && !overwrite) {
        const text = `The wiki page ${page.id} was changed in Synapse since the last export. Export the wiki again, or pass overwrite to delete it.`;
        throw errorFromResponse({ status: 412, method: 'DELETE', url: owner.id, text });
      }
      if (current !== undefined) await wiki.delete(page.id, { signal });
      deleted.push(page);
    } catch (error) {
      signal?.throwIfAborted();
      blocked.add(page.id);
      const cause = error instanceof Error ? error : new Error(String(error));
      failures.push({ path: page.file, error: cause });
    }
  }
  return deleted;
}

async function setOrder(
  { ctx, owner, options: { signal } }: ImportTarget,
  { order }: LocalFolder,
  ids: ReadonlyMap<string, string>,
  failures: Failure[],
): Promise<boolean> {
  const hint = order.flatMap((file) => ids.get(file) ?? []);
  try {
    await setOrderHint(ctx, owner.id, hint, { signal });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error ? error : new Error(String(error));
    failures.push({ path: 'the order of the pages', error: cause });
    return false;
  }
}

interface Written {
  run: ImportRun;
  known: SyncedWiki | undefined;
  gone: readonly SyncedPage[];
  order: readonly string[];
}

/** Writes the index, if it has changed. */
async function keepIndex(
  folder: LocalFolder,
  owner: OwnerId,
  ids: ReadonlyMap<string, string>,
  { run, known, gone, order }: Written,
): Promise<void> {
  const { index, pages } = folder;
  const now = new Map(pages.map(({ was, file }) => [was, file]));
  const fileNow = (file: string): string => now.get(file) ?? file;
  const renamed = ({ parent, ...page }: SyncedPage): SyncedPage => ({
    ...page,
    file: fileNow(page.file),
    parent: parent === undefined ? undefined : fileNow(parent),
  });
  const isOwn =
    index === undefined || (index.owner.kind === owner.kind && index.owner.id === owner.id);
  const failed = (known?.pages ?? []).filter(
    ({ file }) => now.has(file) && !run.stored.has(fileNow(file)),
  );
  // The index keeps its order, so that it shows what has changed.
  const places = new Map(index?.pages.map(({ file }, place) => [file, place]));
  const placeOf = ({ was }: LocalPage): number => places.get(was) ?? places.size;
  const inOrder = [...pages].sort((a, b) => placeOf(a) - placeOf(b));
  const wiki: SyncedWiki = {
    owner,
    createdOn: run.createdOn,
    order,
    pages: [
      ...inOrder.flatMap(({ file }) => run.stored.get(file) ?? []),
      ...failed.map(renamed),
      ...gone,
    ],
  };
  const isSame = (each: SyncedWiki): boolean =>
    each.owner.kind === owner.kind && each.owner.id === owner.id;
  const wikis = index?.wikis ?? [];
  const next: FolderIndex = {
    owner: index?.owner ?? owner,
    pages: inOrder.map(({ file, id, title, parent, links, attachments }) => {
      // Texts of the folder name the page by its first id, also when it was created again.
      const own = isOwn ? (id ?? ids.get(file)) : id;
      return { file, id: own, title, parent, links, attachments };
    }),
    order: folder.order,
    wikis: wikis.some(isSame)
      ? wikis.map((each) => (isSame(each) ? wiki : { ...each, pages: each.pages.map(renamed) }))
      : [...wikis.map((each) => ({ ...each, pages: each.pages.map(renamed) })), wiki],
  };
  if (JSON.stringify(next) !== JSON.stringify(index)) await writeIndex(folder.directory, next);
}
