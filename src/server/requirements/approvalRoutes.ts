import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { isAct, requireAct, requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import {
  approvals,
  createApproval,
  getApproval,
  isValid,
  revokeWhere,
  validApproval,
  type ApprovalRecord,
} from './approvals.js';
import { getRequirement, requirements } from './requirementRecords.js';

const maxIds = 50;

/** Serves approvals. */
export function approvalRoutes(router: Router, world: World): void {
  router.post('/repo/v1/accessApproval', ({ caller, body }) => createApproval(world, caller, body));
  router.get('/repo/v1/accessApproval/{approvalId}', ({ caller, path }) =>
    getApproval(world, caller, path.approvalId),
  );
  router.delete('/repo/v1/accessApproval', ({ caller, query }) => {
    requireAct(caller);
    const requirement = getRequirement(world, query.requirementId);
    const { accessorId } = query;
    revokeWhere(world, caller, requirement.id, (approval) => approval.accessorId === accessorId);
  });
  router.post('/repo/v1/accessApproval/information', ({ caller, body }) =>
    approvalInformation(world, caller, body),
  );
  router.post('/repo/v1/accessApproval/search', ({ caller, body }) =>
    searchApprovals(world, caller, body),
  );
  router.post('/repo/v1/accessApproval/notifications', ({ caller, body }) => {
    requireAct(caller);
    const { requirementId, recipientIds = [] } = body;
    if (requirementId === undefined || recipientIds.length === 0 || recipientIds.length > maxIds) {
      throw badRequest(`The requirementId and 1 to ${maxIds} recipientIds are required.`);
    }
    // This server sends no mails, so no reminder has been sent.
    return { requirementId: getRequirement(world, requirementId).id, results: [] };
  });
  groupRoutes(router, world);
}

function groupRoutes(router: Router, world: World): void {
  router.post('/repo/v1/accessApproval/group', ({ caller, body }) => {
    requireAct(caller);
    const { page, ...next } = tokenPage(accessorGroups(world, body), body.nextPageToken);
    return { results: page, ...next };
  });
  router.put('/repo/v1/accessApproval/group/revoke', ({ caller, body }) => {
    requireAct(caller);
    const { accessRequirementId, submitterId } = body;
    if (accessRequirementId === undefined || submitterId === undefined) {
      throw badRequest('The accessRequirementId and the submitterId are required.');
    }
    const { id } = getRequirement(world, accessRequirementId);
    revokeWhere(world, caller, id, (approval) => approval.submitterId === submitterId);
  });
}

/** A group of accessors that one submitter named. */
function accessorGroups(world: World, request: M.AccessorGroupRequest): M.AccessorGroup[] {
  const { accessRequirementId, submitterId, accessorId, expireBefore } = request;
  const groups = new Map<string, M.AccessorGroup & { accessorIds: string[] }>();
  for (const approval of approvals(world).values()) {
    const expires = approval.expiredOn;
    const fits =
      isValid(world, approval) &&
      (accessRequirementId === undefined ||
        approval.requirementId === Number(accessRequirementId)) &&
      (submitterId === undefined || approval.submitterId === submitterId) &&
      (expireBefore === undefined || (expires !== undefined && expires < expireBefore));
    if (fits) {
      const key = JSON.stringify([approval.requirementId, approval.submitterId, expires]);
      const group = groups.get(key) ?? {
        accessRequirementId: String(approval.requirementId),
        submitterId: approval.submitterId,
        accessorIds: [],
        expiredOn: expires,
      };
      group.accessorIds.push(approval.accessorId);
      groups.set(key, group);
    }
  }
  return [...groups.values()].filter(
    ({ accessorIds }) => accessorId === undefined || accessorIds.includes(accessorId),
  );
}

function approvalInformation(
  world: World,
  caller: Caller,
  { userId, accessRequirementIds = [] }: M.BatchAccessApprovalInfoRequest,
): M.BatchAccessApprovalInfoResponse {
  requireLogin(caller);
  if (userId === undefined || accessRequirementIds.length === 0) {
    throw badRequest('The userId and the accessRequirementIds are required.');
  }
  if (accessRequirementIds.length > maxIds) {
    throw badRequest(`The maximum number of accessRequirementIds is ${maxIds}.`);
  }
  if (!isAct(caller) && userId !== String(caller.userId)) {
    throw forbidden('Only the ACT may ask about the approvals of others.');
  }
  return {
    results: accessRequirementIds.map((accessRequirementId) => ({
      userId,
      accessRequirementId,
      hasAccessApproval:
        validApproval(world, getRequirement(world, accessRequirementId).id, userId) !== undefined,
    })),
  };
}

function searchApprovals(
  world: World,
  caller: Caller,
  request: M.AccessApprovalSearchRequest,
): M.AccessApprovalSearchResponse {
  requireAct(caller);
  const { accessorId, accessRequirementId, sort = [] } = request;
  const found = [...approvals(world).values()].filter(
    (approval) =>
      approval.accessorId === accessorId &&
      (accessRequirementId === undefined || approval.requirementId === Number(accessRequirementId)),
  );
  const key = (approval: ApprovalRecord, field: M.AccessApprovalSortField | undefined) =>
    field === 'EXPIRED_ON' ? (approval.expiredOn ?? '') : approval.modifiedOn;
  const [first] = sort;
  found.sort((a, b) => {
    const [left, right] = [key(a, first?.field), key(b, first?.field)];
    return left === right ? a.id - b.id : left < right === (first?.direction !== 'DESC') ? -1 : 1;
  });
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
