import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { notify } from '../messages/notify.js';
import { membersOf, membershipsOf, putMembership, removeMembership } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal, type PrincipalRecord } from '../users/principals.js';
import { userGroupHeader } from '../users/users.js';
import type { World } from '../world.js';
import { openInvitations, removeInvitationsOf } from './invitations.js';
import { openRequests, removeRequestsOf } from './membershipRequests.js';
import {
  actorOf,
  isManager,
  isMember,
  mayAccessTeam,
  revokeTeamAccess,
  type Actor,
} from './teamAccess.js';
import { hasUnmetTeamRequirement } from './teamHooks.js';
import { joiningNotifications, type NotificationEndpoints } from './teamNotifications.js';
import { byName, findTeam, getTeam, parsePrincipalId, type TeamRecord } from './teamRecords.js';

/**
 * Finds the user in a request.
 *
 * @throws 400 when the id is not a number, 404 when there is no such user
 */
export function getPerson(world: World, id: number | string): PrincipalRecord {
  const number = parsePrincipalId(id);
  const principal = getPrincipal(world, number);
  if (principal?.isIndividual !== true) {
    throw notFound(`The user ${number} does not exist.`);
  }
  return principal;
}

/**
 * Why a user may not make another user, or themselves, a member of a team; `undefined` when it is permitted. Adding a
 * member again is permitted.
 */
export function whyNotAdd(
  world: World,
  actor: Actor,
  team: TeamRecord,
  userId: number,
): string | undefined {
  if (userId === fixedPrincipals.anonymous) {
    return 'The anonymous user cannot be a member of a team.';
  }
  if (actor.isAdmin || isMember(world, team.id, userId)) {
    return undefined;
  }
  const manages = mayAccessTeam(world, actor, team.id, 'TEAM_MEMBERSHIP_UPDATE');
  const target = { teamId: team.id, userId };
  const isSelf = actor.userId === userId;
  if (isSelf) {
    if (!manages && team.canPublicJoin !== true && openInvitations(world, target).length === 0) {
      return 'An invitation is required to join the team.';
    }
  } else if (!manages) {
    return 'You must be a team manager to perform this operation.';
  } else if (openRequests(world, target).length === 0) {
    return 'The prospective member must request to join the team.';
  }
  if (!hasUnmetTeamRequirement(world, team.id, userId)) {
    return undefined;
  }
  return isSelf
    ? "You can't join the team until you meet the Access Requirements"
    : 'Cannot add member to team because they have not met all access restrictions. Please remove the pending request and then invite the member again. They will then be prompted to meet the requirement(s) before joining the team.';
}

/**
 * Adds a user to a team, which settles their invitations and requests, and notifies those who wait for it.
 *
 * @returns whether the user is a new member
 * @throws 404, 403 without an invitation or request, 400
 * @see https://rest-docs.synapse.org/rest/PUT/team/id/member/principalId.html
 */
export async function addMember(
  world: World,
  actor: Actor,
  ids: { readonly teamId: number | string; readonly principalId: number | string },
  endpoints: NotificationEndpoints,
): Promise<boolean> {
  const team = getTeam(world, ids.teamId);
  const userId = getPerson(world, ids.principalId).id;
  const target = { teamId: team.id, userId };
  const inviterIds = new Set(openInvitations(world, target).map(({ createdBy }) => createdBy));
  const notifications = joiningNotifications(
    world,
    { teamId: team.id, actorId: actor.userId, memberId: userId, inviterIds: [...inviterIds] },
    endpoints,
  );
  const isNew = !isMember(world, team.id, userId);
  world.store.transaction(() => {
    const refusal = whyNotAdd(world, actor, team, userId);
    if (refusal !== undefined) {
      throw forbidden(refusal);
    }
    if (isNew) {
      const isAdmin = isManager(world, team, userId);
      putMembership(world, { groupId: team.id, userId, isAdmin });
    }
    removeInvitationsOf(world, target);
    removeRequestsOf(world, target);
  });
  if (isNew) {
    for (const notification of notifications) {
      await notify(world, notification);
    }
  }
  return isNew;
}

/**
 * Removes a user from a team. It is no error if the user is not a member.
 *
 * @throws 404, 403 for another user unless the caller is a manager, and for the last member, 400
 * for the last manager
 * @see https://rest-docs.synapse.org/rest/DELETE/team/id/member/principalId.html
 */
export function removeMember(
  world: World,
  caller: Caller,
  teamId: string,
  principalId: string,
): void {
  const team = getTeam(world, teamId);
  const userId = parsePrincipalId(principalId);
  const isSelf = caller.userId === userId && !caller.isAnonymous;
  if (!isSelf && !mayAccessTeam(world, caller, team.id, 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden('Cannot remove member from Team.');
  }
  if (!isMember(world, team.id, userId)) {
    return;
  }
  if (membersOf(world, team.id).length === 1) {
    throw forbidden('Cannot remove the last member of a Team.');
  }
  revokeTeamAccess(world, caller, team, userId);
  removeMembership(world, team.id, userId);
}

/**
 * The membership status of a user in a team.
 *
 * @throws 404, 400
 * @see https://rest-docs.synapse.org/rest/GET/team/id/member/principalId/membershipStatus.html
 */
export function membershipStatus(
  world: World,
  caller: Caller,
  teamId: string,
  principalId: string,
): M.TeamMembershipStatus {
  const team = getTeam(world, teamId);
  const userId = getPerson(world, principalId).id;
  const target = { teamId: team.id, userId };
  const user = actorOf(world, userId);
  return {
    teamId: String(team.id),
    userId: String(userId),
    isMember: isMember(world, team.id, userId),
    hasOpenInvitation: openInvitations(world, target).length > 0,
    hasOpenRequest: openRequests(world, target).length > 0,
    canJoin: whyNotAdd(world, caller, team, userId) === undefined,
    membershipApprovalRequired:
      team.canPublicJoin !== true && !mayAccessTeam(world, user, team.id, 'TEAM_MEMBERSHIP_UPDATE'),
    hasUnmetAccessRequirement: hasUnmetTeamRequirement(world, team.id, userId),
    canSendEmail: mayAccessTeam(world, user, team.id, 'SEND_MESSAGE'),
  };
}

/** Filter of the members of a team. */
export interface MemberFilter {
  /** Prefix of the user name, first or last name. */
  readonly fragment?: string;
  readonly memberType?: M.TeamMemberTypeFilterOptions;
}

/** The members of a team, by name. @throws 404, 400 */
export function listMembers(
  world: World,
  teamId: string,
  { fragment = '', memberType = 'ALL' }: MemberFilter,
): M.TeamMember[] {
  const team = getTeam(world, teamId);
  const start = fragment.trim().toLowerCase();
  return membersOf(world, team.id)
    .flatMap(({ userId }) => memberModel(world, team, userId))
    .filter(
      ({ isAdmin, member }) =>
        (memberType === 'ALL' || (isAdmin === true) === (memberType === 'ADMIN')) &&
        namesOf(member).some((name) => name.toLowerCase().startsWith(start)),
    )
    .sort((a, b) => (a.member?.userName ?? '').localeCompare(b.member?.userName ?? '', 'en'));
}

function namesOf(member: M.UserGroupHeader | undefined): string[] {
  const { userName = '', firstName = '', lastName = '' } = member ?? {};
  return [userName, firstName, lastName, `${firstName} ${lastName}`];
}

/** @throws 404 when the user is not a member, 400 */
export function getMember(
  world: World,
  teamId: number | string,
  principalId: number | string,
): M.TeamMember {
  const team = getTeam(world, teamId);
  const userId = parsePrincipalId(principalId);
  const [member] = memberModel(world, team, userId);
  if (member === undefined || !isMember(world, team.id, userId)) {
    throw notFound(`Could not find member ${userId} in team ${team.id}`);
  }
  return member;
}

function memberModel(world: World, team: TeamRecord, userId: number): M.TeamMember[] {
  const principal = getPrincipal(world, userId);
  return principal === undefined
    ? []
    : [
        {
          teamId: String(team.id),
          member: userGroupHeader(world, principal),
          isAdmin: isManager(world, team, userId),
        },
      ];
}

/** The teams of a user, by name. */
export function teamsOf(world: World, userId: number): TeamRecord[] {
  return membershipsOf(world, userId)
    .flatMap(({ groupId }) => findTeam(world, groupId) ?? [])
    .sort(byName(world));
}

/** @throws 400 when one order is given without the other */
export function checkSort(sort: string | undefined, ascending: boolean | undefined): void {
  if ((sort === undefined) !== (ascending === undefined)) {
    throw badRequest('sort and ascending must be given together, or neither of them.');
  }
}
