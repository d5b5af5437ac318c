import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { checkStatusName } from '../evaluations/checkStatusName.js';
import { evaluationIdOf, type EvaluationRef } from '../evaluations/evaluationRef.js';
import { explained } from '../evaluations/explainRefusal.js';
import { stableList } from './stableList.js';
import { bundleOf, submissionOf, type Submission, type SubmissionBundle } from './submission.js';
import { submissionStatusOf, type SubmissionStatus } from './submissionStatus.js';

/** Which submissions are listed. */
export interface SubmissionFilter extends CallOptions {
  /** Only those with this status. */
  status?: M.SubmissionStatusEnum;
  /** Only those of the caller, who needs no permission to read these. @default false */
  mine?: boolean;
}

/** Implements {@link Submissions.list}. */
export function listSubmissions(
  ctx: Context,
  evaluation: EvaluationRef,
  { status, mine = false, ...options }: SubmissionFilter = {},
): Listing<Submission> {
  const { evaluation: service } = ctx.services;
  if (mine && status !== undefined) {
    // The list of own submissions has no filter, and their statuses are in the bundles only.
    const bundles = listBundles(ctx, evaluation, { status, mine, ...options });
    return listing(async function* () {
      for await (const { submission } of bundles) yield submission;
    });
  }
  checkStatusName(status);
  return inEvaluation(ctx, evaluation, options, (evalId) => {
    const id = ({ id }: Submission) => id;
    if (mine) {
      return stableList(
        'evaluation.listMyEvaluationSubmissions',
        async (offset, limit) => {
          const args = { evalId, offset, limit };
          const { results } = await service.listMyEvaluationSubmissions(args, options);
          return results.map(submissionOf);
        },
        id,
      );
    }
    return stableList(
      'evaluation.listAllEvaluationSubmissions',
      async (offset, limit) => {
        const args = { evalId, offset, limit, status };
        const { results } = await service.listAllEvaluationSubmissions(args, options);
        return results.map(submissionOf);
      },
      id,
    );
  });
}

/** Implements {@link Submissions.bundles}. */
export function listBundles(
  ctx: Context,
  evaluation: EvaluationRef,
  { status, mine = false, ...options }: SubmissionFilter = {},
): Listing<SubmissionBundle> {
  checkStatusName(status);
  const { evaluation: service } = ctx.services;
  const all = inEvaluation(ctx, evaluation, options, (evalId) => {
    const id = ({ submission }: SubmissionBundle) => submission.id;
    const operation = `evaluation.list${mine ? 'My' : 'All'}EvaluationSubmissionBundles`;
    const read = async (offset: number, limit: number): Promise<SubmissionBundle[]> => {
      const args = { evalId, offset, limit };
      const { results } = mine
        ? await service.listMyEvaluationSubmissionBundles(args, options)
        : await service.listAllEvaluationSubmissionBundles({ ...args, status }, options);
      return results.map(bundleOf);
    };
    return stableList(operation, read, id);
  });
  if (!mine || status === undefined) return all;
  return listing(async function* () {
    for await (const bundle of all) if (bundle.status.status === status) yield bundle;
  });
}

/** Implements {@link Submissions.statuses}. */
export function listStatuses(
  ctx: Context,
  evaluation: EvaluationRef,
  { status, ...options }: Omit<SubmissionFilter, 'mine'> = {},
): Listing<SubmissionStatus> {
  checkStatusName(status);
  const { evaluation: service } = ctx.services;
  return inEvaluation(ctx, evaluation, options, (evalId) =>
    stableList(
      'evaluation.listAllEvaluationSubmissionStatuses',
      async (offset, limit) => {
        const args = { evalId, offset, limit, status };
        const { results } = await service.listAllEvaluationSubmissionStatuses(args, options);
        return results.map(submissionStatusOf);
      },
      ({ id }) => id,
    ),
  );
}

/** A list of an evaluation, which is looked up when the list is read. */
function inEvaluation<T>(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions,
  list: (evalId: string) => AsyncIterable<T>,
): Listing<T> {
  return listing(async function* () {
    const evalId = await evaluationIdOf(ctx, evaluation, options);
    try {
      yield* list(evalId);
    } catch (error) {
      throw await explained(ctx, error, options);
    }
  });
}
