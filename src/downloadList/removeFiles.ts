import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { listedFiles } from './listedFiles.js';
import {
  itemsPerRequest,
  keyOf,
  listItem,
  pieces,
  takeEach,
  type DownloadListItem,
  type ListedFileRef,
  type OneOrMany,
} from './listItem.js';

/** What {@link DownloadList.remove} did. */
export interface RemovedFiles {
  /** Entries that were removed from the list. */
  removed: number;
  /** Files that were not found on the list. */
  notListed: number;
}

/** Implements {@link DownloadList.remove}. */
export async function removeFiles(
  ctx: Context,
  files: OneOrMany<ListedFileRef>,
  { signal }: CallOptions = {},
): Promise<RemovedFiles> {
  const items = new Map<string, DownloadListItem>();
  await takeEach(files, isOneFile, (file) => {
    const item = listItem(file);
    items.set(keyOf(item), item);
  });
  const sent = await asListed(ctx, items, signal);
  const removed = await removeItems(ctx, sent, { signal });
  return { removed, notListed: Math.max(0, sent.length - removed) };
}

/**
 * The entries of the list that are meant. The service finds an entry only by the version that it was added with, so the list is
 * read when there are files without a version.
 */
async function asListed(
  ctx: Context,
  items: ReadonlyMap<string, DownloadListItem>,
  signal: AbortSignal | undefined,
): Promise<DownloadListItem[]> {
  const sent = new Map(items);
  const isAnyVersion = [...items.values()].some(({ versionNumber }) => versionNumber === undefined);
  if (!isAnyVersion) return [...sent.values()];
  /** The files that are listed without a version, and those that are listed with one. */
  const plain = new Set<string>();
  const versioned = new Set<string>();
  for await (const { fileEntityId, versionNumber } of listedFiles(ctx, { signal })) {
    if (!items.has(fileEntityId)) continue;
    (versionNumber === undefined ? plain : versioned).add(fileEntityId);
    if (versionNumber === undefined) continue;
    const item = { fileEntityId, versionNumber };
    sent.set(keyOf(item), item);
  }
  for (const id of versioned) if (!plain.has(id)) sent.delete(id);
  return [...sent.values()];
}

/** Removes entries, each by the version that it has on the list. @returns how many were removed */
export async function removeItems(
  ctx: Context,
  items: readonly DownloadListItem[],
  { signal }: Pick<CallOptions, 'signal'>,
): Promise<number> {
  let removed = 0;
  for (const batchToRemove of pieces(items, itemsPerRequest)) {
    const body = { batchToRemove };
    const answer = await ctx.services.downloadList.removeFromDownloadList({ body }, { signal });
    removed += answer.numberOfFilesRemoved ?? 0;
  }
  return removed;
}

function isOneFile(files: OneOrMany<ListedFileRef>): files is ListedFileRef {
  return typeof files === 'string' || !(Symbol.iterator in files || Symbol.asyncIterator in files);
}
