import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import type { PlanData } from '../plan/planData.js';
import { SyncPlan, type ApplyOptions } from '../plan/syncPlan.js';
import type { SyncReport } from '../plan/syncReport.js';
import { applyDownload, problemError } from './applyDownload.js';
import { checkUnchanged } from './checkUnchanged.js';
import type { DownloadItem } from './downloadItem.js';
import type { PlanDownloadOptions } from './downloadOptions.js';
import { isBelow } from './lastManifest.js';
import { openDownload, readLast } from './openDownload.js';
import type { Planned } from './planItems.js';
import type { RemoteFile } from './remoteFile.js';

// Not in the items, which are JSON. An item that was read from JSON has none, and is read again.
const remotes = new WeakMap<DownloadItem, RemoteFile>();
const errors = new WeakMap<object, Error>();

/** Downloads that one call for URLs, and one that checks for changes, are about. */
const perCall = 100;

/** Implements {@link Sync.planDownload}. */
export async function planDownload(
  ctx: Context,
  parent: Parent,
  directory: string,
  options: PlanDownloadOptions = {},
): Promise<SyncPlan<DownloadItem>> {
  const { onProgress } = options;
  const opened = await openDownload(ctx, parent, directory, options);
  const { settings, last, parentId } = opened;
  const needsActivity = settings.includeActivity && settings.manifest !== 'suppress';
  const data: PlanData<DownloadItem> = {
    format: 'synapse-sync-plan',
    version: 1,
    direction: 'download',
    directory: opened.directory,
    parentId,
    items: [],
    problems: [],
    download: settings,
  };
  let transfers = 0;
  for await (const planned of opened.planned) {
    if ('problem' in planned) {
      data.problems.push(planned.problem);
      errors.set(planned.problem, planned.error);
      continue;
    }
    const { item, remote } = planned;
    data.items.push(item);
    onProgress?.({ kind: 'sync', path: item.path, transferredBytes: 0, state: 'progress' });
    if (remote === undefined) continue;
    remotes.set(item, { ...remote, entity: undefined });
    const isTransfer = item.action === 'create' || item.action === 'updateContent';
    const isKnown =
      remote.activity !== undefined ||
      last.of(remote.id).some((each) => each.versionNumber === remote.versionNumber);
    if (needsActivity && item.isKept !== true && !isKnown) item.requests += 1;
    if (!isTransfer) continue;
    if (transfers % perCall === 0) item.requests += 2;
    transfers += 1;
  }
  return downloadPlan(ctx, data);
}

/** The plan of a download, also of one that was kept as JSON. */
export function downloadPlan(ctx: Context, data: PlanData<DownloadItem>): SyncPlan<DownloadItem> {
  return new SyncPlan(data, (plan, options) => applyPlan(ctx, plan, options));
}

async function applyPlan(
  ctx: Context,
  data: PlanData<DownloadItem>,
  options: ApplyOptions,
): Promise<SyncReport<DownloadItem>> {
  const { directory = '.', download } = data;
  const settings = download ?? { manifest: 'suppress', includeActivity: false, verify: true };
  const last = await readLast(directory, settings.shard, options.signal);
  const planned = checkUnchanged(ctx, stepsOf(data, directory), options.signal);
  const outcomes = applyDownload(ctx, { directory, settings, last, planned }, options);
  for (;;) {
    const next = await outcomes.next();
    if (next.done === true) return next.value;
    const outcome = next.value;
    if (outcome.state === 'done' || outcome.state === 'skipped') options.onItem?.(outcome.item);
  }
}

function* stepsOf(data: PlanData<DownloadItem>, directory: string): Generator<Planned> {
  for (const problem of data.problems) {
    const error = errors.get(problem) ?? problemError(problem.message);
    yield { problem, error, isListing: false };
  }
  for (const item of data.items) {
    const { localPath, path, id } = item;
    const isOutside =
      localPath !== undefined && !isBelow(localPath, directory) && item.action !== 'skip';
    if (!isOutside) yield { item, remote: remotes.get(item) };
    else {
      const error = problemError(`${localPath} is not in ${directory}: nothing is done there.`);
      yield { problem: { path, id, message: error.message }, error, isListing: false };
    }
  }
}
