import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import {
  checkOpenFields,
  recordsOf,
  stillOpen,
  type OpenRecord,
  type OpenTarget,
} from './openRecords.js';
import { isManager, isMember, mayAccessTeam } from './teamAccess.js';
import { hasUnmetTeamRequirement } from './teamHooks.js';
import { allTeams, getTeam, parsePrincipalId } from './teamRecords.js';

/** A request to join a team. */
export interface RequestRecord extends OpenRecord {
  readonly userId: number;
}

function requests(world: World): Collection<RequestRecord> {
  return world.store.collection<RequestRecord>('membershipRequests');
}

function requestsOf(world: World, target: OpenTarget): RequestRecord[] {
  return recordsOf(requests(world), target, ({ userId }) => userId);
}

/** The requests that are neither expired nor granted, newest first. */
export function openRequests(world: World, target: OpenTarget): RequestRecord[] {
  return stillOpen(world, requestsOf(world, target)).filter(
    ({ teamId, userId }) => !isMember(world, teamId, userId),
  );
}

/** Deletes requests, expired or not. */
export function removeRequestsOf(world: World, target: OpenTarget): void {
  for (const { id } of requestsOf(world, target)) {
    requests(world).delete(id);
  }
}

/**
 * Creates a request to join a team.
 *
 * @throws 403 for the anonymous user and unmet requirements, 404, 400 when the team is open or does
 * not accept requests
 * @see https://rest-docs.synapse.org/rest/POST/membershipRequest.html
 */
export function createRequest(
  world: World,
  caller: Caller,
  body: M.MembershipRequest,
): RequestRecord {
  if (caller.isAnonymous) {
    throw forbidden('anonymous user cannot create membership request.');
  }
  const fields = checkOpenFields(body);
  const userId = body.userId === undefined ? caller.userId : parsePrincipalId(body.userId);
  if (userId !== caller.userId && !caller.isAdmin) {
    throw badRequest('May not specify a user id other than yourself.');
  }
  if (body.teamId === undefined) {
    throw badRequest("'teamId' field is required.");
  }
  const team = getTeam(world, body.teamId);
  if (!caller.isAdmin && hasUnmetTeamRequirement(world, team.id, userId)) {
    throw forbidden(
      'Requested member has unmet access requirements which must be met before asking to join the Team.',
    );
  }
  if (team.canPublicJoin === true) {
    throw badRequest(
      'This team is already open for the public to join, membership requests are not needed.',
    );
  }
  if (team.canRequestMembership === false) {
    throw badRequest('This team has been closed to new membership requests.');
  }
  const record: RequestRecord = {
    id: String(world.store.sequence('membershipRequests')()),
    teamId: team.id,
    userId,
    ...fields,
    createdBy: caller.userId,
    createdOn: world.timestamp(),
  };
  requests(world).put(record.id, record);
  return record;
}

/** @throws 404, 403 unless the caller is the requester or a manager of the team */
export function readRequest(world: World, caller: Caller, id: string): RequestRecord {
  const record = requests(world).get(id);
  if (record === undefined) {
    throw notFound(`Membership request: '${id}' does not exist`);
  }
  requireInvolved(world, caller, record, 'READ');
  return record;
}

/** Deletes a request. It is no error if it does not exist. @throws 403 */
export function deleteRequest(world: World, caller: Caller, id: string): void {
  const record = requests(world).get(id);
  if (record !== undefined) {
    requireInvolved(world, caller, record, 'DELETE');
    requests(world).delete(id);
  }
}

function requireInvolved(
  world: World,
  caller: Caller,
  record: RequestRecord,
  act: 'DELETE' | 'READ',
): void {
  const isRequester = !caller.isAnonymous && record.userId === caller.userId;
  if (!isRequester && !mayAccessTeam(world, caller, record.teamId, 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden(`Unauthorized to ${act} membership request ${record.id}`);
  }
}

/** @throws 404, 403 unless the caller is a manager, 400 */
export function teamRequests(
  world: World,
  caller: Caller,
  teamId: string,
  requestorId: string | undefined,
): RequestRecord[] {
  const team = getTeam(world, teamId);
  if (!mayAccessTeam(world, caller, team.id, 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden('Cannot retrieve membership requests.');
  }
  return openRequests(world, {
    teamId: team.id,
    ...(requestorId !== undefined && { userId: parsePrincipalId(requestorId) }),
  });
}

/** @throws 403 for requests of another user, 404, 400 */
export function userRequests(
  world: World,
  caller: Caller,
  id: string,
  teamId: string | undefined,
): RequestRecord[] {
  const userId = parsePrincipalId(id);
  if (caller.userId !== userId) {
    throw forbidden("Cannot retrieve another's membership requests.");
  }
  return openRequests(world, {
    userId,
    ...(teamId !== undefined && { teamId: getTeam(world, teamId).id }),
  });
}

/** Number of open requests to the teams that a user manages. */
export function countRequestsToDecide(world: World, userId: number): number {
  return allTeams(world)
    .filter((team) => isManager(world, team, userId))
    .reduce((sum, { id }) => sum + openRequests(world, { teamId: id }).length, 0);
}

/** A request as the API shows it. */
export function requestModel(record: RequestRecord): M.MembershipRequest {
  return {
    ...record,
    teamId: String(record.teamId),
    userId: String(record.userId),
    createdBy: String(record.createdBy),
  };
}
