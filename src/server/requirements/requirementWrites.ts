import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { refuseBuiltIn } from '../entities/entityWrites.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, preconditionFailed, staleEtag } from '../kernel/serviceError.js';
import { removeObjectAcl } from '../permissions/objectAcls.js';
import { isAct, requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { forgetApprovals } from './approvals.js';
import {
  aclOwner,
  ducTemplateOf,
  entityRequirements,
  getRequirement,
  requirements,
  requirementTypes,
  type RequirementRecord,
} from './requirementRecords.js';

type Kind = keyof typeof requirementTypes;

/** The specific properties of each type of requirement. */
const ownFields: Readonly<Record<Kind, readonly string[]>> = {
  termsOfUse: ['termsOfUse'],
  selfSign: ['isCertifiedUserRequired', 'isValidatedProfileRequired'],
  act: ['actContactInfo', 'openJiraIssue'],
  managed: [
    'isCertifiedUserRequired',
    'isValidatedProfileRequired',
    'isDUCRequired',
    'ducTemplateFileHandleId',
    'isIRBApprovalRequired',
    'areOtherAttachmentsRequired',
    'expirationPeriod',
    'isIDUPublic',
    'isIDURequired',
    'isTwoFaRequired',
  ],
  lock: ['jiraKey'],
  postMessage: ['url'],
};
const maxNameLength = 256;

/**
 * Creates a requirement.
 *
 * @throws 403 for callers outside the ACT, 400 for its content, 404 for a subject that does not
 * exist
 * @see https://rest-docs.synapse.org/rest/POST/accessRequirement.html
 */
export function createRequirement(
  world: World,
  caller: Caller,
  body: M.AccessRequirement,
): RequirementRecord {
  requireActFor(caller, 'create an AccessRequirement');
  if (body.concreteType === requirementTypes.lock) {
    throw badRequest('A LockAccessRequirement is made by POST /entity/{id}/lockAccessRequirement.');
  }
  return put(world, caller, body);
}

/**
 * Creates a lock requirement on an entity, which blocks access until the ACT reviews it.
 *
 * @throws 404, 403 without CREATE and UPDATE, 400 when the entity already has restrictions
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/lockAccessRequirement.html
 */
export function createLock(world: World, caller: Caller, entityId: string): RequirementRecord {
  refuseBuiltIn(entityId);
  const record = requireAccess(world, caller, entityId, 'UPDATE');
  requireAccess(world, caller, entityId, 'CREATE');
  if (entityRequirements(world, record).length > 0) {
    throw badRequest(`Entity ${entityId} is already restricted.`);
  }
  return put(world, caller, {
    concreteType: requirementTypes.lock,
    subjectIds: [{ id: entityId, type: 'ENTITY' }],
    accessType: 'DOWNLOAD',
    jiraKey: `SG-${world.store.sequence('accessRequirementIssues')()}`,
  });
}

/**
 * Replaces a requirement.
 *
 * @throws 403, 404, 412 when etag or version are not the current ones, 400
 * @see https://rest-docs.synapse.org/rest/PUT/accessRequirement/requirementId.html
 */
export function updateRequirement(
  world: World,
  caller: Caller,
  id: string,
  body: M.AccessRequirement,
): RequirementRecord {
  const current = getRequirement(world, id);
  requireActFor(caller, 'update an AccessRequirement');
  if (body.id !== undefined && body.id !== current.id) {
    throw badRequest(`The id in the body, ${body.id}, does not match the id in the path, ${id}.`);
  }
  if (body.concreteType !== current.concreteType) {
    throw badRequest(`The concreteType of an access requirement cannot change.`);
  }
  requireCurrent(current, body.etag, body.versionNumber);
  return put(world, caller, body, current);
}

/**
 * Converts a requirement that the ACT handles by mail to one that is handled through Synapse.
 *
 * @throws 403, 404, 412, 400 for another kind of requirement
 */
export function convertRequirement(
  world: World,
  caller: Caller,
  request: M.AccessRequirementConversionRequest,
): RequirementRecord {
  requireActFor(caller, 'convert an AccessRequirement');
  const { accessRequirementId, etag, currentVersion } = request;
  if (accessRequirementId === undefined) {
    throw badRequest('The accessRequirementId is required.');
  }
  const current = getRequirement(world, accessRequirementId);
  if (current.concreteType !== requirementTypes.act) {
    throw badRequest(`Do not support converting AccessRequirement type ${current.concreteType}`);
  }
  requireCurrent(current, etag, currentVersion);
  const { name, description, subjectIds, accessType } = current;
  const converted: M.ManagedACTAccessRequirement = {
    concreteType: requirementTypes.managed,
    name,
    description,
    subjectIds,
    accessType,
  };
  return put(world, caller, converted, current);
}

/**
 * Deletes a requirement and its approvals.
 *
 * @throws 403, 404
 */
export function deleteRequirement(world: World, caller: Caller, id: string): void {
  const current = getRequirement(world, id);
  requireActFor(caller, 'delete an AccessRequirement');
  forgetApprovals(world, current.id);
  removeObjectAcl(world, aclOwner(current));
  requirements(world).delete(String(current.id));
}

function requireActFor(caller: Caller, what: string): void {
  requireLogin(caller);
  if (!isAct(caller)) {
    throw forbidden(`Only ACT member can ${what}.`);
  }
}

function requireCurrent(
  current: RequirementRecord,
  etag: string | undefined,
  version: number | undefined,
): void {
  if (etag === undefined || version === undefined) {
    throw badRequest('The etag and the version of the access requirement are required.');
  }
  if (etag !== current.etag) {
    throw staleEtag(`access requirement ${current.id}`);
  }
  if (version !== current.versionNumber) {
    throw preconditionFailed(
      `The version of the access requirement is ${current.versionNumber}, not ${version}.`,
    );
  }
}

function put(
  world: World,
  caller: Caller,
  body: M.AccessRequirement,
  current?: RequirementRecord,
): RequirementRecord {
  const now = world.timestamp();
  const user = String(caller.userId);
  const subjects = checkedSubjects(world, body);
  const { name, description, subjectsDefinedByAnnotations } = body;
  if ((name?.length ?? 0) > maxNameLength) {
    throw badRequest(`The name must be ${maxNameLength} characters or less.`);
  }
  world.files.requireAttachable(caller, [ducTemplateOf(body)], {
    attached: [current && ducTemplateOf(current)],
  });
  const requirement = {
    ...fieldsOf(body),
    concreteType: body.concreteType,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(subjectsDefinedByAnnotations !== undefined && { subjectsDefinedByAnnotations }),
    ...subjects,
    id: current?.id ?? world.store.sequence('accessRequirements', 9_000_001)(),
    etag: world.uuid(),
    versionNumber: current === undefined ? 0 : current.versionNumber + 1,
    createdOn: current?.createdOn ?? now,
    createdBy: current?.createdBy ?? user,
    modifiedOn: now,
    modifiedBy: user,
  } as RequirementRecord;
  requirements(world).put(String(requirement.id), requirement);
  return requirement;
}

function fieldsOf(body: M.AccessRequirement): Record<string, unknown> {
  const kind = (Object.keys(requirementTypes) as Kind[]).find(
    (candidate) => requirementTypes[candidate] === body.concreteType,
  );
  const own = new Set(kind === undefined ? [] : ownFields[kind]);
  return Object.fromEntries(Object.entries(body).filter(([key]) => own.has(key)));
}

function checkedSubjects(
  world: World,
  { subjectIds, accessType, subjectsDefinedByAnnotations }: M.AccessRequirement,
): { subjectIds: M.RestrictableObjectDescriptor[]; accessType: M.ACCESS_TYPE } {
  if (subjectIds === undefined && subjectsDefinedByAnnotations !== true) {
    throw badRequest('The subjectIds of the access requirement are required.');
  }
  const subjects = (subjectIds ?? []).map((subject) => checkedSubject(world, subject));
  if (subjectsDefinedByAnnotations === true && subjects.length > 0) {
    throw badRequest('subjectIds must be empty when subjectsDefinedByAnnotations is true.');
  }
  const isData = subjects.every(({ type }) => type === 'ENTITY');
  const expected = isData ? 'DOWNLOAD' : 'PARTICIPATE';
  if (accessType !== undefined && accessType !== expected) {
    throw badRequest(`The accessType of these subjects must be ${expected}, not ${accessType}.`);
  }
  if (!isData && subjects.some(({ type }) => type === 'ENTITY')) {
    throw badRequest('Entities and other subjects cannot be mixed.');
  }
  const unique = new Map(subjects.map((subject) => [`${subject.type}/${subject.id}`, subject]));
  return { subjectIds: [...unique.values()], accessType: expected };
}

function checkedSubject(
  world: World,
  { id, type }: M.RestrictableObjectDescriptor,
): Required<M.RestrictableObjectDescriptor> {
  if (id === undefined || type === undefined) {
    throw badRequest('Each subject needs an id and a type.');
  }
  if (type === 'ENTITY') {
    const entityId = parseEntityId(id);
    refuseBuiltIn(entityId);
    return { id: getEntityRecord(world, entityId).id, type };
  }
  if (!/^\d{1,15}$/.test(id)) {
    throw badRequest(`Invalid id of a subject: '${id.slice(0, 100)}'`);
  }
  return { id, type };
}
