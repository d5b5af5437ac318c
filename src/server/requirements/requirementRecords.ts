import type * as M from '../../../generated/models.js';
import { numericId } from '../entities/entityIds.js';
import { entityHooks } from '../entities/entityHooks.js';
import { getVersionRecord, pathOf, type EntityRecord } from '../entities/entityRecords.js';
import { parseLongId } from '../kernel/readLong.js';
import { notFound } from '../kernel/serviceError.js';
import type { AclOwner } from '../permissions/objectAcls.js';
import type { Collection, Index } from '../state/store.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';

/** A stored requirement, in which the server's properties are always set. */
export type RequirementRecord<R extends M.AccessRequirement = M.AccessRequirement> = R &
  Required<
    Pick<
      R,
      | 'accessType'
      | 'createdBy'
      | 'createdOn'
      | 'etag'
      | 'id'
      | 'modifiedBy'
      | 'modifiedOn'
      | 'subjectIds'
      | 'versionNumber'
    >
  >;

const base = 'org.sagebionetworks.repo.model';

/** Concrete types of requirements. */
export const requirementTypes = {
  termsOfUse: `${base}.TermsOfUseAccessRequirement`,
  selfSign: `${base}.SelfSignAccessRequirement`,
  act: `${base}.ACTAccessRequirement`,
  managed: `${base}.ManagedACTAccessRequirement`,
  lock: `${base}.LockAccessRequirement`,
  postMessage: `${base}.PostMessageContentAccessRequirement`,
} as const;

/** All requirements by id. */
export function requirements(world: World): Collection<RequirementRecord> {
  return world.store.collection<RequirementRecord>('accessRequirements');
}

function bySubject(world: World): Index<RequirementRecord> {
  return requirements(world).index('subject', ({ subjectIds }) => subjectIds.map(subjectKey));
}

function subjectKey({ type, id }: M.RestrictableObjectDescriptor): string {
  return `${type ?? ''}/${id ?? ''}`;
}

/** Locks entities whose annotations would name their requirements, but are not valid. */
const invalidAnnotationsLock: RequirementRecord = {
  concreteType: requirementTypes.lock,
  id: 1,
  name: 'Invalid Annotations Lock',
  versionNumber: 1,
  accessType: 'DOWNLOAD',
  subjectIds: [],
  etag: 'start',
  createdBy: String(fixedPrincipals.admin),
  createdOn: '2023-01-01T00:00:00.000Z',
  modifiedBy: String(fixedPrincipals.admin),
  modifiedOn: '2023-01-01T00:00:00.000Z',
};

function findRequirement(world: World, id: number): RequirementRecord | undefined {
  return id === invalidAnnotationsLock.id
    ? invalidAnnotationsLock
    : requirements(world).get(String(id));
}

/** The number in the id of a requirement. @throws 400 when it is not a number */
export function requirementNumber(id: number | string): number {
  return Number(parseLongId(String(id)));
}

/** @throws 400 when the id is not a number, 404 */
export function getRequirement(world: World, id: number | string): RequirementRecord {
  const requirement = findRequirement(world, requirementNumber(id));
  if (requirement === undefined) {
    throw notFound(`An access requirement with id ${id} cannot be found.`);
  }
  return requirement;
}

/** The requirements on an entity and its ancestors, ordered by id. */
export function entityRequirements(world: World, record: EntityRecord): RequirementRecord[] {
  const found = new Map<number, RequirementRecord>();
  for (const node of pathOf(world, record)) {
    for (const requirement of [
      ...requirementsOn(world, { type: 'ENTITY', id: node.id }),
      ...derivedRequirements(world, node),
    ]) {
      found.set(requirement.id, requirement);
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/**
 * The requirements that the derived annotations of an entity name; a lock where these annotations
 * cannot be derived. As on the service, none where one of them does not exist.
 */
function derivedRequirements(world: World, record: EntityRecord): RequirementRecord[] {
  const version = getVersionRecord(world, record);
  const ids = entityHooks(world).annotationShape({ record, version })?.requirementIds ?? [];
  if (ids === 'invalid') {
    return [invalidAnnotationsLock];
  }
  const named = ids.map((id) => findRequirement(world, id));
  return named.every((requirement) => requirement !== undefined) ? named : [];
}

/** The requirements on exactly this object. */
export function requirementsOn(
  world: World,
  subject: M.RestrictableObjectDescriptor,
): RequirementRecord[] {
  return bySubject(world)
    .find(subjectKey(subject))
    .sort((a, b) => a.id - b.id);
}

/** The requirements with this name. */
export function requirementsNamed(world: World, name: string): RequirementRecord[] {
  return requirements(world)
    .index('name', (requirement) => requirement.name?.toLowerCase() ?? '')
    .find(name.toLowerCase());
}

/** The ACL owner of a requirement. The ACL names the reviewers. */
export function aclOwner({ id, createdBy }: RequirementRecord): AclOwner {
  return { kind: 'accessRequirement', id: String(id), createdBy: Number(createdBy) };
}

/** The file handle of the template that a requirement offers for download, if any. */
export function ducTemplateOf(requirement: M.AccessRequirement): string | undefined {
  return requirement.concreteType === requirementTypes.managed
    ? requirement.ducTemplateFileHandleId
    : undefined;
}

/** The number in the id of a subject. */
export function subjectNumber({ type, id = '' }: M.RestrictableObjectDescriptor): number {
  return type === 'ENTITY' ? numericId(id) : Number(id);
}
