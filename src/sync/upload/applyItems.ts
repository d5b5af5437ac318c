import type { Context } from '../../context.js';
import { Folder } from '../../entities/entityClasses.js';
import { findEntityId } from '../../entities/findEntity.js';
import { storeEntity } from '../../entities/storeEntity.js';
import {
  AuthenticationError,
  AuthorizationError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServerError,
  SynapseError,
  TimeoutError,
  UploadError,
} from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { pool } from '../../transfer/pool.js';
import { filesAtOnce } from '../filesAtOnce.js';
import type { PlanData } from '../plan/planData.js';
import { applyDeletions } from './applyDeletions.js';
import { applyFile } from './applyFile.js';
import { forgetPlannedState, plannedState } from './plannedState.js';
import { ReadyItems } from './readyItems.js';
import type { UploadItem } from './uploadItem.js';
import { uploadOrder } from './uploadOrder.js';
import { containerIdOf, type UploadOutcome, type UploadRun } from './uploadRun.js';

/** How {@link applyItems} works. */
export interface ApplyItemsOptions extends CommonOptions {
  /** Files in transfer at the same time. @default 16 */
  concurrency?: number;
  /** How often an item is tried again when it failed for a reason that can pass. @default 0 */
  retries?: number;
}

/**
 * Applies the items of a plan: folders first, then files, each after the files that it uses.
 *
 * @returns How each item ended, when it has.
 * @throws {@link AuthenticationError}, and what creating a folder in the container of the tree is refused with.
 */
export async function* applyItems(
  ctx: Context,
  { items, parentId }: PlanData<UploadItem>,
  { concurrency = filesAtOnce, retries = 0, ...options }: ApplyItemsOptions,
): AsyncGenerator<UploadOutcome> {
  const run: UploadRun = {
    ctx,
    options,
    folders: new Map(parentId === undefined ? [] : [['', parentId]]),
    versions: new Map(),
    failures: new Map(),
  };
  const limits = { limit: concurrency, signal: options.signal };
  const attempts = retries + 1;
  for (const level of foldersByDepth(items)) {
    yield* pool(level, limits, (item) =>
      attempt(run, item, attempts, () => applyFolder(run, item)),
    );
  }
  const files = items.filter(({ kind, action }) => kind === 'file' && isStored(action));
  const { order, uses } = uploadOrder(files);
  const ready = new ReadyItems(order, uses);
  yield* pool(ready, limits, async (item) => {
    try {
      return await attempt(run, item, attempts, (isAgain) => {
        requireUsed(run, uses.get(item) ?? []);
        return applyFile(run, item, isAgain);
      });
    } catch (error) {
      ready.stop();
      throw error;
    } finally {
      ready.ended(item);
    }
  });
  for (const item of items) {
    const error = new SynapseError(item.reason ?? 'conflict', { code: 'SYNC_PROBLEM' });
    if (item.action === 'leaveOut') yield { item, state: 'leftOut' };
    if (item.action === 'conflict') yield { item, state: 'failed', error };
  }
  yield* applyDeletions(run, items, limits);
}

function isStored(action: UploadItem['action']): boolean {
  return !['delete', 'leaveOut', 'conflict'].includes(action);
}

/** Folders by how deep they are, from the top. */
function foldersByDepth(items: readonly UploadItem[]): UploadItem[][] {
  const levels = new Map<number, UploadItem[]>();
  for (const item of items) {
    if (item.kind !== 'folder' || !isStored(item.action)) continue;
    const depth = item.path.split('/').length;
    const level = levels.get(depth);
    if (level === undefined) levels.set(depth, [item]);
    else level.push(item);
  }
  return [...levels].sort(([a], [b]) => a - b).map(([, level]) => level);
}

function requireUsed({ failures }: UploadRun, used: readonly UploadItem[]): void {
  const failed = used.find((item) => failures.has(item));
  if (failed === undefined) return;
  throw new Error(
    `It uses ${failed.localPath ?? failed.path}, which was not stored: ${failures.get(failed)?.message ?? ''}`,
  );
}

async function attempt(
  run: UploadRun,
  item: UploadItem,
  attempts: number,
  work: (isAgain: boolean) => Promise<UploadOutcome>,
): Promise<UploadOutcome> {
  for (let count = 1; ; count += 1) {
    try {
      return await work(count > 1);
    } catch (error) {
      run.options.signal?.throwIfAborted();
      if (failsEverywhere(error, item)) throw error;
      if (count < attempts && canPass(error)) {
        forgetPlannedState(item);
        continue;
      }
      run.failures.set(item, error as Error);
      return { item, state: 'failed', error: error as Error };
    }
  }
}

/** Whether everything else would fail in the same way: the caller is not logged in, or cannot write into the given container. */
function failsEverywhere(error: unknown, { kind, path }: UploadItem): boolean {
  if (error instanceof AuthenticationError) return true;
  const isRefused = error instanceof NotFoundError || error instanceof AuthorizationError;
  return isRefused && kind === 'folder' && !path.includes('/');
}

const passing = [NetworkError, RateLimitError, ServerError, TimeoutError, UploadError];

function canPass(error: unknown): boolean {
  return passing.some((type) => error instanceof type);
}

async function applyFolder(run: UploadRun, item: UploadItem): Promise<UploadOutcome> {
  const { ctx, options } = run;
  const { name, path } = item;
  const call = { signal: options.signal };
  const parentId = containerIdOf(run, item);
  const known =
    item.id ?? (plannedState(item) ? undefined : await findEntityId(ctx, name, parentId, call));
  if (known !== undefined) {
    run.folders.set(path, known);
    return { item: { ...item, id: known, parentId }, state: 'skipped' };
  }
  forgetPlannedState(item);
  const folder = await storeEntity(ctx, new Folder({ name, parentId }), call);
  run.folders.set(path, folder.id);
  const done: UploadItem = { ...item, id: folder.id, parentId, parentPath: undefined };
  return { item: done, state: 'done', entity: folder };
}
