import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { fixedPrincipals } from './principals.js';

/** The membership of a user in a group or team. */
export interface MembershipRecord {
  readonly groupId: number;
  readonly userId: number;
  /** Whether the user is a manager of the team. */
  readonly isAdmin: boolean;
  readonly joinedOn: string;
}

/** Memberships in teams and in the built-in groups that have members. */
export function memberships(world: World): Collection<MembershipRecord> {
  return world.store.collection<MembershipRecord>('memberships');
}

function byUser(world: World): Index<MembershipRecord> {
  return memberships(world).index('user', ({ userId }) => String(userId));
}

function byGroup(world: World): Index<MembershipRecord> {
  return memberships(world).index('group', ({ groupId }) => String(groupId));
}

function membershipId(groupId: number, userId: number): string {
  return `${groupId}/${userId}`;
}

export function getMembership(
  world: World,
  groupId: number,
  userId: number,
): MembershipRecord | undefined {
  return memberships(world).get(membershipId(groupId, userId));
}

export function membersOf(world: World, groupId: number): MembershipRecord[] {
  return byGroup(world).find(String(groupId));
}

export function membershipsOf(world: World, userId: number): MembershipRecord[] {
  return byUser(world).find(String(userId));
}

/** Adds a member, or changes whether a member is a manager. */
export function putMembership(
  world: World,
  membership: Omit<MembershipRecord, 'joinedOn'> & { readonly joinedOn?: string },
): void {
  const { groupId, userId, isAdmin } = membership;
  const joinedOn =
    membership.joinedOn ?? getMembership(world, groupId, userId)?.joinedOn ?? world.timestamp();
  const record = { groupId, userId, isAdmin, joinedOn };
  memberships(world).put(membershipId(groupId, userId), record);
}

export function removeMembership(world: World, groupId: number, userId: number): void {
  memberships(world).delete(membershipId(groupId, userId));
}

/** The ids of all principals of a user: self, teams and built-in groups. */
export function groupsOf(world: World, userId: number): ReadonlySet<number> {
  if (userId === fixedPrincipals.anonymous) {
    return new Set([userId, fixedPrincipals.public]);
  }
  const groups = new Set<number>([
    userId,
    fixedPrincipals.authenticatedUsers,
    fixedPrincipals.public,
  ]);
  for (const { groupId } of membershipsOf(world, userId)) {
    groups.add(groupId);
  }
  return groups;
}
