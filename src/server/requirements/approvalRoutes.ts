import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { isAct, requireAct } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import {
  approvalModel,
  approvals,
  approvalsFor,
  createApproval,
  getApproval,
  isValid,
  revokeWhere,
  validApproval,
  type ApprovalRecord,
} from './approvals.js';
import { getRequirement, requirements, requirementTypes } from './requirementRecords.js';
import { sortOrder } from './sortOrder.js';

const maxRecipients = 50;

/** Serves approvals. */
export function approvalRoutes(router: Router, world: World): void {
  router.post('/repo/v1/accessApproval', ({ caller, body }) => createApproval(world, caller, body));
  router.get('/repo/v1/accessApproval/{approvalId}', ({ path }) =>
    getApproval(world, path.approvalId),
  );
  router.delete('/repo/v1/accessApproval', ({ caller, query }) => {
    revokeOf(world, caller, query);
  });
  router.post('/repo/v1/accessApproval/information', ({ body }) =>
    approvalInformation(world, body),
  );
  router.post('/repo/v1/accessApproval/search', ({ caller, body }) =>
    searchApprovals(world, caller, body),
  );
  router.post('/repo/v1/accessApproval/notifications', ({ caller, body }) => {
    const { requirementId, recipientIds } = body;
    if (requirementId === undefined) {
      throw badRequest('The request.requirementId is required.');
    }
    if (recipientIds === undefined) {
      throw badRequest('The request.recipientIds is required.');
    }
    if (recipientIds.length > maxRecipients) {
      throw badRequest(
        `The maximum number of allowed recipient ids in the request is ${maxRecipients}.`,
      );
    }
    if (!isAct(caller)) {
      throw forbidden('You must be a member of the ACT to perform this operation.');
    }
    // This server sends no reminders.
    return { requirementId, results: [] };
  });
  groupRoutes(router, world);
}

interface Revoked {
  readonly requirementId: string;
  readonly accessorId: string;
}

/** Revokes the approvals that the ACT gave a user by hand. Users may revoke their own. */
function revokeOf(world: World, caller: Caller, { requirementId, accessorId }: Revoked): void {
  if (accessorId !== String(caller.userId) && !isAct(caller)) {
    throw forbidden('Only ACT member may delete access approvals of other users.');
  }
  const { id, concreteType } = getRequirement(world, requirementId);
  if (concreteType !== requirementTypes.act) {
    throw badRequest(
      `Do not support access approval deletion for access requirement type: ${concreteType}`,
    );
  }
  revokeWhere(world, caller, id, (approval) => approval.accessorId === accessorId);
}

function groupRoutes(router: Router, world: World): void {
  router.post('/repo/v1/accessApproval/group', ({ caller, body }) => {
    requireAct(caller);
    const { page, ...next } = tokenPage(accessorGroups(world, body), body.nextPageToken);
    return { results: page, ...next };
  });
  router.put('/repo/v1/accessApproval/group/revoke', ({ caller, body }) => {
    const { accessRequirementId, submitterId } = body;
    if (accessRequirementId === undefined) {
      throw badRequest('requirementId is required.');
    }
    if (submitterId === undefined) {
      throw badRequest('submitterId is required.');
    }
    requireAct(caller);
    const id = Number(accessRequirementId);
    revokeWhere(world, caller, id, (approval) => approval.submitterId === submitterId);
  });
}

/** The expiration of a group whose approvals do not expire. */
const noExpiration = new Date(0).toISOString();

/** The valid approvals by requirement, submitter and expiration, those without one first. */
function accessorGroups(world: World, request: M.AccessorGroupRequest): M.AccessorGroup[] {
  const { accessorId } = request;
  const found = candidates(world, request).filter((approval) => fits(approval, request));
  const named = new Set(
    found.filter((approval) => approval.accessorId === accessorId).map(submissionKey),
  );
  const groups = new Map<string, Required<M.AccessorGroup>>();
  for (const approval of found) {
    if (
      !isValid(world, approval) ||
      (accessorId !== undefined && !named.has(submissionKey(approval)))
    ) {
      continue;
    }
    const { expiredOn = noExpiration, requirementId, submitterId } = approval;
    const key = `${expiredOn} ${submissionKey(approval)}`;
    const group = groups.get(key) ?? {
      accessRequirementId: String(requirementId),
      submitterId,
      accessorIds: [],
      expiredOn,
    };
    if (!group.accessorIds.includes(approval.accessorId)) {
      group.accessorIds.push(approval.accessorId);
    }
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) =>
      a.expiredOn.localeCompare(b.expiredOn) ||
      Number(a.accessRequirementId) - Number(b.accessRequirementId) ||
      Number(a.submitterId) - Number(b.submitterId),
  );
}

function candidates(
  world: World,
  { accessRequirementId }: M.AccessorGroupRequest,
): ApprovalRecord[] {
  return accessRequirementId === undefined
    ? [...approvals(world).values()]
    : approvalsFor(world, Number(accessRequirementId));
}

function submissionKey({ requirementId, submitterId }: ApprovalRecord): string {
  return `${requirementId}/${submitterId}`;
}

function fits(
  { submitterId, expiredOn }: ApprovalRecord,
  request: M.AccessorGroupRequest,
): boolean {
  return (
    (request.submitterId === undefined || submitterId === request.submitterId) &&
    (request.expireBefore === undefined ||
      (expiredOn !== undefined && Date.parse(expiredOn) <= Date.parse(request.expireBefore)))
  );
}

/** Whether a user meets requirements. Requirements that do not exist are not met. */
function approvalInformation(
  world: World,
  { userId, accessRequirementIds }: M.BatchAccessApprovalInfoRequest,
): M.BatchAccessApprovalInfoResponse {
  if (userId === undefined) {
    throw badRequest('BatchAccessApprovalInfoRequest.userId is required.');
  }
  if (accessRequirementIds === undefined) {
    throw badRequest('BatchAccessApprovalInfoRequest.accessRequirementIds is required.');
  }
  return {
    results: accessRequirementIds.map((accessRequirementId) => ({
      userId,
      accessRequirementId,
      hasAccessApproval: validApproval(world, Number(accessRequirementId), userId) !== undefined,
    })),
  };
}

const sortKeys: Readonly<Record<M.AccessApprovalSortField, (approval: ApprovalRecord) => string>> =
  {
    EXPIRED_ON: ({ expiredOn = '' }) => expiredOn,
    MODIFIED_ON: ({ modifiedOn }) => modifiedOn,
  };

function searchApprovals(
  world: World,
  caller: Caller,
  request: M.AccessApprovalSearchRequest,
): M.AccessApprovalSearchResponse {
  requireAct(caller);
  const { accessorId, accessRequirementId, sort = [] } = request;
  const order = sortOrder(sort.length === 0 ? [{ field: 'MODIFIED_ON' }] : sort, sortKeys);
  const found = candidates(world, { accessRequirementId })
    .filter((approval) => approval.accessorId === accessorId)
    .map((approval) => approvalModel(world, approval))
    .sort(order);
  const { page, ...next } = tokenPage(found, request.nextPageToken);
  return { results: page.map((approval) => searchResult(world, approval)), ...next };
}

function searchResult(world: World, approval: ApprovalRecord): M.AccessApprovalSearchResult {
  const name = requirements(world).get(String(approval.requirementId))?.name;
  return {
    id: String(approval.id),
    accessRequirementId: String(approval.requirementId),
    accessRequirementVersion: String(approval.requirementVersion),
    accessRequirementName: name,
    submitterId: approval.submitterId,
    reviewerId: approval.modifiedBy,
    state: approval.state,
    modifiedOn: approval.modifiedOn,
    expiredOn: approval.expiredOn,
  };
}
