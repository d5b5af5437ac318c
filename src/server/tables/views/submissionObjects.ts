import type { AnnotationMap } from '../../entities/annotationValues.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { evaluationTables } from '../../evaluations/evaluationRecords.js';
import { updateStatus } from '../../evaluations/statusWrites.js';
import {
  getStatus,
  getSubmission,
  statusModel,
  submissionsOf,
  submissionTables,
  type StatusRecord,
  type SubmissionRecord,
} from '../../evaluations/submissionRecords.js';
import type { World } from '../../world.js';
import { evaluationBenefactor } from './benefactors.js';
import { submissionFields } from './objectFields.js';
import { withChanges, type ViewKind, type ViewObject } from './viewKind.js';

/** A submission as a row. */
class SubmissionObject implements ViewObject {
  readonly id: number;
  readonly version: number;
  readonly etag: string;
  readonly benefactor: number;
  readonly signature: string;
  readonly #submission: SubmissionRecord;
  readonly #status: StatusRecord;
  readonly #projectId: string;

  constructor(submission: SubmissionRecord, status: StatusRecord, projectId: string) {
    this.#submission = submission;
    this.#status = status;
    this.#projectId = projectId;
    this.id = Number(submission.id);
    this.version = status.statusVersion;
    this.etag = status.etag;
    this.benefactor = evaluationBenefactor(submission.evaluationId);
    this.signature = `${status.etag}|${projectId}`;
  }

  get annotations(): AnnotationMap {
    return this.#status.submissionAnnotations ?? {};
  }

  get ownAnnotations(): AnnotationMap {
    return this.annotations;
  }

  field(name: string): string | null {
    const value = this.#field(name);
    return value === undefined ? null : String(value);
  }

  #field(name: string): number | string | undefined {
    const submission = this.#submission;
    switch (name) {
      case 'id':
      case 'name':
        return submission[name];
      case 'createdOn':
        return Date.parse(submission.createdOn);
      case 'createdBy':
        return submission.userId;
      case 'etag':
        return this.#status.etag;
      case 'modifiedOn':
        return Date.parse(this.#status.modifiedOn);
      case 'projectId':
        return this.#projectId;
      case 'status':
        return this.#status.status;
      case 'evaluationid':
        return submission.evaluationId;
      case 'evaluationroundid':
        return submission.evaluationRoundId;
      case 'submitterid':
        return submission.teamId ?? submission.userId;
      case 'submitteralias':
        return submission.submitterAlias;
      case 'entityid':
        return submission.entityId;
      case 'entityversion':
        return submission.versionNumber;
      case 'dockerrepositoryname':
        return submission.dockerRepositoryName;
      case 'dockerdigest':
        return submission.dockerDigest;
      default:
        return undefined;
    }
  }
}

function* submissionsInScope(world: World, fields: EntityFields): Generator<ViewObject> {
  for (const id of new Set(fields.scopeIds ?? [])) {
    const evaluation = evaluationTables(world).evaluations.get(id);
    for (const submission of evaluation === undefined ? [] : submissionsOf(world, id)) {
      const status = getStatus(world, submission.id);
      yield new SubmissionObject(submission, status, evaluation?.contentSource ?? '');
    }
  }
}

/** Views of the submissions to evaluations. */
export const submissionKind: ViewKind = {
  fields: submissionFields,
  reserved: new Set(submissionFields.slice(7).map(({ name }) => name)),
  objects: submissionsInScope,
  benefactorOf: (world, id) => {
    const submission = submissionTables(world).submissions.get(String(id));
    return submission && evaluationBenefactor(submission.evaluationId);
  },
  emptyReason: ({ scopeIds = [] }) =>
    scopeIds.length === 0 ? 'You cannot create a version of a view that has no scope.' : undefined,
  annotate: (world, caller, { id, etag }, changes) => {
    const submission = getSubmission(world, String(id));
    const status = getStatus(world, submission.id);
    const annotations = withChanges(status.submissionAnnotations ?? {}, changes);
    updateStatus(world, caller, submission.id, {
      ...statusModel(submission, status, true),
      etag,
      submissionAnnotations: { id: submission.id, etag, annotations },
    });
  },
};
