import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { checkName } from '../entities/entityNames.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import {
  badRequest,
  conflict,
  forbidden,
  notFound,
  preconditionFailed,
} from '../kernel/serviceError.js';
import { removeWikiOf } from '../wiki/wikiWrites.js';
import type { World } from '../world.js';
import {
  grantCreator,
  isGranted,
  mayAccessEvaluation,
  requireEvaluationAccess,
} from './evaluationAccess.js';
import {
  evaluationTables,
  periodOf,
  roundsOf,
  type EvaluationRecord,
} from './evaluationRecords.js';
import { checkQuota } from './quotas.js';
import { removeSubmissionsOf } from './submissionWrites.js';

/**
 * Creates an evaluation. Its creator gets all permissions.
 *
 * @throws 403 for the anonymous user and without CREATE on the project, 409 for a name that is
 * taken, 404, 400
 * @see https://rest-docs.synapse.org/rest/POST/evaluation.html
 */
export function createEvaluation(
  world: World,
  caller: Caller,
  body: M.Evaluation,
): EvaluationRecord {
  const quota = body.quota && checkQuota(body.quota);
  const content = checkContent(world, caller, body);
  const record: EvaluationRecord = {
    id: String(world.store.sequence('evaluations', 9_600_001)()),
    etag: world.uuid(),
    ...content,
    quota,
    ownerId: caller.userId,
    createdOn: world.timestamp(),
    submissionsEtag: world.uuid(),
  };
  evaluationTables(world).evaluations.put(record.id, record);
  grantCreator(world, record);
  return record;
}

/**
 * Updates the mutable fields of an evaluation.
 *
 * @throws 404, 403 without UPDATE, 412 for a stale etag, 409 for a name that is taken, 400
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId.html
 */
export function updateEvaluation(
  world: World,
  caller: Caller,
  id: string,
  body: M.Evaluation,
): EvaluationRecord {
  const quota = body.quota && checkQuota(body.quota);
  const current = requireEvaluationAccess(world, caller, id, 'UPDATE');
  if (body.id !== undefined && body.id !== current.id) {
    throw badRequest('The evaluation ID of the path does not match that of the body.');
  }
  if (body.etag === undefined) {
    throw badRequest('The etag of the evaluation is required.');
  }
  if (body.etag !== current.etag) {
    throw preconditionFailed(
      `Evaluation: ${current.id} has been updated since you last fetched it; please retrieve it again and re-apply the update`,
    );
  }
  if (quota !== undefined && roundsOf(world, current.id).length > 0) {
    throw badRequest(
      "DEPRECATED! SubmissionQuota is a DEPRECATED feature and can not co-exist with EvaluationRounds. You must first delete your Evaluation's EvaluationRounds in order to use SubmissionQuota.",
    );
  }
  const record: EvaluationRecord = {
    id: current.id,
    etag: world.uuid(),
    ...checkContent(world, caller, body, current),
    quota,
    // The owner and the date in a request are ignored.
    ownerId: current.ownerId,
    createdOn: current.createdOn,
    submissionsEtag: current.submissionsEtag,
  };
  evaluationTables(world).evaluations.put(record.id, record);
  return record;
}

/**
 * Deletes an evaluation with its rounds, submissions and wiki.
 *
 * @throws 404, 403 without DELETE
 * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/evalId.html
 */
export function deleteEvaluation(world: World, caller: Caller, evaluationId: string): void {
  const { id } = requireEvaluationAccess(world, caller, evaluationId, 'DELETE');
  const { acls, evaluations, rounds } = evaluationTables(world);
  removeSubmissionsOf(world, id);
  for (const round of roundsOf(world, id)) {
    rounds.delete(round.id);
  }
  acls.delete(id);
  removeWikiOf(world, { type: 'EVALUATION', id });
  evaluations.delete(id);
}

/** An evaluation by its name. @throws 404, also without READ */
export function evaluationByName(world: World, caller: Caller, name: string): EvaluationRecord {
  const record = evaluationTables(world).byName.first(name);
  if (record === undefined || !mayAccessEvaluation(world, caller, record, 'READ')) {
    throw notFound(`No Evaluation found with name ${name.slice(0, 256)}`);
  }
  return record;
}

/** Filter of a list of evaluations. */
export interface EvaluationFilter {
  /** @default `READ` */
  readonly accessType?: M.ACCESS_TYPE;
  /** Only evaluations that accept submissions now. */
  readonly activeOnly?: boolean;
  /** Comma-separated ids. */
  readonly evaluationIds?: string;
  readonly contentSource?: string;
}

/** The evaluations on which the caller has a permission, ordered by name. */
export function listEvaluations(
  world: World,
  caller: Caller,
  filter: EvaluationFilter,
): EvaluationRecord[] {
  const ids = filter.evaluationIds?.split(',').map((id) => id.trim());
  const now = world.now();
  const isActive = (evaluation: EvaluationRecord) => {
    const { hasPeriods, period } = periodOf(world, evaluation, now);
    return !hasPeriods || period !== undefined;
  };
  return [...evaluationTables(world).evaluations.values()]
    .filter(
      (record) =>
        (ids?.includes(record.id) ?? true) &&
        (filter.contentSource ?? record.contentSource) === record.contentSource &&
        isGranted(world, caller.groups, record, filter.accessType ?? 'READ') &&
        (filter.activeOnly !== true || isActive(record)),
    )
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || Number(a.id) - Number(b.id));
}

type Content = Pick<
  EvaluationRecord,
  | 'contentSource'
  | 'description'
  | 'name'
  | 'submissionInstructionsMessage'
  | 'submissionReceiptMessage'
>;

function checkContent(
  world: World,
  caller: Caller,
  body: M.Evaluation,
  current?: EvaluationRecord,
): Content {
  const { description, submissionInstructionsMessage, submissionReceiptMessage } = body;
  if (body.contentSource === undefined || body.contentSource === '') {
    throw badRequest(
      `Evaluation ${String(current?.id ?? null)} is missing content source (are you sure there is Synapse entity for it?).`,
    );
  }
  const contentSource = parseEntityId(body.contentSource);
  if (contentSource !== current?.contentSource) {
    requireProject(world, caller, contentSource, current?.id);
  }
  if (body.name === undefined) {
    throw badRequest('Evaluation name cannot be null.');
  }
  const name = checkName(body.name);
  const holder = evaluationTables(world).byName.first(name);
  if (holder !== undefined && holder.id !== current?.id) {
    throw conflict(`An Evaluation already exists with the name '${name}'`);
  }
  return {
    name,
    contentSource,
    description,
    submissionInstructionsMessage,
    submissionReceiptMessage,
  };
}

function requireProject(
  world: World,
  caller: Caller,
  entityId: string,
  evaluationId: string | undefined,
): void {
  const { type } = getEntityRecord(world, entityId);
  // The caller need not be certified to create an evaluation in a project.
  if (!hasAccess(world, caller, entityId, 'CREATE', { createType: 'project' })) {
    throw forbidden(
      `User ${caller.userId} must have CREATE right on the entity ${entityId} in order to create a evaluation based on it.`,
    );
  }
  if (type !== 'project') {
    throw badRequest(
      `Evaluation ${String(evaluationId ?? null)} could not be created because the parent entity ${entityId} is not a project.`,
    );
  }
}
