import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { isAct, requireAct, requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { isCertified } from '../users/certification.js';
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

/** The valid approval of a user for a requirement. */
export function validApproval(
  world: World,
  requirementId: number,
  accessorId: number | string,
): ApprovalRecord | undefined {
  return byAccessor(world)
    .find(accessorKey(requirementId, accessorId))
    .find((approval) => isValid(world, approval));
}

/** Whether an approval is neither revoked nor expired. */
export function isValid(world: World, { state, expiredOn }: ApprovalRecord): boolean {
  return state === 'APPROVED' && (expiredOn === undefined || expiredOn > world.timestamp());
}

/** The properties of a new approval. */
export interface NewApproval {
  readonly requirement: RequirementRecord;
  readonly submitterId: number | string;
  readonly accessorId: number | string;
  readonly approvedBy: number;
  readonly expiredOn?: string;
}

/** Stores an approval and replaces an earlier one of the same submitter and accessor. */
export function putApproval(world: World, approval: NewApproval): ApprovalRecord {
  const { requirement, submitterId, accessorId, approvedBy, expiredOn } = approval;
  const now = world.timestamp();
  const before = byAccessor(world)
    .find(accessorKey(requirement.id, accessorId))
    .find((known) => known.submitterId === String(submitterId));
  const record: ApprovalRecord = {
    id: before?.id ?? world.store.sequence('accessApprovals')(),
    etag: world.uuid(),
    createdOn: before?.createdOn ?? now,
    createdBy: before?.createdBy ?? String(approvedBy),
    modifiedOn: now,
    modifiedBy: String(approvedBy),
    requirementId: requirement.id,
    requirementVersion: requirement.versionNumber,
    submitterId: String(submitterId),
    accessorId: String(accessorId),
    state: 'APPROVED',
    expiredOn,
  };
  approvals(world).put(String(record.id), record);
  return record;
}

/**
 * Approves access. Users may approve their own access where signing is sufficient, and the ACT that
 * of any user.
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
    throw badRequest('The requirementId is required.');
  }
  const requirement = getRequirement(world, body.requirementId);
  if (
    body.requirementVersion !== undefined &&
    body.requirementVersion !== requirement.versionNumber
  ) {
    throw badRequest(
      `The version of the access requirement is ${requirement.versionNumber}, not ${body.requirementVersion}.`,
    );
  }
  switch (requirement.concreteType) {
    case requirementTypes.lock:
    case requirementTypes.postMessage:
      throw badRequest(`Cannot apply an approval to a ${requirement.concreteType}`);
    case requirementTypes.act:
    case requirementTypes.managed:
      requireAct(caller);
      return putApproval(world, {
        requirement,
        submitterId: caller.userId,
        accessorId: knownUser(world, body.accessorId),
        approvedBy: caller.userId,
        ...expiry(body.expiredOn),
      });
    case requirementTypes.selfSign:
    case requirementTypes.termsOfUse:
      if (body.accessorId !== undefined && body.accessorId !== String(caller.userId)) {
        throw badRequest('Everybody has to sign this access requirement themselves.');
      }
      requireQualified(world, requirement, caller.userId);
      return putApproval(world, {
        requirement,
        submitterId: caller.userId,
        accessorId: caller.userId,
        approvedBy: caller.userId,
      });
  }
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
    throw badRequest('The accessorId is required.');
  }
  if (getUser(world, id) === undefined) {
    throw notFound(`The user ${id.slice(0, 100)} does not exist.`);
  }
  return id;
}

/** @throws 400 when a user does not meet the general conditions of a requirement */
export function requireQualified(
  world: World,
  requirement: RequirementRecord,
  userId: number | string,
): void {
  const { isCertifiedUserRequired, isValidatedProfileRequired } =
    'isCertifiedUserRequired' in requirement || 'isValidatedProfileRequired' in requirement
      ? requirement
      : {};
  if (isCertifiedUserRequired === true && !isCertified(world, Number(userId))) {
    throw badRequest('Accessor must be a certified user.');
  }
  if (isValidatedProfileRequired === true && !isVerified(world, userId)) {
    throw badRequest('Accessor must have validated user profile.');
  }
}

/** @throws 404, 403 unless the caller is the submitter or accessor, or in the ACT */
export function getApproval(world: World, caller: Caller, id: string): ApprovalRecord {
  const approval = approvals(world).get(id);
  if (approval === undefined) {
    throw notFound(`An access approval with id ${id.slice(0, 100)} cannot be found.`);
  }
  const user = String(caller.userId);
  if (!isAct(caller) && approval.accessorId !== user && approval.submitterId !== user) {
    throw forbidden('You are not authorized to see this access approval.');
  }
  return approval;
}

/** Revokes matching approvals. @returns their number */
export function revokeWhere(
  world: World,
  caller: Caller,
  requirementId: number,
  fits: (approval: ApprovalRecord) => boolean,
): number {
  const found = approvalsFor(world, requirementId).filter(
    (approval) => approval.state === 'APPROVED' && fits(approval),
  );
  for (const approval of found) {
    approvals(world).put(String(approval.id), {
      ...approval,
      state: 'REVOKED',
      etag: world.uuid(),
      modifiedOn: world.timestamp(),
      modifiedBy: String(caller.userId),
    });
  }
  return found.length;
}

/** Deletes the approvals of a deleted requirement. */
export function forgetApprovals(world: World, requirementId: number): void {
  for (const { id } of approvalsFor(world, requirementId)) {
    approvals(world).delete(String(id));
  }
}
