import type * as M from '../../../generated/models.js';
import { grantedBy, type AclEntry, type AclRecord } from '../access/entityAcls.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, preconditionFailed } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import { getMembership, membersOf, putMembership } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { findTeam, getTeam, isBuiltInTeam, type TeamRecord } from './teamRecords.js';

const managerAccess: readonly M.ACCESS_TYPE[] = [
  'READ',
  'SEND_MESSAGE',
  'UPDATE',
  'DELETE',
  'TEAM_MEMBERSHIP_UPDATE',
];
const memberAccess: readonly M.ACCESS_TYPE[] = ['READ', 'SEND_MESSAGE'];

/** The properties of a caller that permissions depend on. */
export type Actor = Pick<Caller, 'groups' | 'isAdmin' | 'userId'>;

function acls(world: World): Collection<AclRecord> {
  return world.store.collection<AclRecord>('teamAcls');
}

/** The ACL of a team. */
export function teamAcl(world: World, team: TeamRecord): AclRecord {
  return (
    acls(world).get(String(team.id)) ?? {
      id: String(team.id),
      etag: team.etag,
      creationDate: team.createdOn,
      resourceAccess: [{ principalId: team.id, accessType: memberAccess }],
    }
  );
}

/** The ACL of a new team: its creator manages it, and every user may write to it. */
export function grantCreator(world: World, team: TeamRecord): void {
  putAcl(world, {
    id: String(team.id),
    etag: world.uuid(),
    creationDate: team.createdOn,
    resourceAccess: [
      { principalId: team.id, accessType: memberAccess },
      { principalId: team.createdBy, accessType: managerAccess },
      { principalId: fixedPrincipals.authenticatedUsers, accessType: memberAccess },
    ],
  });
}

export function deleteTeamAcl(world: World, teamId: number): void {
  acls(world).delete(String(teamId));
}

/** Whether a user may do something to a team. */
export function mayAccessTeam(
  world: World,
  actor: Actor,
  teamId: number,
  accessType: M.ACCESS_TYPE,
): boolean {
  const team = findTeam(world, teamId);
  return (
    team !== undefined &&
    (actor.isAdmin || grantedBy(teamAcl(world, team), actor.groups).has(accessType))
  );
}

/** @throws 404 without the team, 403 without the permission */
export function requireTeamAccess(
  world: World,
  caller: Caller,
  teamId: number | string,
  accessType: M.ACCESS_TYPE,
): TeamRecord {
  const team = getTeam(world, teamId);
  if (!mayAccessTeam(world, caller, team.id, accessType)) {
    throw forbidden(`You lack ${accessType} access to the requested team.`);
  }
  return team;
}

/** Whether a principal manages a team. */
export function isManager(world: World, team: TeamRecord, principalId: number): boolean {
  return teamAcl(world, team).resourceAccess.some(
    (entry) => entry.principalId === principalId && manages(entry),
  );
}

function manages({ accessType }: AclEntry): boolean {
  return accessType.includes('TEAM_MEMBERSHIP_UPDATE');
}

/** Removes a principal from the ACL. @throws 400 when no manager would be left */
export function revokeTeamAccess(
  world: World,
  caller: Caller,
  team: TeamRecord,
  principalId: number,
): void {
  const acl = teamAcl(world, team);
  storeEntries(
    world,
    caller,
    acl,
    acl.resourceAccess.filter((entry) => entry.principalId !== principalId),
  );
}

/** Makes a member a manager, or revokes it. @throws 400 when no manager would be left */
export function setManager(
  world: World,
  caller: Caller,
  team: TeamRecord,
  { principalId, isAdmin }: { readonly principalId: number; readonly isAdmin: boolean },
): void {
  const acl = teamAcl(world, team);
  const others = acl.resourceAccess.filter((entry) => entry.principalId !== principalId);
  storeEntries(
    world,
    caller,
    acl,
    isAdmin ? [...others, { principalId, accessType: managerAccess }] : others,
  );
}

/**
 * Replaces the ACL of a team.
 *
 * @throws 404, 403 without UPDATE, 412 for a stale etag, 400 for invalid content
 * @see https://rest-docs.synapse.org/rest/PUT/team/acl.html
 */
export function updateTeamAcl(world: World, caller: Caller, body: M.AccessControlList): AclRecord {
  if (body.id === undefined) {
    throw badRequest('The id of the ACL is required.');
  }
  const team = requireTeamAccess(world, caller, body.id, 'UPDATE');
  const acl = teamAcl(world, team);
  if (body.etag === undefined) {
    throw badRequest('The etag of the ACL is required.');
  }
  if (body.etag !== acl.etag) {
    throw preconditionFailed('E-tags do not match.');
  }
  const entries = (body.resourceAccess ?? []).map((row) => checkEntry(world, row));
  // The service does not ask for a manager here, as it does when a single member loses the permission.
  return changeAcl(world, acl, entries);
}

function checkEntry(world: World, { principalId, accessType }: M.ResourceAccess): AclEntry {
  if (principalId === undefined) {
    throw badRequest('Group ID is null');
  }
  if (accessType === undefined || accessType.length === 0) {
    throw badRequest('No access types specified.');
  }
  if (principalId === fixedPrincipals.anonymous) {
    throw badRequest('Cannot assign permissions to anonymous.');
  }
  if (getPrincipal(world, principalId) === undefined) {
    throw badRequest(`A user, group or team with the id ${principalId} does not exist.`);
  }
  return { principalId, accessType };
}

function storeEntries(
  world: World,
  caller: Caller,
  acl: AclRecord,
  resourceAccess: readonly AclEntry[],
): void {
  if (!caller.isAdmin && !resourceAccess.some(manages)) {
    throw badRequest('Team must have at least one team manager.');
  }
  changeAcl(world, acl, resourceAccess);
}

function changeAcl(world: World, acl: AclRecord, resourceAccess: readonly AclEntry[]): AclRecord {
  const changed = { ...acl, etag: world.uuid(), resourceAccess };
  putAcl(world, changed);
  return changed;
}

function putAcl(world: World, acl: AclRecord): void {
  acls(world).put(acl.id, acl);
  const teamId = Number(acl.id);
  for (const { userId, isAdmin } of membersOf(world, teamId)) {
    const isNowAdmin = acl.resourceAccess.some(
      (entry) => entry.principalId === userId && manages(entry),
    );
    if (isNowAdmin !== isAdmin) {
      putMembership(world, { groupId: teamId, userId, isAdmin: isNowAdmin });
    }
  }
}

/** Another user as the actor of a permission check. */
export function actorOf(world: World, userId: number): Actor {
  const groups = world.groupsOf(userId);
  return { userId, groups, isAdmin: groups.has(fixedPrincipals.administrators) };
}

/** Whether a user belongs to a team. */
export function isMember(world: World, teamId: number, userId: number): boolean {
  return getMembership(world, teamId, userId) !== undefined;
}

/** Refuses changes of the built-in teams. @throws 403 */
export function refuseBuiltInTeam(team: TeamRecord): void {
  if (isBuiltInTeam(team.id)) {
    throw forbidden(`Team ${team.id} belongs to the service and cannot be deleted or renamed.`);
  }
}
