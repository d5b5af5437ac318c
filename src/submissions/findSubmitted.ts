import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isSince } from '../api/isSince.js';
import type { Context } from '../context.js';
import { pageSize } from '../evaluations/pageSize.js';

/** The submission that a request made whose answer was lost: the caller's newest one of that content since the request. */
export async function findSubmitted(
  ctx: Context,
  wanted: M.Submission,
  begun: number,
  options: CallOptions,
): Promise<M.Submission | undefined> {
  const evalId = wanted.evaluationId ?? '';
  const own = ctx.http.paginate(
    'evaluation.listMyEvaluationSubmissions',
    { evalId, limit: pageSize },
    options,
  );
  let newest: M.Submission | undefined;
  for await (const submission of own) {
    const isSame = compared.every(
      (key) => wanted[key] === undefined || wanted[key] === submission[key],
    );
    const isNew = isSince(submission.createdOn, begun);
    if (isSame && isNew && timeOf(submission) >= timeOf(newest)) newest = submission;
  }
  return newest;
}

const compared = [
  'entityId',
  'versionNumber',
  'name',
  'submitterAlias',
  'teamId',
  'dockerDigest',
] as const satisfies readonly (keyof M.Submission)[];

function timeOf(submission: M.Submission | undefined): number {
  return submission === undefined ? 0 : Date.parse(submission.createdOn ?? '');
}
