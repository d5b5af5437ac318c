import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { NotFoundError } from '../../errors.js';
import { changedInSynapse } from './applyItem.js';
import type { DownloadItem } from './downloadItem.js';
import type { Planned } from './planItems.js';

/** Entities that one call is about. */
const batchSize = 100;

/**
 * Checks that the entities to download are as the plan saw them, with one call for a hundred of them. Others become problems.
 *
 * @param planned - Steps with what was read for them when the plan was made.
 */
export async function* checkUnchanged(
  ctx: Context,
  planned: Iterable<Planned> | AsyncIterable<Planned>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Planned> {
  let batch: Planned[] = [];
  let count = 0;
  for await (const each of planned) {
    batch.push(each);
    if (needsCheck(each)) count += 1;
    if (count < batchSize) continue;
    yield* checkBatch(ctx, batch, signal);
    batch = [];
    count = 0;
  }
  yield* checkBatch(ctx, batch, signal);
}

function needsCheck(planned: Planned): planned is Extract<Planned, { item: DownloadItem }> {
  if (!('item' in planned) || planned.remote === undefined) return false;
  return planned.item.action === 'create' || planned.item.action === 'updateContent';
}

async function* checkBatch(
  ctx: Context,
  batch: readonly Planned[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Planned> {
  const wanted = batch.filter(needsCheck);
  const headers = new Map<string, M.EntityHeader>();
  if (wanted.length > 0) {
    const references = wanted.map(({ item: { id, version } }) => ({
      targetId: id,
      targetVersionNumber: version,
    }));
    const { results } = await ctx.services.entity.listEntityHeaders(
      { body: { references } },
      { signal },
    );
    for (const header of results) headers.set(`${header.id}.${header.versionNumber ?? 0}`, header);
  }
  for (const each of batch) yield needsCheck(each) ? check(each, headers) : each;
}

function check(
  planned: Extract<Planned, { item: DownloadItem }>,
  headers: ReadonlyMap<string, M.EntityHeader>,
): Planned {
  const { id = '', path, versionNumber, modifiedOn } = planned.item;
  const header = headers.get(`${id}.${versionNumber ?? 0}`);
  if (header !== undefined && (modifiedOn === undefined || header.modifiedOn === modifiedOn))
    return planned;
  const isThere = [...headers.keys()].some((key) => key.startsWith(`${id}.`));
  const error = isThere ? changedInSynapse(id) : gone(id);
  return { problem: { path, id, message: error.message }, error, isListing: false };
}

function gone(id: string): NotFoundError {
  const reason = `${id} is not in Synapse any more, or cannot be read: make the plan again.`;
  return new NotFoundError(reason, {
    status: 404,
    reason,
    method: 'POST',
    url: '/repo/v1/entity/header',
  });
}
