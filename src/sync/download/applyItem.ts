import { resolve } from 'node:path';
import { placeContent } from '../../entities/fetchFile.js';
import { AuthenticationError, PreconditionFailedError, SynapseError } from '../../errors.js';
import { applyDeletion } from './applyDeletion.js';
import type { Planned } from './planItems.js';
import { changeSince } from './compareLocal.js';
import type { DownloadItem } from './downloadItem.js';
import type { DownloadOutcome, DownloadRun } from './downloadRun.js';
import { manifestEntry, manifestError } from './manifestEntry.js';
import { readActivity } from './readActivity.js';
import { readRemoteFile, type RemoteFile } from './remoteFile.js';

/** Applies one step of a plan. Failures are outcomes; only what no item could succeed with is thrown. */
export async function applyItem(run: DownloadRun, planned: Planned): Promise<DownloadOutcome> {
  if ('problem' in planned) {
    const { problem, error, isListing } = planned;
    return { state: 'failed', path: problem.path, id: problem.id, error, isListing };
  }
  const { item, remote } = planned;
  try {
    return await apply(run, item, remote);
  } catch (error) {
    run.options.signal?.throwIfAborted();
    if (error instanceof AuthenticationError) throw error;
    return failed(item, error as Error, remote);
  }
}

/** An item that failed, with its row in the manifest. */
function failed(item: DownloadItem, error: Error, remote?: RemoteFile): DownloadOutcome {
  const row = remote && manifestError(item, remote, error.message);
  return { state: 'failed', path: item.path, id: item.id, error, item, row };
}

async function apply(
  run: DownloadRun,
  item: DownloadItem,
  known: RemoteFile | undefined,
): Promise<DownloadOutcome> {
  const { action, kind, localPath = '' } = item;
  if (action === 'delete') return applyDeletion(run, item);
  if (action === 'leaveOut') return { state: 'leftOut', item, bytes: 0 };
  if (kind === 'folder') {
    if (action !== 'create') return { state: 'skipped', item, bytes: 0 };
    await run.folders.make(localPath);
    return { state: 'done', item, bytes: 0 };
  }
  if (action === 'conflict') {
    const error = new SynapseError(item.reason ?? 'both sides have changed', { code: 'CONFLICT' });
    return failed(item, error, known);
  }
  const isTransfer = action === 'create' || action === 'updateContent';
  const needsRow = run.settings.manifest !== 'suppress';
  const remote = known ?? (isTransfer || needsRow ? await readAgain(run, item) : undefined);
  if (!isTransfer) return skip(run, item, remote);
  if (remote === undefined) throw new Error(`${item.path} was not read`);
  // Provenance is read while the content arrives.
  const activity = readActivity(run, item, remote);
  activity.catch(() => undefined);
  const { path, bytes, local } = await fetch(run, item, remote);
  const done = { ...item, localPath: path };
  const row = needsRow ? manifestEntry(run.ctx, done, remote, await activity) : undefined;
  return { state: 'done', item: done, bytes, remote, local, row };
}

async function skip(
  run: DownloadRun,
  item: DownloadItem,
  remote: RemoteFile | undefined,
): Promise<DownloadOutcome> {
  const { localPath: path = item.path, reason: message } = item;
  const report = { kind: 'download', path, transferredBytes: 0, state: 'skipped' } as const;
  run.options.onProgress?.({ ...report, message });
  const outcome = { state: 'skipped', item, bytes: 0, remote } as const;
  if (run.settings.manifest === 'suppress' || remote === undefined) return outcome;
  if (item.isKept === true) return { ...outcome, row: manifestError(item, remote, message ?? '') };
  const activity = await readActivity(run, item, remote);
  return { ...outcome, row: manifestEntry(run.ctx, item, remote, activity) };
}

/** Puts the content at the planned path, unless something there has changed since the plan was made. */
async function fetch(run: DownloadRun, item: DownloadItem, { handle, id }: RemoteFile) {
  const { ctx, queue, settings, options } = run;
  const { localPath: path = '', action, local } = item;
  const requireUnchanged = async (): Promise<void> => {
    const change = await changeSince(path, local);
    if (change === undefined) return;
    throw new SynapseError(
      `${path} ${change} since the plan was made: it is left as it is. Make the plan again.`,
      { code: 'LOCAL_CHANGE' },
    );
  };
  await requireUnchanged();
  await run.folders.makeFor(path);
  const md5 = handle.contentMd5?.toLowerCase();
  const cached = await ctx.cache.get(handle.id, undefined, { md5 });
  const copy = cached === undefined || resolve(cached) === path ? undefined : resolve(cached);
  return placeContent(
    ctx,
    { id, handle },
    {
      path,
      cached: copy,
      overwrite: action === 'updateContent',
      beforePlacing: action === 'updateContent' ? requireUnchanged : undefined,
      verify: settings.verify,
      queue,
      ...options,
    },
  );
}

/** Reads the file of a plan that was kept as JSON, or whose content is only known from a view. */
async function readAgain(run: DownloadRun, item: DownloadItem): Promise<RemoteFile> {
  const { id = '', version, etag, fileHandleId } = item;
  const remote = await readRemoteFile(run.ctx, { id, version }, { signal: run.options.signal });
  const isUnchanged =
    typeof remote !== 'string' &&
    remote.handle.id === fileHandleId &&
    (version !== undefined || etag === undefined || remote.etag === etag);
  if (isUnchanged) return remote;
  throw changedInSynapse(id);
}

/** The error for an entity that is not any more what the plan saw. */
export function changedInSynapse(id: string): PreconditionFailedError {
  const reason = `${id} has changed in Synapse since the plan was made: make the plan again.`;
  return new PreconditionFailedError(reason, {
    status: 412,
    reason,
    method: 'POST',
    url: `/repo/v1/entity/${id}/bundle2`,
  });
}
