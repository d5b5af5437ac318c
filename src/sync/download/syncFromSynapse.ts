import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import type { SyncReport } from '../plan/syncReport.js';
import { applyDownload } from './applyDownload.js';
import type { DownloadItem } from './downloadItem.js';
import type { PlanDownloadOptions } from './downloadOptions.js';
import { checkUnchanged } from './checkUnchanged.js';
import { openDownload } from './openDownload.js';

/** How {@link Sync.syncFromSynapse} downloads. */
export interface SyncFromSynapseOptions extends PlanDownloadOptions {
  /** Files in transfer at the same time. @default 16 */
  concurrency?: number;
  /** Called for each item that did not fail, when it is done; `state` is the list of the report that it is in. */
  onItem?: (item: DownloadItem, state: 'done' | 'skipped' | 'leftOut') => void;
}

/** Implements {@link Sync.syncFromSynapse}. Files are downloaded while others are still being found. */
export async function syncFromSynapse(
  ctx: Context,
  parent: Parent,
  directory: string,
  { onItem, concurrency, ...options }: SyncFromSynapseOptions = {},
): Promise<SyncReport<DownloadItem>> {
  const { signal, onProgress } = options;
  const work = await openDownload(ctx, parent, directory, options);
  // A view is updated some time after a change.
  const planned =
    options.view === undefined ? work.planned : checkUnchanged(ctx, work.planned, signal);
  const outcomes = applyDownload(ctx, { ...work, planned }, { concurrency, signal, onProgress });
  for (;;) {
    const next = await outcomes.next();
    if (next.done === true) return next.value;
    if (next.value.state !== 'failed') onItem?.(next.value.item, next.value.state);
  }
}
