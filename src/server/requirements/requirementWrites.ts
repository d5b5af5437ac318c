import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { refuseBuiltIn } from '../entities/entityWrites.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, preconditionFailed } from '../kernel/serviceError.js';
import { removeObjectAcl } from '../permissions/objectAcls.js';
import { isAct, requireAct } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { forgetApprovals } from './approvals.js';
import {
  aclOwner,
  ducTemplateOf,
  entityRequirements,
  getRequirement,
  requirementNumber,
  requirements,
  requirementsNamed,
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

/** The values of properties that a requirement is created without. */
const defaults: Partial<Record<Kind, object>> = {
  selfSign: { isCertifiedUserRequired: false, isValidatedProfileRequired: false },
  managed: {
    isCertifiedUserRequired: false,
    isValidatedProfileRequired: false,
    isDUCRequired: false,
    isIRBApprovalRequired: false,
    areOtherAttachmentsRequired: false,
    isIDUPublic: false,
    expirationPeriod: 0,
    isIDURequired: true,
    isTwoFaRequired: false,
  },
};
const maxNameLength = 50;
const maxDescriptionLength = 50;

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
  checkContent(body);
  requireActFor(caller, 'create an AccessRequirement');
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
  if (String(body.id) !== id) {
    throw badRequest(`Update specified ID ${id} but object contains id: ${body.id ?? 'null'}`);
  }
  checkContent(body);
  requireAct(caller);
  const current = getRequirement(world, id);
  requireCurrent(current, body.etag, body.versionNumber);
  if (body.accessType !== current.accessType) {
    throw badRequest('Cannot modify AccessType');
  }
  if (body.concreteType !== current.concreteType) {
    throw badRequest(`Cannot change ${current.concreteType} to ${body.concreteType}`);
  }
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
  const { accessRequirementId, etag, currentVersion } = request;
  for (const [name, value] of Object.entries({
    requirementId: accessRequirementId,
    etag,
    currentVersion,
  })) {
    if (value === undefined) {
      throw badRequest(`${name} is required.`);
    }
  }
  requireAct(caller);
  const current = getRequirement(world, accessRequirementId ?? '');
  if (current.concreteType !== requirementTypes.act) {
    throw badRequest(`Do not support converting AccessRequirement type ${current.concreteType}`);
  }
  requireCurrent(current, etag, currentVersion);
  // As on the service, the name and the description are not taken over.
  const { subjectIds, accessType } = current;
  const converted: M.ManagedACTAccessRequirement = {
    concreteType: requirementTypes.managed,
    subjectIds,
    accessType,
  };
  return put(world, caller, converted, current);
}

/**
 * Deletes a requirement, if it exists, with its approvals and its ACL.
 *
 * @throws 403
 */
export function deleteRequirement(world: World, caller: Caller, id: string): void {
  requireActFor(caller, 'delete an AccessRequirement');
  const current = requirements(world).get(String(requirementNumber(id)));
  if (current === undefined) {
    return;
  }
  forgetApprovals(world, current.id);
  removeObjectAcl(world, aclOwner(current));
  requirements(world).delete(String(current.id));
}

function requireActFor(caller: Caller, what: string): void {
  if (!isAct(caller)) {
    throw forbidden(`Only ACT member can ${what}.`);
  }
}

function requireCurrent(
  current: RequirementRecord,
  etag: string | undefined,
  version: number | undefined,
): void {
  if (etag !== current.etag || version !== current.versionNumber) {
    throw preconditionFailed(
      'Access Requirement was updated since you last fetched it, retrieve it again and reapply the update.',
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
  const subjectIds = checkedSubjects(world, body);
  const { description, subjectsDefinedByAnnotations, accessType } = body;
  const id = current?.id ?? world.store.sequence('accessRequirements', 9_000_001)();
  const name = checkedName(world, body, id);
  world.files.requireAttachable(caller, [ducTemplateOf(body)], {
    attached: [current && ducTemplateOf(current)],
  });
  const requirement = {
    ...fieldsOf(body),
    concreteType: body.concreteType,
    name,
    ...(description !== undefined && { description }),
    ...(subjectsDefinedByAnnotations !== undefined && { subjectsDefinedByAnnotations }),
    subjectIds,
    accessType,
    id,
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

/** A requirement without a name is called by its description or its id. @throws 400, 409 */
function checkedName(
  world: World,
  { name = '', description = '' }: M.AccessRequirement,
  id: number,
): string {
  const chosen = [name, description].find((text) => text.trim() !== '') ?? String(id);
  if (chosen.length > maxNameLength) {
    throw badRequest(`The name must be ${maxNameLength} characters or less.`);
  }
  if (requirementsNamed(world, chosen).some((other) => other.id !== id)) {
    throw conflict(`An AccessRequirement with the name: '${chosen}' already exists`);
  }
  return chosen;
}

function fieldsOf(body: M.AccessRequirement): Record<string, unknown> {
  const kind = (Object.keys(requirementTypes) as Kind[]).find(
    (candidate) => requirementTypes[candidate] === body.concreteType,
  );
  const own = new Set(kind === undefined ? [] : ownFields[kind]);
  return {
    ...(kind && defaults[kind]),
    ...Object.fromEntries(
      Object.entries(body).filter(([key, value]) => own.has(key) && value !== null),
    ),
  };
}

/** The type of the subjects that a type of access is to. */
const subjectTypes: Partial<Record<M.ACCESS_TYPE, M.RestrictableObjectType>> = {
  DOWNLOAD: 'ENTITY',
  PARTICIPATE: 'TEAM',
};

/** @throws 400 for content that is wrong whoever sends it */
function checkContent(body: M.AccessRequirement): void {
  const { accessType, subjectIds, subjectsDefinedByAnnotations, description = '' } = body;
  if (accessType === undefined) {
    throw badRequest('AccessType is required.');
  }
  if (subjectsDefinedByAnnotations === true && (subjectIds ?? []).length > 0) {
    throw badRequest(
      "When 'subjectsDefinedByAnnotations' = true, then subjectIds must be empty or excluded.",
    );
  }
  if (subjectsDefinedByAnnotations !== true && subjectIds === undefined) {
    throw badRequest(
      "When 'subjectsDefinedByAnnotations' = false (or excluded), then subjectIds must be included.",
    );
  }
  if (body.concreteType === requirementTypes.postMessage) {
    throw badRequest('No longer support PostMessageContentAccessRequirement.');
  }
  if (description.length > maxDescriptionLength) {
    throw badRequest(`The AR description can be at most ${maxDescriptionLength} characters.`);
  }
  const subjectType = subjectTypes[accessType];
  if (subjectType === undefined) {
    throw badRequest(`Not support creating AccessRequirement with AccessType: ${accessType}`);
  }
  for (const { type } of subjectIds ?? []) {
    if (type !== undefined && type !== subjectType) {
      throw badRequest(
        `Cannot apply AccessRequirement with AccessType ${accessType} to an object of type ${type}`,
      );
    }
  }
  if ('expirationPeriod' in body && (body.expirationPeriod ?? 0) < 0) {
    throw badRequest('When supplied, the expiration period should be greater than 0');
  }
}

/** The subjects, once each. @throws 400, 404 */
function checkedSubjects(
  world: World,
  { subjectIds = [] }: M.AccessRequirement,
): M.RestrictableObjectDescriptor[] {
  const subjects = subjectIds.map((subject) => checkedSubject(world, subject));
  const unique = new Map(subjects.map((subject) => [`${subject.type}/${subject.id}`, subject]));
  return [...unique.values()];
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
