import type * as M from '../../../generated/models.js';
import { checkAnnotations } from '../entities/annotationValues.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, preconditionFailed } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { requireSubmissionAccess } from './evaluationAccess.js';
import { evaluationHooks } from './evaluationHooks.js';
import {
  getStatus,
  getSubmission,
  submissionTables,
  type StatusRecord,
  type SubmissionRecord,
} from './submissionRecords.js';
import { touchSubmissions } from './submissionWrites.js';

/** Maximum number of statuses in a batch. */
const maxBatch = limits.statusBatch;

/**
 * Replaces the status of a submission.
 *
 * @throws 404, 403 without READ_PRIVATE_SUBMISSION and UPDATE_SUBMISSION, 412 for a stale etag, 400
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/submission/subId/status.html
 */
export function updateStatus(
  world: World,
  caller: Caller,
  id: string,
  body: M.SubmissionStatus,
): StatusRecord {
  const submission = getSubmission(world, id);
  requireSubmissionAccess(world, caller, submission.evaluationId, 'READ_PRIVATE_SUBMISSION');
  requireSubmissionAccess(world, caller, submission.evaluationId, 'UPDATE_SUBMISSION');
  if (body.id !== submission.id) {
    throw badRequest('The submission ID of the path does not match that of the status.');
  }
  const status = storeStatus(world, submission, body);
  touchSubmissions(world, submission.evaluationId);
  return status;
}

/**
 * Replaces many statuses at once, in one batch of several.
 *
 * @returns the token that the next batch must have; none after the last
 * @throws 404, 403 without UPDATE_SUBMISSION, 412 for a stale token or etag, 400
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId/statusBatch.html
 */
export function updateStatusBatch(
  world: World,
  caller: Caller,
  evaluationId: string,
  batch: M.SubmissionStatusBatch,
): M.BatchUploadResponse {
  const { batchToken, isFirstBatch, isLastBatch, statuses } = batch;
  if (isFirstBatch === undefined) {
    throw badRequest('isFirstBatch is required.');
  }
  if (isLastBatch === undefined) {
    throw badRequest('isLastBatch is required.');
  }
  if (statuses === undefined) {
    throw badRequest('statuses is required.');
  }
  if (statuses.length === 0) {
    throw badRequest('statuses is required and must not be empty.');
  }
  if (statuses.length > maxBatch) {
    throw badRequest(`Batch size cannot exceed ${maxBatch}`);
  }
  const evaluation = requireSubmissionAccess(world, caller, evaluationId, 'UPDATE_SUBMISSION');
  if (!isFirstBatch && batchToken === undefined) {
    throw badRequest('batchToken is required.');
  }
  if (!isFirstBatch && batchToken !== evaluation.submissionsEtag) {
    throw preconditionFailed(
      'Your batch token is out of date.  You must restart upload from first batch.',
    );
  }
  for (const status of statuses) {
    const submission = getSubmission(world, status.id ?? '');
    if (submission.evaluationId !== evaluation.id) {
      throw badRequest('Specified Evaluation ID does not match submissions in the batch.');
    }
    storeStatus(world, submission, status);
  }
  const nextUploadToken = touchSubmissions(world, evaluation.id);
  return isLastBatch ? {} : { nextUploadToken };
}

/**
 * Requests the cancellation of a submission.
 *
 * @throws 404, 403 unless the caller is the submitter and the submission can be cancelled
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/submission/subId/cancellation.html
 */
export function requestCancellation(world: World, caller: Caller, id: string): void {
  const submission = getSubmission(world, id);
  if (caller.isAnonymous || submission.userId !== caller.userId) {
    throw forbidden('Only the user who submitted this submission could perform this action.');
  }
  const status = getStatus(world, submission.id);
  if (!status.canCancel) {
    throw forbidden('This submission is currently noncancellable.');
  }
  putStatus(world, submission, { ...status, cancelRequested: true });
  touchSubmissions(world, submission.evaluationId);
}

function storeStatus(
  world: World,
  submission: SubmissionRecord,
  body: M.SubmissionStatus,
): StatusRecord {
  const current = getStatus(world, submission.id);
  if (body.etag === undefined) {
    throw badRequest('The etag of the submission status is required.');
  }
  if (body.etag !== current.etag) {
    throw preconditionFailed(
      `Submission Status ${submission.id} was updated since you last fetched it, retrieve it again and re-apply the update.`,
    );
  }
  const { canCancel, cancelRequested, report, score, status } = body;
  if (status === undefined) {
    throw badRequest('The status of a submission is required.');
  }
  if (score !== undefined && !(score >= 0 && score <= 1)) {
    throw badRequest(`Scores must be between 0 and 1. Received score = ${score}`);
  }
  const annotations = body.annotations && checkAnnotationsV1(submission, body.annotations);
  return putStatus(world, submission, {
    id: current.id,
    etag: current.etag,
    modifiedOn: current.modifiedOn,
    statusVersion: current.statusVersion,
    status,
    canCancel: canCancel ?? false,
    cancelRequested: cancelRequested ?? false,
    score,
    report,
    annotations,
    ...(body.submissionAnnotations && {
      submissionAnnotations: checkAnnotations(body.submissionAnnotations.annotations),
    }),
  });
}

function putStatus(
  world: World,
  submission: SubmissionRecord,
  content: StatusRecord,
): StatusRecord {
  const status: StatusRecord = {
    ...content,
    etag: world.uuid(),
    modifiedOn: world.timestamp(),
    statusVersion: content.statusVersion + 1,
  };
  submissionTables(world).statuses.put(status.id, status);
  evaluationHooks(world).emit({ kind: 'update', submission, status });
  return status;
}

/**
 * Annotations are private unless they are marked as public.
 *
 * @throws 400 for a key that is missing or used twice
 */
function checkAnnotationsV1(
  submission: SubmissionRecord,
  { stringAnnos, longAnnos, doubleAnnos }: M.AnnotationsV1,
): M.AnnotationsV1 {
  const keys = [...(stringAnnos ?? []), ...(longAnnos ?? []), ...(doubleAnnos ?? [])].map(
    ({ key }) => key,
  );
  if (keys.some((key) => key === undefined || key === '')) {
    throw badRequest('The key of an annotation cannot be null or empty.');
  }
  // Statuses are stored as JSON numbers, which hold no larger whole number exactly.
  const rounded = (longAnnos ?? []).find(
    ({ value }) => value !== undefined && !Number.isSafeInteger(value),
  );
  if (rounded !== undefined) {
    throw badRequest(
      `The embedded server stores no whole number beyond 2^53 in the annotations of a status: ${rounded.key ?? ''}. Use submissionAnnotations.`,
    );
  }
  if (new Set(keys).size < keys.length) {
    throw badRequest('Annotations contain duplicate keys.');
  }
  const completed = <T extends { isPrivate?: boolean }>(annotations: readonly T[]): T[] =>
    annotations.map((annotation) => ({
      ...annotation,
      isPrivate: annotation.isPrivate ?? true,
    }));
  return {
    objectId: submission.id,
    scopeId: submission.evaluationId,
    ...(stringAnnos && { stringAnnos: completed(stringAnnos) }),
    ...(longAnnos && { longAnnos: completed(longAnnos) }),
    ...(doubleAnnos && { doubleAnnos: completed(doubleAnnos).map(withNumber) }),
  };
}

/** Numbers that JSON has not. */
const namedNumbers: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/** The value as the service writes it: a number, or the name of one that JSON has not. @throws 400 */
function withNumber(annotation: M.DoubleAnnotation): M.DoubleAnnotation {
  const { key = '', value } = annotation;
  if (typeof value !== 'string' || namedNumbers.has(value)) {
    return annotation;
  }
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) {
    throw badRequest(`The value of the annotation ${key} is not a number: ${value.slice(0, 100)}`);
  }
  return { ...annotation, value: number };
}
