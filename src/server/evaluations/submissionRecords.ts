import type * as M from '../../../generated/models.js';
import type { AnnotationMap } from '../entities/annotationValues.js';
import { notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A contributor to a submission. */
export interface ContributorRecord {
  readonly principalId: number;
  readonly createdOn: string;
}

/** A submission. It is immutable. */
export interface SubmissionRecord {
  readonly id: string;
  readonly evaluationId: string;
  readonly evaluationRoundId?: string;
  readonly userId: number;
  readonly submitterAlias?: string;
  readonly entityId: string;
  readonly versionNumber: number;
  /** JSON text of the entity at the time of the submission. */
  readonly entityBundleJSON: string;
  readonly fileHandleIds: readonly string[];
  readonly dockerRepositoryName?: string;
  readonly dockerDigest?: string;
  readonly name: string;
  readonly createdOn: string;
  readonly teamId?: number;
  readonly contributors: readonly ContributorRecord[];
}

/** The status of a submission. */
export interface StatusRecord {
  /** Id of the submission. */
  readonly id: string;
  readonly etag: string;
  readonly modifiedOn: string;
  readonly status: M.SubmissionStatusEnum;
  readonly score?: number;
  readonly report?: string;
  readonly annotations?: M.AnnotationsV1;
  readonly submissionAnnotations?: AnnotationMap;
  readonly statusVersion: number;
  readonly canCancel: boolean;
  readonly cancelRequested: boolean;
}

interface SubmissionTables {
  readonly submissions: Collection<SubmissionRecord>;
  readonly statuses: Collection<StatusRecord>;
  readonly byEvaluation: Index<SubmissionRecord>;
  readonly byHandle: Index<SubmissionRecord>;
  readonly byTeam: Index<SubmissionRecord>;
}

/** The collections of submissions with their indexes. */
export function submissionTables(world: World): SubmissionTables {
  return world.service(makeSubmissionTables);
}

function makeSubmissionTables({ store }: World): SubmissionTables {
  const submissions = store.collection<SubmissionRecord>('submissions');
  return {
    submissions,
    statuses: store.collection<StatusRecord>('submissionStatuses'),
    byEvaluation: submissions.index('evaluation', ({ evaluationId }) => evaluationId),
    byHandle: submissions.index('handle', ({ fileHandleIds }) => fileHandleIds),
    byTeam: submissions.index('team', ({ teamId }) => teamId?.toString()),
  };
}

/** @throws 404 */
export function getSubmission(world: World, id: string): SubmissionRecord {
  const record = submissionTables(world).submissions.get(id.trim());
  if (record === undefined) {
    throw notFound(`Submission with id: ${id.slice(0, 100)} does not exist`);
  }
  return record;
}

/** The submissions of an evaluation, oldest first. */
export function submissionsOf(world: World, evaluationId: string): SubmissionRecord[] {
  return submissionTables(world)
    .byEvaluation.find(evaluationId)
    .sort((a, b) => Number(a.id) - Number(b.id));
}

/** The status of a submission, which always has one. @throws 404 */
export function getStatus(world: World, id: string): StatusRecord {
  const status = submissionTables(world).statuses.get(id);
  if (status === undefined) {
    throw notFound(`Submission with id: ${id.slice(0, 100)} does not exist`);
  }
  return status;
}

/** A submission as the API shows it. */
export function submissionModel(record: SubmissionRecord): M.Submission {
  const { teamId, ...rest } = record;
  const shown: Partial<typeof rest> = { ...rest };
  delete shown.fileHandleIds;
  return {
    ...shown,
    userId: String(record.userId),
    ...(teamId !== undefined && { teamId: String(teamId) }),
    contributors: record.contributors.map(({ principalId, createdOn }) => ({
      principalId: String(principalId),
      createdOn,
    })),
  };
}

/** A status as the API shows it, with or without private annotations. */
export function statusModel(
  submission: SubmissionRecord,
  status: StatusRecord,
  includePrivate: boolean,
): M.SubmissionStatus {
  const { annotations, submissionAnnotations, ...shown } = status;
  return {
    ...shown,
    entityId: submission.entityId,
    versionNumber: submission.versionNumber,
    ...(annotations && { annotations: includePrivate ? annotations : publicPart(annotations) }),
    ...(includePrivate &&
      submissionAnnotations && {
        submissionAnnotations: {
          id: status.id,
          etag: status.etag,
          annotations: submissionAnnotations,
        },
      }),
  };
}

function publicPart(annotations: M.AnnotationsV1): M.AnnotationsV1 {
  const isPublic = ({ isPrivate }: { readonly isPrivate?: boolean }) => isPrivate === false;
  const { stringAnnos, longAnnos, doubleAnnos, ...rest } = annotations;
  return {
    ...rest,
    ...(stringAnnos && { stringAnnos: stringAnnos.filter(isPublic) }),
    ...(longAnnos && { longAnnos: longAnnos.filter(isPublic) }),
    ...(doubleAnnos && { doubleAnnos: doubleAnnos.filter(isPublic) }),
  };
}
