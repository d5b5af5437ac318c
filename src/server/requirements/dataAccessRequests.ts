import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, staleEtag } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { validApproval } from './approvals.js';
import { getManagedRequirement } from './requirementRecords.js';
import { findResearchProject } from './researchProjects.js';

/** The draft of a submission. There is one for each requirement and user. */
export type RequestRecord = M.RequestInterface &
  Required<
    Pick<
      M.RequestInterface,
      'accessRequirementId' | 'createdBy' | 'etag' | 'id' | 'researchProjectId'
    >
  >;

const base = 'org.sagebionetworks.repo.model.dataaccess';
const maxAccessors = limits.accessors;

function requests(world: World): Collection<RequestRecord> {
  return world.store.collection<RequestRecord>('dataAccessRequests');
}

function byOwner(world: World): Index<RequestRecord> {
  return requests(world).index('owner', ({ accessRequirementId, createdBy }) =>
    ownerKey(accessRequirementId, createdBy),
  );
}

function ownerKey(requirementId: number | string, userId: number | string): string {
  return `${requirementId}/${userId}`;
}

interface WithFiles {
  readonly attachments?: readonly string[];
  readonly ducFileHandleId?: string;
  readonly irbFileHandleId?: string;
}

/** The file handles of a request or a submission. */
export function filesOf({
  attachments = [],
  ducFileHandleId,
  irbFileHandleId,
}: WithFiles): string[] {
  return [...attachments, ducFileHandleId, irbFileHandleId].filter((id) => id !== undefined);
}

/** The request with this id. */
export function findRequest(world: World, id: string): RequestRecord | undefined {
  return requests(world).get(id);
}

/** The caller's own request. @throws 404, 403 when it belongs to another user */
export function getOwnRequest(world: World, caller: Caller, id: string): RequestRecord {
  const request = findRequest(world, id);
  if (request === undefined) {
    throw notFound(`The data access request ${id.slice(0, 100)} does not exist.`);
  }
  if (request.createdBy !== String(caller.userId)) {
    throw forbidden('Only owner can perform this action.');
  }
  return request;
}

/**
 * The caller's request, or a template for one; a renewal if the caller has access already.
 *
 * @throws 403 for anonymous callers, 404, 400
 */
export function requestForUpdate(
  world: World,
  caller: Caller,
  requirementId: string,
): M.RequestInterface {
  requireLogin(caller);
  const { id } = getManagedRequirement(world, requirementId);
  const project = findResearchProject(world, id, caller.userId);
  const current = byOwner(world).first(ownerKey(id, caller.userId));
  if (current === undefined) {
    return {
      concreteType: `${base}.Request`,
      accessRequirementId: String(id),
      ...(project && { researchProjectId: project.id }),
    };
  }
  if (validApproval(world, id, caller.userId) === undefined) {
    return current;
  }
  return { ...current, concreteType: `${base}.Renewal` };
}

/**
 * Creates or updates the caller's request.
 *
 * @throws 403 when it belongs to another user, 404, 412 for a stale etag, 400 for missing
 * properties
 * @see https://rest-docs.synapse.org/rest/POST/dataAccessRequest.html
 */
export function putRequest(world: World, caller: Caller, body: M.RequestInterface): RequestRecord {
  requireLogin(caller);
  const { accessRequirementId, researchProjectId } = body;
  if (accessRequirementId === undefined || researchProjectId === undefined) {
    throw badRequest('The accessRequirementId and the researchProjectId are required.');
  }
  const requirement = getManagedRequirement(world, accessRequirementId);
  if (findResearchProject(world, requirement.id, caller.userId)?.id !== researchProjectId) {
    throw badRequest('The researchProjectId is not that of your research project.');
  }
  checkContent(world, body);
  const current = byOwner(world).first(ownerKey(requirement.id, caller.userId));
  world.files.requireAttachable(caller, filesOf(body), { attached: current && filesOf(current) });
  checkCurrent(current, body);
  const user = String(caller.userId);
  const now = world.timestamp();
  const request = {
    ...body,
    id: current?.id ?? String(world.store.sequence('dataAccessRequests')()),
    accessRequirementId: String(requirement.id),
    researchProjectId,
    createdOn: current?.createdOn ?? now,
    createdBy: user,
    modifiedOn: now,
    modifiedBy: user,
    etag: world.uuid(),
  };
  requests(world).put(request.id, request);
  return request;
}

function checkCurrent(current: RequestRecord | undefined, body: M.RequestInterface): void {
  if (body.id !== undefined && body.id !== current?.id) {
    throw forbidden('Only owner can perform this action.');
  }
  if (current !== undefined && body.etag !== current.etag) {
    throw body.etag === undefined
      ? badRequest('The etag of the request is required.')
      : staleEtag(`data access request ${current.id}`);
  }
}

function checkContent(world: World, body: M.RequestInterface): void {
  const { accessorChanges = [] } = body;
  if (accessorChanges.length > maxAccessors) {
    throw badRequest(`A request cannot have more than ${maxAccessors} changes.`);
  }
  const seen = new Set<string>();
  for (const { userId, type } of accessorChanges) {
    if (userId === undefined || type === undefined) {
      throw badRequest('Each accessor change needs a userId and a type.');
    }
    if (getUser(world, userId) === undefined) {
      throw badRequest(`The user ${userId.slice(0, 100)} does not exist.`);
    }
    if (seen.has(userId)) {
      throw badRequest(`The user ${userId} is named twice.`);
    }
    seen.add(userId);
  }
}
