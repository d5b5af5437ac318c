import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { findEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';

/** Types of wiki owners, as in paths. */
export const ownerSegments = ['entity', 'evaluation', 'access_requirement'] as const;
export type OwnerSegment = (typeof ownerSegments)[number];

const ownerTypes = {
  entity: 'ENTITY',
  evaluation: 'EVALUATION',
  access_requirement: 'ACCESS_REQUIREMENT',
} as const satisfies Record<OwnerSegment, M.ObjectType>;

export type WikiOwnerType = (typeof ownerTypes)[OwnerSegment];
export type WikiAccess = 'CREATE' | 'DELETE' | 'READ' | 'UPDATE';

/** The owner of a wiki. */
export interface WikiOwner {
  readonly type: WikiOwnerType;
  readonly id: string;
}

/** How owners of one type are found and access to them is checked. */
export interface WikiOwnerRules {
  /** Parses the id of an owner. @throws 400 */
  readonly parseId: (text: string) => string;
  /** @throws 404 without the owner, 403 without the permission */
  readonly require: (caller: Caller, id: string, access: WikiAccess) => void;
}

const makeRules = (): Map<WikiOwnerType, WikiOwnerRules> => new Map();

/** Registers a type of wiki owners. Entities are built in. */
export function defineWikiOwner(world: World, type: WikiOwnerType, rules: WikiOwnerRules): void {
  world.service(makeRules).set(type, rules);
}

function findRules(world: World, type: WikiOwnerType): WikiOwnerRules {
  const rules = type === 'ENTITY' ? entityRules(world) : world.service(makeRules).get(type);
  if (rules === undefined) {
    throw notFound(`This server has no object of type ${type}.`);
  }
  return rules;
}

function entityRules(world: World): WikiOwnerRules {
  return {
    parseId: parseEntityId,
    require: (caller, id, access) => {
      // Users who are not certified may create the wiki of a project.
      const isProject = findEntityRecord(world, id)?.type === 'project';
      requireAccess(world, caller, id, access, isProject ? { createType: 'project' } : {});
    },
  };
}

/** The owner in a path. @throws 400, 404 */
export function wikiOwner(world: World, segment: OwnerSegment, id: string): WikiOwner {
  const type = ownerTypes[segment];
  return { type, id: findRules(world, type).parseId(id) };
}

/** @throws 404 without the owner, 403 without the permission */
export function requireOwnerAccess(
  world: World,
  caller: Caller,
  owner: WikiOwner,
  access: WikiAccess,
): void {
  findRules(world, owner.type).require(caller, owner.id, access);
}
