import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { AnnotationsInput } from '../entities/annotationValues.js';
import { ArgumentError, NotFoundError, PreconditionFailedError } from '../errors.js';
import { evaluationIdOf, type EvaluationRef } from '../evaluations/evaluationRef.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import type { SubmissionStatusInput } from '../evaluations/submissionStatusRequest.js';
import { submissionIdOf } from '../values/ids.js';
import { readStatuses } from './readStatuses.js';
import { submissionStatusOf } from './submissionStatus.js';
import { updateStatuses, type StatusUpdates } from './updateStatuses.js';

/** What is recorded about a submission. What is left out keeps its value. */
export interface SubmissionScore {
  /** The id of the submission. */
  id: string | number;
  /** @default 'SCORED' */
  status?: M.SubmissionStatusEnum;
  /** From 0 to 1. */
  score?: number;
  report?: string;
  /** Values that a submission view shows as columns. `null` removes one; those of other keys stay. */
  submissionAnnotations?: AnnotationsInput;
}

/** Times that a status which somebody else changes at the same time is read again. */
const maximumMerges = 3;

/** Implements {@link Submissions.score}. */
export async function scoreSubmissions(
  ctx: Context,
  evaluation: EvaluationRef,
  scores: Iterable<SubmissionScore> | AsyncIterable<SubmissionScore>,
  options: CallOptions = {},
): Promise<StatusUpdates> {
  const total: StatusUpdates = { updated: [], failed: [] };
  let open = await byId(scores, total);
  if (open.size === 0) return total;
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  for (let merges = 0; open.size > 0; merges += 1) {
    const { updated, failed } = await scoreOnce(ctx, evalId, open, options);
    total.updated.push(...updated);
    const again = new Map<string, SubmissionScore>();
    for (const failure of failed) {
      const score = open.get(failure.submissionId);
      const isRead = failure.error instanceof PreconditionFailedError && merges < maximumMerges;
      if (isRead && score !== undefined) again.set(failure.submissionId, score);
      else total.failed.push(failure);
    }
    open = again;
  }
  return total;
}

/** The scores by the id of the submission. Those that cannot be used are told. */
async function byId(
  scores: Iterable<SubmissionScore> | AsyncIterable<SubmissionScore>,
  { failed }: StatusUpdates,
): Promise<Map<string, SubmissionScore>> {
  const found = new Map<string, SubmissionScore>();
  for await (const score of scores) {
    try {
      const id = submissionIdOf(score.id);
      if (found.has(id)) throw new ArgumentError(`The score of submission ${id} is given twice.`);
      found.set(id, score);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      failed.push({ submissionId: String(score.id), error });
    }
  }
  return found;
}

async function scoreOnce(
  ctx: Context,
  evalId: string,
  scores: ReadonlyMap<string, SubmissionScore>,
  options: CallOptions,
): Promise<StatusUpdates> {
  const read = () => readStatuses(ctx, evalId, [...scores.keys()], options);
  const current = await explainRefusal(ctx, read, options);
  const unknown: string[] = [];
  const statuses: SubmissionStatusInput[] = [];
  for (const [id, score] of scores) {
    const now = current.get(id);
    if (now === undefined) unknown.push(id);
    else statuses.push(scored(now, score));
  }
  const { updated, failed } = await updateStatuses(ctx, evalId, statuses, options);
  const missing = unknown.map((id) => {
    const reason = `Evaluation ${evalId} has no submission ${id}.`;
    const url = `/repo/v1/evaluation/submission/${id}/status`;
    const error = new NotFoundError(reason, { status: 404, reason, method: 'GET', url });
    return { submissionId: id, error };
  });
  return { updated, failed: [...missing, ...failed] };
}

function scored(
  now: M.SubmissionStatus,
  { status = 'SCORED', score, report, submissionAnnotations }: SubmissionScore,
): SubmissionStatusInput {
  const current = submissionStatusOf(now);
  return {
    ...current,
    status,
    ...(score !== undefined && { score }),
    ...(report !== undefined && { report }),
    submissionAnnotations: { ...current.submissionAnnotations, ...submissionAnnotations },
  };
}
