import type * as M from '../../../generated/models.js';
import { checkAclContent } from '../access/aclContent.js';
import { aclModel, grantedBy, type AclRecord } from '../access/entityAcls.js';
import type { Caller } from '../kernel/caller.js';
import {
  badRequest,
  conflict,
  forbidden,
  notFound,
  preconditionFailed,
} from '../kernel/serviceError.js';
import { getPrincipal } from '../users/principals.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** Types of objects, besides entities, with an access control list. */
export type AclOwnerKind =
  'accessRequirement' | 'formGroup' | 'oauthClient' | 'organization' | 'portal';

/** The object that an ACL belongs to. */
export interface AclOwner {
  readonly kind: AclOwnerKind;
  readonly id: string;
  /** Creator of the object, who may remove their own right to change the ACL. */
  readonly createdBy: number;
}

/** The names of the types in messages. */
const names: Readonly<Record<AclOwnerKind, string>> = {
  accessRequirement: 'access requirement',
  formGroup: 'form group',
  oauthClient: 'OAuth client',
  organization: 'organization',
  portal: 'portal',
};

/** Types of objects on which administrators have the permissions of the ACL alone. */
const withoutAdministrators: ReadonlySet<AclOwnerKind> = new Set(['formGroup']);

function acls(world: World): Collection<AclRecord> {
  return world.store.collection<AclRecord>('objectAcls');
}

function keyOf({ kind, id }: AclOwner): string {
  return `${kind}/${id}`;
}

/** The stored ACL, without permission checks. */
export function findObjectAcl(world: World, owner: AclOwner): AclRecord | undefined {
  return acls(world).get(keyOf(owner));
}

/** Whether an ACL of an access requirement names one of these principals as a reviewer. */
export function reviewsAny(world: World, principalIds: Iterable<number>): boolean {
  const byReviewer = acls(world).index('reviewer', ({ resourceAccess }) =>
    resourceAccess
      .filter(({ accessType }) => accessType.includes('REVIEW_SUBMISSIONS'))
      .map(({ principalId }) => String(principalId)),
  );
  return [...principalIds].some((principalId) =>
    byReviewer
      .find(String(principalId))
      // The permission has no meaning for other objects.
      .some((acl) => acls(world).get(`accessRequirement/${acl.id}`) === acl),
  );
}

/** Gives a principal permissions on a new object. */
export function grantObject(
  world: World,
  owner: AclOwner,
  accessType: readonly M.ACCESS_TYPE[],
): void {
  acls(world).put(keyOf(owner), {
    id: owner.id,
    etag: world.uuid(),
    creationDate: world.timestamp(),
    resourceAccess: [{ principalId: owner.createdBy, accessType }],
  });
}

/**
 * Whether the ACL of an object gives a permission to the caller. Administrators have all
 * permissions, except on form groups.
 */
export function hasObjectAccess(
  world: World,
  caller: Caller,
  owner: AclOwner,
  accessType: M.ACCESS_TYPE,
): boolean {
  const acl = findObjectAcl(world, owner);
  const isEntitled = caller.isAdmin && !withoutAdministrators.has(owner.kind);
  return isEntitled || (acl !== undefined && grantedBy(acl, caller.groups).has(accessType));
}

/** @throws 403 when the ACL of an object does not give the permission to the caller */
export function requireObjectAccess(
  world: World,
  caller: Caller,
  owner: AclOwner,
  accessType: M.ACCESS_TYPE,
): void {
  if (!hasObjectAccess(world, caller, owner, accessType)) {
    throw forbidden(`You lack ${accessType} access to the requested ${names[owner.kind]}.`);
  }
}

/** The ACL as the API shows it. @throws 404 when there is none */
export function readObjectAcl(world: World, owner: AclOwner): M.AccessControlList {
  const acl = findObjectAcl(world, owner);
  if (acl === undefined) {
    throw notFound(`The ${names[owner.kind]} ${owner.id} has no ACL.`);
  }
  return aclModel(acl);
}

/** Creates the ACL of an object. @throws 409 when it has one; 400 for its content */
export function createObjectAcl(
  world: World,
  caller: Caller,
  owner: AclOwner,
  body: M.AccessControlList,
): M.AccessControlList {
  if (findObjectAcl(world, owner) !== undefined) {
    throw conflict(`The ${names[owner.kind]} ${owner.id} already has an ACL.`);
  }
  return storeAcl(world, caller, owner, body);
}

/** Replaces the ACL of an object. @throws 404, 412 for a stale etag, 400 for its content */
export function updateObjectAcl(
  world: World,
  caller: Caller,
  owner: AclOwner,
  body: M.AccessControlList,
): M.AccessControlList {
  const current = readObjectAcl(world, owner);
  if (body.etag === undefined) {
    throw badRequest('The etag of the ACL is required.');
  }
  if (body.etag !== current.etag) {
    throw preconditionFailed('E-tags do not match.');
  }
  return storeAcl(world, caller, owner, body);
}

/** Removes the ACL of an object, e.g. with the object. */
export function removeObjectAcl(world: World, owner: AclOwner): void {
  acls(world).delete(keyOf(owner));
}

function storeAcl(
  world: World,
  caller: Caller,
  owner: AclOwner,
  body: M.AccessControlList,
): M.AccessControlList {
  if (body.id !== undefined && body.id !== owner.id) {
    throw badRequest('The id in the body does not match the id in the path.');
  }
  const acl = {
    id: owner.id,
    etag: world.uuid(),
    creationDate: findObjectAcl(world, owner)?.creationDate ?? world.timestamp(),
    resourceAccess: checkAclContent(body.resourceAccess, {
      caller,
      // The permission to change the ACL of an access requirement does not come from that ACL.
      createdBy: owner.kind === 'accessRequirement' ? caller.userId : owner.createdBy,
      principalExists: (id) => getPrincipal(world, id) !== undefined,
    }),
  };
  acls(world).put(keyOf(owner), acl);
  return aclModel(acl);
}
