import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { isAct, requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { isCertified } from '../users/certification.js';
import { fixedPrincipals } from '../users/principals.js';
import { getUser } from '../users/users.js';
import { isVerified } from '../verification/verificationRecords.js';
import type { World } from '../world.js';
import { getRequirement, requirementTypes, type RequirementRecord } from './requirementRecords.js';

/** The approval that a user meets a requirement. */
export type ApprovalRecord = Required<Omit<M.AccessApproval, 'expiredOn'>> &
  Pick<M.AccessApproval, 'expiredOn'>;

/** All approvals by id, including revoked ones. */
export function approvals(world: World): Collection<ApprovalRecord> {
  return world.store.collection<ApprovalRecord>('accessApprovals');
}

function byAccessor(world: World): Index<ApprovalRecord> {
  return approvals(world).index('accessor', ({ requirementId, accessorId }) =>
    accessorKey(requirementId, accessorId),
  );
}

function byRequirement(world: World): Index<ApprovalRecord> {
  return approvals(world).index('requirement', ({ requirementId }) => String(requirementId));
}

function accessorKey(requirementId: number, accessorId: number | string): string {
  return `${requirementId}/${accessorId}`;
}

/** All approvals of a requirement, including revoked ones. */
export function approvalsFor(world: World, requirementId: number): ApprovalRecord[] {
  return byRequirement(world).find(String(requirementId));
}

/** The valid approvals of a user for a requirement: one for each submitter and version. */
export function validApprovals(
  world: World,
  requirementId: number,
  accessorId: number | string,
): ApprovalRecord[] {
  return byAccessor(world)
    .find(accessorKey(requirementId, accessorId))
    .filter((approval) => isValid(world, approval));
}

/** A valid approval of a user for a requirement. */
export function validApproval(
  world: World,
  requirementId: number,
  accessorId: number | string,
): ApprovalRecord | undefined {
  return validApprovals(world, requirementId, accessorId)[0];
}

/** Whether all users have, or had, access to a requirement through requests of a submitter. */
export function gainedThrough(
  world: World,
  requirementId: number,
  submitterId: number | string,
  accessorIds: readonly string[],
): boolean {
  return accessorIds.every((accessorId) =>
    byAccessor(world)
      .find(accessorKey(requirementId, accessorId))
      .some((approval) => approval.submitterId === String(submitterId)),
  );
}

/** An approval as the API shows it. Expired approvals are revoked, as by the service's worker. */
export function approvalModel(world: World, approval: ApprovalRecord): ApprovalRecord {
  const { state, expiredOn } = approval;
  return state !== 'APPROVED' || expiredOn === undefined || isValid(world, approval)
    ? approval
    : {
        ...approval,
        state: 'REVOKED',
        modifiedOn: expiredOn < approval.modifiedOn ? approval.modifiedOn : expiredOn,
        modifiedBy: String(fixedPrincipals.admin),
      };
}

/** Whether an approval is neither revoked nor expired. */
export function isValid(world: World, { state, expiredOn }: ApprovalRecord): boolean {
  return state === 'APPROVED' && (expiredOn === undefined || expiredOn > world.timestamp());
}

/** The properties of a new approval. */
export interface NewApproval {
  readonly requirementId: number;
  readonly requirementVersion: number;
  readonly submitterId: number | string;
  readonly accessorId: number | string;
  readonly approvedBy: number;
  readonly expiredOn?: string;
}

/** Stores an approval and replaces an earlier one of the same version, submitter and accessor. */
export function putApproval(world: World, approval: NewApproval): ApprovalRecord {
  const { requirementId, requirementVersion, submitterId, accessorId, approvedBy } = approval;
  const now = world.timestamp();
  const before = byAccessor(world)
    .find(accessorKey(requirementId, accessorId))
    .find(
      (known) =>
        known.submitterId === String(submitterId) &&
        known.requirementVersion === requirementVersion,
    );
  const record: ApprovalRecord = {
    id: before?.id ?? world.store.sequence('accessApprovals')(),
    etag: world.uuid(),
    createdOn: before?.createdOn ?? now,
    createdBy: before?.createdBy ?? String(approvedBy),
    modifiedOn: now,
    modifiedBy: String(approvedBy),
    requirementId,
    requirementVersion,
    submitterId: String(submitterId),
    accessorId: String(accessorId),
    state: 'APPROVED',
    expiredOn: approval.expiredOn,
  };
  approvals(world).put(String(record.id), record);
  return record;
}

const signedTypes: ReadonlySet<string> = new Set([
  requirementTypes.selfSign,
  requirementTypes.termsOfUse,
]);
const unapprovedTypes: ReadonlySet<string> = new Set([
  requirementTypes.lock,
  requirementTypes.postMessage,
]);

/**
 * Approves access. Users approve their own access where signing is sufficient, whoever the body
 * names, and the ACT that of any user.
 *
 * @throws 404, 403, 400 when it cannot be approved in this way
 * @see https://rest-docs.synapse.org/rest/POST/accessApproval.html
 */
export function createApproval(
  world: World,
  caller: Caller,
  body: M.AccessApproval,
): ApprovalRecord {
  requireLogin(caller);
  if (body.requirementId === undefined) {
    throw badRequest('accessRequirementId is required.');
  }
  const requirement = getRequirement(world, body.requirementId);
  if (unapprovedTypes.has(requirement.concreteType)) {
    throw badRequest(`Cannot apply an approval to a ${requirement.concreteType}`);
  }
  const isSigned = signedTypes.has(requirement.concreteType);
  if (!isSigned && !isAct(caller)) {
    throw forbidden('User is not an ACT Member.');
  }
  const accessorId = isSigned ? String(caller.userId) : knownUser(world, body.accessorId);
  requireQualified(world, requirement, [accessorId]);
  return putApproval(world, {
    requirementId: requirement.id,
    requirementVersion: body.requirementVersion ?? requirement.versionNumber,
    submitterId: body.submitterId ?? accessorId,
    accessorId,
    approvedBy: caller.userId,
    ...expiry(body.expiredOn),
  });
}

function expiry(expiredOn: string | undefined): { expiredOn?: string } {
  if (expiredOn === undefined) {
    return {};
  }
  const time = Date.parse(expiredOn);
  if (Number.isNaN(time)) {
    throw badRequest(`Invalid date: '${expiredOn.slice(0, 100)}'`);
  }
  return { expiredOn: new Date(time).toISOString() };
}

function knownUser(world: World, id: string | undefined): string {
  if (id === undefined) {
    throw badRequest('accessorId is required.');
  }
  if (id === String(fixedPrincipals.anonymous)) {
    throw badRequest('Cannot create an AccessApproval for anonymous user.');
  }
  if (getUser(world, id) === undefined) {
    throw notFound(`The user ${id.slice(0, 100)} does not exist.`);
  }
  return id;
}

/** @throws 403 or 400 when a user does not meet the general conditions of a requirement */
export function requireQualified(
  world: World,
  requirement: RequirementRecord,
  userIds: readonly string[],
): void {
  const { isCertifiedUserRequired, isValidatedProfileRequired } =
    'isCertifiedUserRequired' in requirement || 'isValidatedProfileRequired' in requirement
      ? requirement
      : {};
  if (isCertifiedUserRequired === true && !userIds.every((id) => isCertified(world, Number(id)))) {
    throw forbidden('Accessors must be Synapse Certified Users.', {
      errorCode: 'USER_CERTIFICATION_REQUIRED',
    });
  }
  if (isValidatedProfileRequired === true && !userIds.every((id) => isVerified(world, id))) {
    throw badRequest('Accessors must have validated profiles.');
  }
}

/** Returns an approval. All users may read it. @throws 404 */
export function getApproval(world: World, id: string): ApprovalRecord {
  const approval = approvals(world).get(id);
  if (approval === undefined) {
    throw notFound(`Access approval '${id.slice(0, 100)}' does not exist`);
  }
  return approvalModel(world, approval);
}

/** Revokes matching approvals. @returns the revoked approvals */
export function revokeWhere(
  world: World,
  caller: Caller,
  requirementId: number,
  fits: (approval: ApprovalRecord) => boolean,
): ApprovalRecord[] {
  return approvalsFor(world, requirementId)
    .filter((approval) => approval.state === 'APPROVED' && fits(approval))
    .map((approval) => {
      const revoked: ApprovalRecord = {
        ...approval,
        state: 'REVOKED',
        etag: world.uuid(),
        modifiedOn: world.timestamp(),
        modifiedBy: String(caller.userId),
      };
      approvals(world).put(String(approval.id), revoked);
      return revoked;
    });
}

/** Deletes the approvals of a deleted requirement. */
export function forgetApprovals(world: World, requirementId: number): void {
  for (const { id } of approvalsFor(world, requirementId)) {
    approvals(world).delete(String(id));
  }
}
