import type * as M from '../../../generated/models.js';
import { pageWindow } from '../kernel/paging.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { displayNameWithUserName } from '../users/displayNames.js';
import type { World } from '../world.js';
import {
  createInvitation,
  deleteInvitation,
  invitationModel,
  openInvitations,
  readInvitation,
  readInvitationWithToken,
  setInvitee,
  teamInvitations,
  userInvitations,
  verifyInvitee,
} from './invitations.js';
import {
  countRequestsToDecide,
  createRequest,
  deleteRequest,
  readRequest,
  requestModel,
  teamRequests,
  userRequests,
} from './membershipRequests.js';
import { checkToken } from '../auth/signedTokens.js';
import { actorOf } from './teamAccess.js';
import { addMember } from './teamMembers.js';
import { notifyInvitee, notifyManagers, type NotificationEndpoints } from './teamNotifications.js';
import { parsePrincipalId, teamName } from './teamRecords.js';

/** Serves invitations to teams, requests to join, and joining by a token. */
export function membershipRoutes(router: Router, world: World): void {
  invitationRoutes(router, world);
  requestRoutes(router, world);
  router.put('/repo/v1/teamMember', ({ body, query }) =>
    joinWithToken(world, body, {
      act: query.teamEndpoint,
      unsubscribe: query.notificationUnsubscribeEndpoint,
    }),
  );
}

function invitationRoutes(router: Router, world: World): void {
  router.post('/repo/v1/membershipInvitation', async ({ query, caller, body }) => {
    const invitation = createInvitation(world, caller, body);
    await notifyInvitee(world, invitation, {
      act: query.acceptInvitationEndpoint,
      unsubscribe: query.notificationUnsubscribeEndpoint,
    });
    return invitationModel(invitation);
  });
  router.get('/repo/v1/membershipInvitation/openInvitationCount', ({ caller }) => {
    requireUser(caller);
    return { count: openInvitations(world, { userId: caller.userId }).length };
  });
  router.get('/repo/v1/membershipInvitation/{id}', ({ path, caller }) =>
    invitationModel(readInvitation(world, caller, path.id)),
  );
  router.post('/repo/v1/membershipInvitation/{id}', ({ path, body }) =>
    invitationModel(readInvitationWithToken(world, path.id, body)),
  );
  router.delete('/repo/v1/membershipInvitation/{id}', ({ path, caller }) =>
    deleteInvitation(world, caller, path.id),
  );
  router.get('/repo/v1/membershipInvitation/{id}/inviteeVerificationSignedToken', (call) =>
    verifyInvitee(world, call.caller, call.path.id),
  );
  router.put('/repo/v1/membershipInvitation/{id}/inviteeId', ({ path, caller, body }) =>
    setInvitee(world, caller, path.id, body),
  );
  router.get('/repo/v1/team/{id}/openInvitation', ({ path, query, caller }) => {
    const { found, total } = teamInvitations(world, caller, path.id, query.inviteeId);
    return pageOf(found.map(invitationModel), query, total);
  });
  router.get('/repo/v1/user/{id}/openInvitation', ({ path, query }) => {
    const found = userInvitations(world, path.id, query.teamId);
    return pageOf(found.map(invitationModel), query);
  });
}

function requestRoutes(router: Router, world: World): void {
  router.post('/repo/v1/membershipRequest', async ({ query, caller, body }) => {
    const request = createRequest(world, caller, body);
    await notifyManagers(world, request, {
      act: query.acceptRequestEndpoint,
      unsubscribe: query.notificationUnsubscribeEndpoint,
    });
    return requestModel(request);
  });
  router.get('/repo/v1/membershipRequest/openRequestCount', ({ caller }) => {
    requireUser(caller);
    return { count: countRequestsToDecide(world, caller.userId) };
  });
  router.get('/repo/v1/membershipRequest/{id}', ({ path, caller }) =>
    requestModel(readRequest(world, caller, path.id)),
  );
  router.delete('/repo/v1/membershipRequest/{id}', ({ path, caller }) =>
    deleteRequest(world, caller, path.id),
  );
  router.get('/repo/v1/team/{id}/openRequest', ({ path, query, caller }) => {
    const found = teamRequests(world, caller, path.id, query.requestorId);
    return pageOf(found.map(requestModel), query);
  });
  router.get('/repo/v1/user/{id}/openRequest', ({ path, query, caller }) => {
    const found = userRequests(world, caller, path.id, query.teamId);
    return pageOf(found.map(requestModel), query);
  });
}

/** A page with the true total, which these lists have. */
function pageOf<T>(
  found: readonly T[],
  query: { readonly offset?: number; readonly limit?: number },
  totalNumberOfResults = found.length,
): { results: T[]; totalNumberOfResults: number } {
  const { limit, offset } = pageWindow(query);
  return { results: found.slice(offset, offset + limit), totalNumberOfResults };
}

function requireUser(caller: Caller): void {
  if (caller.isAnonymous) {
    throw forbidden('Anonymous users have no memberships.');
  }
}

/**
 * Joins a team with a token. No login is required.
 *
 * @throws 403 for an invalid token or without the permission to add the member, 400, 404
 * @see https://rest-docs.synapse.org/rest/PUT/teamMember.html
 */
async function joinWithToken(
  world: World,
  token: M.JoinTeamSignedToken,
  endpoints: NotificationEndpoints,
): Promise<M.ResponseMessage> {
  checkToken(world, token);
  const { memberId, teamId, userId } = token;
  if (memberId === undefined || teamId === undefined || userId === undefined) {
    throw badRequest('The token must have a userId, a memberId and a teamId.');
  }
  const actor = actorOf(world, parsePrincipalId(userId));
  const isNew = await addMember(world, actor, { teamId, principalId: memberId }, endpoints);
  const member = displayNameWithUserName(world, parsePrincipalId(memberId));
  const done = isNew ? 'has been added to team' : 'is already in team';
  return { message: `User ${member} ${done} ${teamName(world, Number(teamId))}.` };
}
