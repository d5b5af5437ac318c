import type * as M from '../../../generated/models.js';
import { readBundle } from '../entities/entityBundles.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityReference, parseVersionNumber } from '../entities/entityIds.js';
import {
  getVersionRecord,
  type EntityRecord,
  type VersionRecord,
} from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { getPerson } from '../teams/teamMembers.js';
import { parsePrincipalId } from '../teams/teamRecords.js';
import type { World } from '../world.js';
import { requireIndividualEligible, requireTeamEligible } from './eligibility.js';
import { requireSubmissionAccess } from './evaluationAccess.js';
import { evaluationHooks } from './evaluationHooks.js';
import {
  evaluationTables,
  getEvaluation,
  type EvaluationRecord,
  type RoundRecord,
} from './evaluationRecords.js';
import {
  getStatus,
  getSubmission,
  submissionsOf,
  submissionTables,
  type ContributorRecord,
  type StatusRecord,
  type SubmissionRecord,
} from './submissionRecords.js';

/** Further parameters of a submission. */
export interface SubmitOptions {
  /** Etag of the entity, which proves that the submitter knows its current state. */
  readonly etag: string;
  readonly eligibilityHash?: string;
}

/**
 * Submits a version of an entity.
 *
 * @throws 404, 403 without SUBMIT, without READ on the entity, or when not eligible, 400
 * @see https://rest-docs.synapse.org/rest/POST/evaluation/submission.html
 */
export function createSubmission(
  world: World,
  caller: Caller,
  body: M.Submission,
  options: SubmitOptions,
): SubmissionRecord {
  if (body.evaluationId === undefined || body.entityId === undefined) {
    throw badRequest('The evaluationId and the entityId of a submission are required.');
  }
  if (body.evaluationRoundId !== undefined) {
    throw badRequest(
      'Please do not specify any evaluationRoundId. This will be filled automatically based upon the time of creation.',
    );
  }
  const evaluation = requireSubmissionAccess(world, caller, body.evaluationId, 'SUBMIT');
  const { entity, version } = submittedEntity(world, caller, body, options.etag);
  const now = world.timestamp();
  const contributors = checkContributors(world, caller, body, now);
  const round = requireEligible(world, caller, evaluation, {
    ...(body.teamId !== undefined && { teamId: parsePrincipalId(body.teamId) }),
    contributors: contributors.map(({ principalId }) => principalId),
    eligibilityHash: options.eligibilityHash,
  });
  const bundle = readBundle(
    world,
    caller,
    { id: entity.id, number: version.number },
    { includeEntity: true, includeAnnotations: true, includeFileHandles: true },
  );
  const submission: SubmissionRecord = {
    id: String(world.store.sequence('submissions', 9_700_001)()),
    evaluationId: evaluation.id,
    ...(round && { evaluationRoundId: round.id }),
    userId: caller.userId,
    submitterAlias: body.submitterAlias,
    entityId: entity.id,
    versionNumber: version.number,
    entityBundleJSON: JSON.stringify(bundle),
    fileHandleIds: (bundle.fileHandles ?? []).flatMap(({ id }) => id ?? []),
    ...dockerPart(world, entity, version, body.dockerDigest),
    name: body.name ?? entity.name,
    createdOn: now,
    ...(body.teamId !== undefined && { teamId: parsePrincipalId(body.teamId) }),
    contributors,
  };
  const status: StatusRecord = {
    id: submission.id,
    etag: world.uuid(),
    modifiedOn: now,
    status: 'RECEIVED',
    statusVersion: 0,
    canCancel: false,
    cancelRequested: false,
  };
  const { statuses, submissions } = submissionTables(world);
  submissions.put(submission.id, submission);
  statuses.put(status.id, status);
  touchSubmissions(world, evaluation.id);
  evaluationHooks(world).emit({ kind: 'create', submission, status });
  return submission;
}

function submittedEntity(
  world: World,
  caller: Caller,
  body: M.Submission,
  etag: string,
): { entity: EntityRecord; version: VersionRecord } {
  const reference = parseEntityReference(body.entityId ?? '');
  const entity = requireAccess(world, caller, reference.id, 'READ');
  if (entity.etag !== etag) {
    throw badRequest(`The supplied eTag is out of date. Please fetch Entity ${entity.id} again.`);
  }
  const number =
    body.versionNumber === undefined ? reference.version : parseVersionNumber(body.versionNumber);
  return { entity, version: getVersionRecord(world, entity, number) };
}

function checkContributors(
  world: World,
  caller: Caller,
  body: M.Submission,
  createdOn: string,
): ContributorRecord[] {
  const ids = (body.contributors ?? []).map(({ principalId }) => {
    if (principalId === undefined) {
      throw badRequest('The principalId of a contributor is required.');
    }
    return getPerson(world, principalId).id;
  });
  return [...new Set([...ids, caller.userId])].map((principalId) => ({ principalId, createdOn }));
}

interface Entry {
  readonly teamId?: number;
  readonly contributors: readonly number[];
  readonly eligibilityHash?: string;
}

function requireEligible(
  world: World,
  caller: Caller,
  evaluation: EvaluationRecord,
  { contributors, eligibilityHash, teamId }: Entry,
): RoundRecord | undefined {
  if (teamId !== undefined && eligibilityHash !== undefined) {
    return requireTeamEligible(world, evaluation, { teamId, contributors, eligibilityHash });
  }
  if (teamId !== undefined || eligibilityHash !== undefined || contributors.length > 1) {
    throw badRequest('Submission is neither a valid Team or Individual Submission.');
  }
  return requireIndividualEligible(world, evaluation, caller.userId);
}

function dockerPart(
  world: World,
  entity: EntityRecord,
  version: VersionRecord,
  digest: string | undefined,
): Pick<SubmissionRecord, 'dockerDigest' | 'dockerRepositoryName'> {
  if (entity.type !== 'dockerrepo') {
    return {};
  }
  if (digest === undefined) {
    throw badRequest('Docker Digest is required.');
  }
  if (!evaluationHooks(world).hasDigest(entity.id, digest)) {
    throw badRequest(
      `The given Docker Repository, ${entity.id}, does not have digest ${digest.slice(0, 100)}`,
    );
  }
  const { repositoryName } = version.fields;
  return {
    dockerDigest: digest,
    ...(typeof repositoryName === 'string' && { dockerRepositoryName: repositoryName }),
  };
}

/**
 * Deletes a submission with its status.
 *
 * @throws 404, 403 without DELETE_SUBMISSION
 * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/submission/subId.html
 */
export function deleteSubmission(world: World, caller: Caller, id: string): void {
  const submission = getSubmission(world, id);
  requireSubmissionAccess(world, caller, submission.evaluationId, 'DELETE_SUBMISSION');
  removeSubmission(world, submission);
  touchSubmissions(world, submission.evaluationId);
}

/** Deletes the submissions of an evaluation that is being deleted. */
export function removeSubmissionsOf(world: World, evaluationId: string): void {
  for (const submission of submissionsOf(world, evaluationId)) {
    removeSubmission(world, submission);
  }
}

function removeSubmission(world: World, submission: SubmissionRecord): void {
  const status = getStatus(world, submission.id);
  const { statuses, submissions } = submissionTables(world);
  submissions.delete(submission.id);
  statuses.delete(submission.id);
  evaluationHooks(world).emit({ kind: 'delete', submission, status });
}

/**
 * Adds a contributor to a submission.
 *
 * @throws 403 unless the caller is an administrator, 404, 400
 * @see https://rest-docs.synapse.org/rest/POST/admin/evaluation/submission/subId/contributor.html
 */
export function addContributor(
  world: World,
  caller: Caller,
  id: string,
  body: M.SubmissionContributor,
): M.SubmissionContributor {
  if (!caller.isAdmin) {
    throw forbidden('This service is only available to Synapse administrators.');
  }
  const submission = getSubmission(world, id);
  const principalId = getPerson(world, body.principalId ?? '').id;
  if (submission.contributors.some((known) => known.principalId === principalId)) {
    throw badRequest(`User ${principalId} is a contributor of submission ${id} already.`);
  }
  const createdOn = world.timestamp();
  submissionTables(world).submissions.put(submission.id, {
    ...submission,
    contributors: [...submission.contributors, { principalId, createdOn }],
  });
  return { principalId: String(principalId), createdOn };
}

/** Changes the submissions etag of an evaluation. */
export function touchSubmissions(world: World, evaluationId: string): string {
  const submissionsEtag = world.uuid();
  const evaluation = getEvaluation(world, evaluationId);
  evaluationTables(world).evaluations.put(evaluation.id, { ...evaluation, submissionsEtag });
  return submissionsEtag;
}
