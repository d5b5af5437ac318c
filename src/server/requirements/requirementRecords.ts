import type * as M from '../../../generated/models.js';
import { numericId } from '../entities/entityIds.js';
import { pathOf, type EntityRecord } from '../entities/entityRecords.js';
import { parseLongId } from '../kernel/readLong.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { AclOwner } from '../permissions/objectAcls.js';
import type { Collection, Index } from '../state/store.js';
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

/** @throws 400 when the id is not a number, 404 */
export function getRequirement(world: World, id: number | string): RequirementRecord {
  const requirement = requirements(world).get(String(Number(parseLongId(String(id)))));
  if (requirement === undefined) {
    throw notFound(`An access requirement with id ${id} cannot be found.`);
  }
  return requirement;
}

/** @throws 404, 400 when the requirement is not reviewed through Synapse */
export function getManagedRequirement(
  world: World,
  id: string,
): RequirementRecord<M.ManagedACTAccessRequirement> {
  const requirement = getRequirement(world, id);
  if (requirement.concreteType !== requirementTypes.managed) {
    throw badRequest(
      `The access requirement ${id} is not a ManagedACTAccessRequirement, so access cannot be requested for it.`,
    );
  }
  return requirement;
}

/** The requirements on an entity and its ancestors, ordered by id. */
export function entityRequirements(world: World, record: EntityRecord): RequirementRecord[] {
  if (requirements(world).size === 0) {
    return [];
  }
  const found = new Map<number, RequirementRecord>();
  for (const { id } of pathOf(world, record)) {
    for (const requirement of requirementsOn(world, { type: 'ENTITY', id })) {
      found.set(requirement.id, requirement);
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
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
