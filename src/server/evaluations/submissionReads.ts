import type * as M from '../../../generated/models.js';
import { schemas } from '../../../generated/schemas.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow, paginated } from '../kernel/paging.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { mayAccessEvaluation, requireSubmissionAccess } from './evaluationAccess.js';
import { getEvaluation } from './evaluationRecords.js';
import {
  getStatus,
  getSubmission,
  statusModel,
  submissionModel,
  submissionsOf,
  submissionTables,
  type SubmissionRecord,
} from './submissionRecords.js';

/** Filter of a list of submissions. */
export interface SubmissionQuery {
  readonly offset?: number;
  readonly limit?: number;
  readonly status?: string;
}

interface Page<T> {
  results: T[];
  totalNumberOfResults: number;
}

/** Registers the files that submissions refer to. */
export function defineSubmissionFiles(world: World): void {
  const { byHandle } = submissionTables(world);
  world.files.defineLink((fileHandleId) => byHandle.count(fileHandleId) > 0);
  world.files.defineAssociation('SubmissionAttachment', (caller, submissionId, fileHandleId) =>
    byHandle
      .find(fileHandleId)
      .some(
        ({ id, evaluationId }) =>
          id === submissionId.trim() &&
          mayAccessEvaluation(
            world,
            caller,
            getEvaluation(world, evaluationId),
            'READ_PRIVATE_SUBMISSION',
          ),
      ),
  );
}

/** @throws 404, 403 without READ_PRIVATE_SUBMISSION */
export function readSubmission(world: World, caller: Caller, id: string): SubmissionRecord {
  const submission = getSubmission(world, id);
  requireSubmissionAccess(world, caller, submission.evaluationId, 'READ_PRIVATE_SUBMISSION');
  return submission;
}

/** URL of a file that was submitted. @throws 404, 403 */
export function submittedFileUrl(
  world: World,
  caller: Caller,
  id: string,
  fileHandleId: string,
): string {
  const submission = readSubmission(world, caller, id);
  if (!submission.fileHandleIds.includes(fileHandleId)) {
    throw notFound(
      `Submission ${submission.id} does not contain the requested FileHandle ${fileHandleId}`,
    );
  }
  return world.files.url(world.files.get(fileHandleId));
}

/** The status of a submission, for callers who may read the evaluation. @throws 404, 403 */
export function readStatus(world: World, caller: Caller, id: string): M.SubmissionStatus {
  const submission = getSubmission(world, id);
  const evaluation = requireSubmissionAccess(world, caller, submission.evaluationId, 'READ');
  const includePrivate = mayAccessEvaluation(world, caller, evaluation, 'READ_PRIVATE_SUBMISSION');
  return statusModel(submission, getStatus(world, submission.id), includePrivate);
}

/** All submissions to an evaluation. @throws 404, 403, 400 */
export function allSubmissions(
  world: World,
  caller: Caller,
  evaluationId: string,
  query: SubmissionQuery,
): Page<M.Submission> {
  const { id } = requireSubmissionAccess(world, caller, evaluationId, 'READ_PRIVATE_SUBMISSION');
  return pageOf(withStatus(world, submissionsOf(world, id), query), query, submissionModel);
}

/** All submissions to an evaluation, with their statuses. @throws 404, 403, 400 */
export function allBundles(
  world: World,
  caller: Caller,
  evaluationId: string,
  query: SubmissionQuery,
): Page<M.SubmissionBundle> {
  const { id } = requireSubmissionAccess(world, caller, evaluationId, 'READ_PRIVATE_SUBMISSION');
  return pageOf(withStatus(world, submissionsOf(world, id), query), query, (submission) =>
    bundleModel(world, submission, true),
  );
}

/** The statuses of all submissions to an evaluation. @throws 404, 403, 400 */
export function allStatuses(
  world: World,
  caller: Caller,
  evaluationId: string,
  query: SubmissionQuery,
): Page<M.SubmissionStatus> {
  const evaluation = requireSubmissionAccess(world, caller, evaluationId, 'READ');
  const includePrivate = mayAccessEvaluation(world, caller, evaluation, 'READ_PRIVATE_SUBMISSION');
  const found = withStatus(world, submissionsOf(world, evaluation.id), query);
  return pageOf(found, query, (submission) =>
    statusModel(submission, getStatus(world, submission.id), includePrivate),
  );
}

/**
 * The submissions of the caller, without those to which the caller only contributed.
 *
 * @throws 400
 */
export function ownSubmissions(
  world: World,
  caller: Caller,
  evaluationId: string,
  query: SubmissionQuery,
): Page<M.Submission> {
  return pageOf(findOwn(world, caller, evaluationId), query, submissionModel);
}

/** The submissions of the caller, with their statuses. @throws 400 */
export function ownBundles(
  world: World,
  caller: Caller,
  evaluationId: string,
  query: SubmissionQuery,
): Page<M.SubmissionBundle> {
  return pageOf(findOwn(world, caller, evaluationId), query, (submission) => {
    const evaluation = getEvaluation(world, submission.evaluationId);
    const includePrivate = mayAccessEvaluation(
      world,
      caller,
      evaluation,
      'READ_PRIVATE_SUBMISSION',
    );
    return bundleModel(world, submission, includePrivate);
  });
}

/** Number of submissions to an evaluation. @throws 404, 403 */
export function countSubmissions(world: World, caller: Caller, evaluationId: string): number {
  const { id } = requireSubmissionAccess(world, caller, evaluationId, 'READ_PRIVATE_SUBMISSION');
  return submissionTables(world).byEvaluation.count(id);
}

function findOwn(world: World, caller: Caller, evaluationId: string): SubmissionRecord[] {
  return submissionsOf(world, evaluationId.trim()).filter(({ userId }) => userId === caller.userId);
}

function withStatus(
  world: World,
  submissions: readonly SubmissionRecord[],
  { status }: SubmissionQuery,
): readonly SubmissionRecord[] {
  if (status === undefined) {
    return submissions;
  }
  if (schemas['SubmissionStatusEnum']?.enum?.includes(status) !== true) {
    throw badRequest(
      `No enum constant org.sagebionetworks.evaluation.model.SubmissionStatusEnum.${status.slice(0, 100)}`,
    );
  }
  return submissions.filter(({ id }) => getStatus(world, id).status === status);
}

function pageOf<T>(
  submissions: readonly SubmissionRecord[],
  query: SubmissionQuery,
  model: (submission: SubmissionRecord) => T,
): Page<T> {
  const { results, totalNumberOfResults } = paginated(
    submissions,
    pageWindow(query, pageLimits.submissions),
  );
  return { results: results.map(model), totalNumberOfResults };
}

function bundleModel(
  world: World,
  submission: SubmissionRecord,
  includePrivate: boolean,
): M.SubmissionBundle {
  return {
    submission: submissionModel(submission),
    submissionStatus: statusModel(submission, getStatus(world, submission.id), includePrivate),
  };
}
