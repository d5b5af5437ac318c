import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, preconditionFailed } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { getRequirement, requirementNumber, requirementTypes } from './requirementRecords.js';
import { getResearchProject } from './researchProjects.js';
import { isSubmitted } from './submissionRecords.js';

/** The draft of a submission. There is one for each requirement and user. */
export type RequestRecord = M.RequestInterface &
  Required<
    Pick<
      M.RequestInterface,
      'accessRequirementId' | 'createdBy' | 'etag' | 'id' | 'researchProjectId'
    >
  >;

const requestType = 'org.sagebionetworks.repo.model.dataaccess.Request';
const renewalType = 'org.sagebionetworks.repo.model.dataaccess.Renewal';
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

/** @throws 404 */
export function getRequest(world: World, id: string): RequestRecord {
  const request = findRequest(world, id);
  if (request === undefined) {
    throw notFound(`Data access request: '${id.slice(0, 100)}' does not exist`);
  }
  return request;
}

/**
 * The caller's request, or a template for one. An approved request is a renewal.
 *
 * @throws 403 for anonymous callers, 400
 */
export function requestForUpdate(
  world: World,
  caller: Caller,
  requirementId: string,
): M.RequestInterface {
  requireLogin(caller);
  const id = requirementNumber(requirementId);
  return (
    byOwner(world).first(ownerKey(id, caller.userId)) ?? {
      concreteType: requestType,
      accessRequirementId: String(id),
    }
  );
}

/**
 * Creates or updates the caller's request.
 *
 * @throws 403 when it belongs to another user, 404, 412 for a stale etag, 400 for its properties
 * and while it is submitted
 * @see https://rest-docs.synapse.org/rest/POST/dataAccessRequest.html
 */
export function putRequest(world: World, caller: Caller, body: M.RequestInterface): RequestRecord {
  requireLogin(caller);
  const { accessRequirementId, researchProjectId, accessorChanges = [] } = body;
  if (accessRequirementId === undefined) {
    throw badRequest('Request.accessRequirementId is required.');
  }
  if (researchProjectId === undefined) {
    throw badRequest('Request.researchProjectId is required.');
  }
  if (accessorChanges.length > maxAccessors) {
    throw badRequest(`A request cannot have more than ${maxAccessors} changes.`);
  }
  const current = body.id === undefined ? undefined : getRequest(world, body.id);
  if (current === undefined) {
    checkNew(world, caller, { ...body, accessRequirementId, researchProjectId });
  } else {
    checkChange(world, caller, current, body);
  }
  world.files.requireAttachable(caller, filesOf(body), { attached: current && filesOf(current) });
  const user = String(caller.userId);
  const now = world.timestamp();
  const request = {
    ...body,
    id: current?.id ?? String(world.store.sequence('dataAccessRequests')()),
    accessRequirementId: String(requirementNumber(accessRequirementId)),
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

function checkNew(
  world: World,
  caller: Caller,
  body: M.RequestInterface & { accessRequirementId: string; researchProjectId: string },
): void {
  if (body.concreteType !== requestType) {
    const shortName = body.concreteType.slice(body.concreteType.lastIndexOf('.') + 1);
    throw badRequest(`Cannot create a request of type ${shortName}`);
  }
  const requirement = getRequirement(world, body.accessRequirementId);
  if (requirement.concreteType !== requirementTypes.managed) {
    throw badRequest('A Request can only associate with an ManagedACTAccessRequirement.');
  }
  getResearchProject(world, body.researchProjectId);
  if (byOwner(world).first(ownerKey(requirement.id, caller.userId)) !== undefined) {
    throw badRequest(
      `You already have a request for the access requirement ${requirement.id}: send its id to change it.`,
    );
  }
}

const fixedFields = ['createdBy', 'createdOn', 'accessRequirementId', 'researchProjectId'] as const;

function checkChange(
  world: World,
  caller: Caller,
  current: RequestRecord,
  body: M.RequestInterface,
): void {
  if (body.etag !== current.etag) {
    throw preconditionFailed('etag does not match.');
  }
  if (fixedFields.some((field) => body[field] !== undefined && body[field] !== current[field])) {
    throw badRequest(
      'researchProjectId, accessRequirementId, createdOn and createdBy fields cannot be edited.',
    );
  }
  if (current.createdBy !== String(caller.userId)) {
    throw forbidden('Only owner can perform this action.');
  }
  if (isSubmitted(world, current)) {
    throw badRequest(
      'A submission has been created. User needs to cancel the created submission or wait for an ACT member to review it before create another submission.',
    );
  }
}

/** Turns an approved request into one that renews the access of its accessors. */
export function renewRequest(world: World, id: string): void {
  const request = findRequest(world, id);
  if (request !== undefined) {
    requests(world).put(id, {
      ...request,
      concreteType: renewalType,
      accessorChanges: request.accessorChanges
        ?.filter(({ type }) => type !== 'REVOKE_ACCESS')
        .map(({ userId }) => ({ userId, type: 'RENEW_ACCESS' })),
      etag: world.uuid(),
    });
  }
}
