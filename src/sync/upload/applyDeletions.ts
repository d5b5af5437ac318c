import type { Context } from '../../context.js';
import { getChildren } from '../../entities/getChildren.js';
import { NotFoundError, PreconditionFailedError, SynapseError } from '../../errors.js';
import { pool, type PoolOptions } from '../../transfer/pool.js';
import type { UploadItem } from './uploadItem.js';
import type { UploadOutcome, UploadRun } from './uploadRun.js';

/**
 * Moves the items of a plan that are to be deleted to the trash can, the content of folders first. When something could not be
 * stored, nothing is deleted: it can be the only copy.
 */
export async function* applyDeletions(
  run: UploadRun,
  items: readonly UploadItem[],
  limits: PoolOptions,
): AsyncGenerator<UploadOutcome> {
  const deletions = items.filter(({ action }) => action === 'delete');
  const count = run.failures.size;
  for (const level of fromTheBottom(deletions)) {
    yield* pool(level, limits, async (item) => {
      try {
        if (count > 0) throw notAttempted(count);
        return { item, state: (await isDeletedNow(run, item)) ? 'done' : 'skipped' };
      } catch (error) {
        run.options.signal?.throwIfAborted();
        run.failures.set(item, error as Error);
        return { item, state: 'failed', error: error as Error };
      }
    });
  }
}

function fromTheBottom(items: readonly UploadItem[]): UploadItem[][] {
  const levels = new Map<number, UploadItem[]>();
  for (const item of items) {
    const depth = item.path.split('/').length;
    const level = levels.get(depth);
    if (level === undefined) levels.set(depth, [item]);
    else level.push(item);
  }
  return [...levels].sort(([a], [b]) => b - a).map(([, level]) => level);
}

function notAttempted(count: number): SynapseError {
  const message = `Not deleted, because ${count === 1 ? 'one item' : `${count} items`} could not be stored. Run the sync again.`;
  return new SynapseError(message, { code: 'SYNC_PROBLEM' });
}

/** @returns whether this call deleted it; it can be in the trash can already */
async function isDeletedNow(
  { ctx, options }: UploadRun,
  { id = '', kind, modifiedOn }: UploadItem,
): Promise<boolean> {
  const { entity } = ctx.services;
  const call = { signal: options.signal };
  const header = await entity.getEntityHeader({ id }, call).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    return undefined;
  });
  if (header === undefined) return false;
  if (kind === 'file' && header.modifiedOn !== modifiedOn) throw changed(id, 'it has changed');
  const inside = kind === 'folder' ? await firstChild(ctx, id, options.signal) : undefined;
  if (inside !== undefined) throw changed(id, `${inside} is in it`);
  await entity.deleteEntity({ id }, call);
  return true;
}

async function firstChild(
  ctx: Context,
  id: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  for await (const child of getChildren(ctx, id, { signal })) return child.id;
  return undefined;
}

function changed(id: string, why: string): PreconditionFailedError {
  return new PreconditionFailedError(
    `${id} was not deleted: since the plan was made, ${why}. Make another plan.`,
    { status: 412, reason: why, method: 'DELETE', url: `/repo/v1/entity/${id}` },
  );
}
