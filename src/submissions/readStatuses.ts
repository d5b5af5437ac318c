import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { pageSize } from '../evaluations/pageSize.js';

/** Statuses that are read one by one rather than with all those of the evaluation. */
const mostSingle = 3;

/**
 * Reads the statuses of some submissions to an evaluation, in few requests.
 *
 * @returns Those that there are, by the id of the submission.
 */
export async function readStatuses(
  ctx: Context,
  evalId: string,
  ids: readonly string[],
  options: CallOptions,
): Promise<ReadonlyMap<string, M.SubmissionStatus>> {
  const found = new Map<string, M.SubmissionStatus>();
  if (ids.length <= mostSingle) {
    for (const subId of ids) {
      const status = await readOne(ctx, subId, options);
      if (status !== undefined) found.set(subId, status);
    }
    return found;
  }
  const wanted = new Set(ids);
  const all = ctx.http.paginate(
    'evaluation.listAllEvaluationSubmissionStatuses',
    { evalId, limit: pageSize },
    options,
  );
  for await (const status of all) {
    const { id = '' } = status;
    if (wanted.delete(id)) found.set(id, status);
    if (wanted.size === 0) break;
  }
  return found;
}

async function readOne(
  ctx: Context,
  subId: string,
  options: CallOptions,
): Promise<M.SubmissionStatus | undefined> {
  try {
    return await ctx.services.evaluation.getEvaluationSubmissionStatus({ subId }, options);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
