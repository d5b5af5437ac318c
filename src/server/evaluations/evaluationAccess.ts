import type * as M from '../../../generated/models.js';
import { checkAclContent } from '../access/aclContent.js';
import { grantedBy, type AclRecord } from '../access/entityAcls.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, preconditionFailed } from '../kernel/serviceError.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { evaluationTables, getEvaluation, type EvaluationRecord } from './evaluationRecords.js';

/** Permissions of the creator of an evaluation. */
const creatorAccess: readonly M.ACCESS_TYPE[] = [
  'CREATE',
  'READ',
  'SUBMIT',
  'READ_PRIVATE_SUBMISSION',
  'UPDATE_SUBMISSION',
  'CHANGE_PERMISSIONS',
  'UPDATE',
  'DELETE',
  'DELETE_SUBMISSION',
];

/** Principals that may only read, with the message for other permissions. */
const readOnlyGroups: ReadonlyMap<number, string> = new Map([
  [fixedPrincipals.public, 'Public users may only have read access on an evaluation.'],
  [fixedPrincipals.anonymous, 'Anonymous users may only have read access on an evaluation.'],
  [
    fixedPrincipals.authenticatedUsers,
    'Only read access on an evaluation can be granted to all authenticated Synapse users.',
  ],
]);

type Actor = Pick<Caller, 'groups' | 'isAdmin' | 'isAnonymous'>;

/** The ACL of an evaluation that exists. */
export function evaluationAcl(world: World, record: EvaluationRecord): AclRecord {
  return (
    evaluationTables(world).acls.get(record.id) ?? {
      id: record.id,
      etag: record.etag,
      creationDate: record.createdOn,
      resourceAccess: [],
    }
  );
}

/** The ACL of a new evaluation. */
export function grantCreator(world: World, record: EvaluationRecord): void {
  evaluationTables(world).acls.put(record.id, {
    id: record.id,
    etag: world.uuid(),
    creationDate: record.createdOn,
    resourceAccess: [{ principalId: record.ownerId, accessType: creatorAccess }],
  });
}

/** Whether the ACL of an evaluation gives a permission. */
export function isGranted(
  world: World,
  groups: ReadonlySet<number>,
  record: EvaluationRecord,
  accessType: M.ACCESS_TYPE,
): boolean {
  return grantedBy(evaluationAcl(world, record), groups).has(accessType);
}

export function mayAccessEvaluation(
  world: World,
  actor: Actor,
  record: EvaluationRecord,
  accessType: M.ACCESS_TYPE,
): boolean {
  if (actor.isAdmin) {
    return true;
  }
  return (
    !(actor.isAnonymous && accessType !== 'READ') &&
    isGranted(world, actor.groups, record, accessType)
  );
}

/**
 * Returns an evaluation if the caller has the permission.
 *
 * @throws 404 without the evaluation, 403 without the permission
 */
export function requireEvaluationAccess(
  world: World,
  caller: Caller,
  id: string,
  accessType: M.ACCESS_TYPE,
): EvaluationRecord {
  const record = getEvaluation(world, id);
  if (!mayAccessEvaluation(world, caller, record, accessType)) {
    throw forbidden(
      `User ${caller.userId} is not authorized to ${accessType} evaluation ${record.id} (${record.name})`,
    );
  }
  return record;
}

/**
 * Returns the evaluation of a submission if the caller has the permission. Like the service, this
 * checks the ACL only: an evaluation that does not exist gives 403.
 *
 * @throws 403 without the permission or the evaluation, 404 for administrators
 */
export function requireSubmissionAccess(
  world: World,
  caller: Caller,
  id: string,
  accessType: M.ACCESS_TYPE,
): EvaluationRecord {
  const record = evaluationTables(world).evaluations.get(id.trim());
  if (record !== undefined && mayAccessEvaluation(world, caller, record, accessType)) {
    return record;
  }
  if (caller.isAdmin) {
    return getEvaluation(world, id);
  }
  throw forbidden(
    caller.isAnonymous && accessType !== 'READ'
      ? 'Anonymous user is not allowed to access Evaluation.'
      : `User lacks ${accessType} access to Evaluation ${id.slice(0, 100)}`,
  );
}

/**
 * Replaces the ACL of an evaluation.
 *
 * @throws 404, 403 without CHANGE_PERMISSIONS, 412 for a stale etag, 400 for invalid content
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/acl.html
 */
export function updateEvaluationAcl(
  world: World,
  caller: Caller,
  body: M.AccessControlList,
): AclRecord {
  if (body.id === undefined) {
    throw badRequest('The id of the ACL is required.');
  }
  const { id } = getEvaluation(world, body.id);
  const record = requireSubmissionAccess(world, caller, id, 'CHANGE_PERMISSIONS');
  checkGroupRows(body.resourceAccess ?? []);
  const current = evaluationAcl(world, record);
  if (body.etag === undefined) {
    throw badRequest('The etag of the ACL is required.');
  }
  if (body.etag !== current.etag) {
    throw preconditionFailed('E-tags do not match.');
  }
  const acl: AclRecord = {
    ...current,
    etag: world.uuid(),
    resourceAccess: checkAclContent(body.resourceAccess, {
      caller,
      createdBy: record.ownerId,
      principalExists: (id) => getPrincipal(world, id) !== undefined,
    }),
  };
  evaluationTables(world).acls.put(record.id, acl);
  return acl;
}

/** Checks that the ACL gives the public no more than READ. @throws 400 */
function checkGroupRows(rows: readonly M.ResourceAccess[]): void {
  for (const { principalId, accessType } of rows) {
    const refusal = principalId === undefined ? undefined : readOnlyGroups.get(principalId);
    if (refusal !== undefined && accessType?.some((type) => type !== 'READ') === true) {
      throw badRequest(refusal);
    }
  }
}

/** The permissions of the caller on an evaluation. @throws 404 */
export function evaluationPermissions(
  world: World,
  caller: Caller,
  id: string,
): M.UserEvaluationPermissions {
  const record = getEvaluation(world, id);
  const may = (accessType: M.ACCESS_TYPE) => mayAccessEvaluation(world, caller, record, accessType);
  const anonymousGroups = world.groupsOf(fixedPrincipals.anonymous);
  return {
    canChangePermissions: may('CHANGE_PERMISSIONS'),
    canView: may('READ'),
    canPublicRead: isGranted(world, anonymousGroups, record, 'READ'),
    canEdit: may('UPDATE'),
    canDelete: may('DELETE'),
    canParticipate: may('PARTICIPATE'),
    canSubmit: may('SUBMIT'),
    canViewPrivateSubmissionStatusAnnotations: may('READ_PRIVATE_SUBMISSION'),
    canEditSubmissionStatuses: may('UPDATE_SUBMISSION'),
    canDeleteSubmissions: may('DELETE_SUBMISSION'),
    ownerPrincipalId: record.ownerId,
  };
}
