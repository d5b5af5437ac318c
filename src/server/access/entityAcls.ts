import type * as M from '../../../generated/models.js';
import { rootId, trashId } from '../entities/entityIds.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import type { Collection, Index } from '../state/store.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';

/** The permissions of one principal. */
export interface AclEntry {
  readonly principalId: number;
  readonly accessType: readonly M.ACCESS_TYPE[];
}

/** The ACL of an entity that has its own. */
export interface AclRecord {
  /** Id of the entity. */
  readonly id: string;
  readonly etag: string;
  readonly creationDate: string;
  readonly resourceAccess: readonly AclEntry[];
}

/** Permissions of the creator of a project. */
export const ownerAccess: readonly M.ACCESS_TYPE[] = [
  'READ',
  'DOWNLOAD',
  'UPDATE',
  'DELETE',
  'CREATE',
  'CHANGE_PERMISSIONS',
  'CHANGE_SETTINGS',
  'MODERATE',
];

/** Every user who is logged in may create projects. */
const rootAcl: AclRecord = {
  id: rootId,
  etag: '00000000-0000-0000-0000-000000000000',
  creationDate: '2010-01-01T00:00:00.000Z',
  resourceAccess: [{ principalId: fixedPrincipals.authenticatedUsers, accessType: ['CREATE'] }],
};

/** Only administrators may access entities in the trash. */
const trashAcl: AclRecord = { ...rootAcl, id: trashId, resourceAccess: [] };

interface AclTables {
  readonly acls: Collection<AclRecord>;
  readonly byPrincipal: Index<AclRecord>;
}

function makeAclTables({ store }: World): AclTables {
  const acls = store.collection<AclRecord>('entityAcls');
  return {
    acls,
    byPrincipal: acls.index('principal', ({ resourceAccess }) =>
      resourceAccess.map(({ principalId }) => String(principalId)),
    ),
  };
}

function acls(world: World): Collection<AclRecord> {
  return world.service(makeAclTables).acls;
}

/** Whether the ACL of an entity names a user or team. */
export function isInEntityAcl(world: World, principalId: number): boolean {
  return world.service(makeAclTables).byPrincipal.count(String(principalId)) > 0;
}

/** The entity's own ACL. */
export function findOwnAcl(world: World, entityId: string): AclRecord | undefined {
  if (entityId === rootId) {
    return rootAcl;
  }
  return entityId === trashId ? trashAcl : acls(world).get(entityId);
}

export function putAcl(world: World, acl: AclRecord): void {
  acls(world).put(acl.id, acl);
}

export function deleteAcl(world: World, entityId: string): void {
  acls(world).delete(entityId);
}

/** The ACL of a new or restored project. */
export function grantOwner(world: World, entityId: string, ownerId: number): void {
  putAcl(world, {
    id: entityId,
    etag: world.uuid(),
    creationDate: world.timestamp(),
    resourceAccess: [{ principalId: ownerId, accessType: ownerAccess }],
  });
}

/** The ACL that governs an entity: its own, or that of the nearest ancestor that has one. */
export function benefactorAcl(world: World, record: EntityRecord): AclRecord {
  let current = record;
  for (;;) {
    const acl = findOwnAcl(world, current.id);
    if (acl !== undefined) {
      return acl;
    }
    current = getEntityRecord(world, current.parentId);
  }
}

/** Id of the entity whose ACL governs this one. */
export function benefactorOf(world: World, record: EntityRecord): string {
  return benefactorAcl(world, record).id;
}

/** Whether an entity was deleted, itself or with one of its ancestors. */
export function isInTrash(world: World, record: EntityRecord): boolean {
  return benefactorOf(world, record) === trashId;
}

/** All permissions that an ACL gives to a set of principals. */
export function grantedBy(
  acl: Pick<AclRecord, 'resourceAccess'>,
  groups: ReadonlySet<number>,
): ReadonlySet<M.ACCESS_TYPE> {
  const granted = new Set<M.ACCESS_TYPE>();
  for (const { principalId, accessType } of acl.resourceAccess) {
    if (groups.has(principalId)) {
      for (const type of accessType) {
        granted.add(type);
      }
    }
  }
  return granted;
}

/** Whether a child shows in listings of its parent, which the caller may read. */
export function isVisibleChild(world: World, child: EntityRecord, caller: Caller): boolean {
  if (caller.isAdmin) {
    return true;
  }
  const own = findOwnAcl(world, child.id);
  return own === undefined || grantsRead(own, caller.groups);
}

function grantsRead(acl: AclRecord, groups: ReadonlySet<number>): boolean {
  return acl.resourceAccess.some(
    ({ principalId, accessType }) => groups.has(principalId) && accessType.includes('READ'),
  );
}

/** The ACL as the API shows it. */
export function aclModel(acl: AclRecord): M.AccessControlList {
  return {
    id: acl.id,
    creationDate: acl.creationDate,
    etag: acl.etag,
    resourceAccess: acl.resourceAccess.map(({ principalId, accessType }) => ({
      principalId,
      accessType: [...accessType],
    })),
  };
}
