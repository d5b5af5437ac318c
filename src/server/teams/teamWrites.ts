import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, staleEtag } from '../kernel/serviceError.js';
import { membersOf, putMembership, removeMembership } from '../users/memberships.js';
import {
  createPrincipal,
  findPrincipalByAlias,
  removePrincipal,
  renamePrincipal,
} from '../users/principals.js';
import type { World } from '../world.js';
import { removeInvitationsOf } from './invitations.js';
import { removeRequestsOf } from './membershipRequests.js';
import { deleteTeamAcl, grantCreator, refuseBuiltInTeam, requireTeamAccess } from './teamAccess.js';
import { isReferencedTeam } from './teamHooks.js';
import { findTeam, parsePrincipalId, teamName, teams, type TeamRecord } from './teamRecords.js';

const namePattern = /^[A-Za-z0-9 ._-]{3,}$/;
const maxDescription = 3000;

/**
 * Creates a team. Its creator becomes the first member and manager.
 *
 * @throws 403 for the anonymous user and the picture of another user, 400 for invalid properties,
 * 409 when a user or team has the name
 * @see https://rest-docs.synapse.org/rest/POST/team.html
 */
export function createTeam(world: World, caller: Caller, body: M.Team): TeamRecord {
  if (caller.isAnonymous) {
    throw forbidden('Anonymous user cannot create Team.');
  }
  for (const field of [
    'createdBy',
    'createdOn',
    'etag',
    'id',
    'modifiedBy',
    'modifiedOn',
  ] as const) {
    if (body[field] !== undefined) {
      throw badRequest(`'${field}' field is not user specifiable.`);
    }
  }
  const name = checkName(world, body.name);
  const content = checkContent(world, caller, body);
  const id = createPrincipal(world, { name, isIndividual: false });
  const now = world.timestamp();
  const team: TeamRecord = {
    id,
    etag: world.uuid(),
    ...content,
    createdBy: caller.userId,
    createdOn: now,
    modifiedBy: caller.userId,
    modifiedOn: now,
  };
  teams(world).put(String(id), team);
  putMembership(world, { groupId: id, userId: caller.userId, isAdmin: true });
  grantCreator(world, team);
  return team;
}

/**
 * Updates the mutable properties of a team.
 *
 * @throws 404, 403 without UPDATE, 412 for a stale etag, 409 for a name that is taken, 400
 * @see https://rest-docs.synapse.org/rest/PUT/team.html
 */
export function updateTeam(world: World, caller: Caller, body: M.Team): TeamRecord {
  if (body.id === undefined) {
    throw badRequest("'id' field is missing.");
  }
  const current = requireTeamAccess(world, caller, body.id, 'UPDATE');
  if (body.etag === undefined) {
    throw badRequest("'etag' field is missing.");
  }
  if (body.etag !== current.etag) {
    throw staleEtag(`team ${current.id}`);
  }
  const name = checkName(world, body.name, current.id);
  if (name !== teamName(world, current.id)) {
    refuseBuiltInTeam(current);
    renamePrincipal(world, current.id, name);
  }
  const team: TeamRecord = {
    id: current.id,
    etag: world.uuid(),
    ...checkContent(world, caller, body, current),
    createdBy: current.createdBy,
    createdOn: current.createdOn,
    modifiedBy: caller.userId,
    modifiedOn: world.timestamp(),
  };
  teams(world).put(String(team.id), team);
  return team;
}

/**
 * Deletes a team with its memberships, invitations and requests. It is no error if it does not
 * exist.
 *
 * @throws 403 without DELETE, 400 while a submission or the ACL of an entity names the team
 * @see https://rest-docs.synapse.org/rest/DELETE/team/id.html
 */
export function deleteTeam(world: World, caller: Caller, id: string): void {
  const teamId = parsePrincipalId(id);
  if (findTeam(world, teamId) === undefined) {
    return;
  }
  refuseBuiltInTeam(requireTeamAccess(world, caller, teamId, 'DELETE'));
  if (isReferencedTeam(world, teamId)) {
    throw badRequest(
      `Can't delete the team ${teamName(world, teamId)} (ID: ${teamId}), most likely because it is referenced by a submission, or an entity is shared with it. ` +
        'Contact the administrator of the submission queue to delete the submission, or unshare the entity.',
    );
  }
  for (const { userId } of membersOf(world, teamId)) {
    removeMembership(world, teamId, userId);
  }
  removeInvitationsOf(world, { teamId });
  removeRequestsOf(world, { teamId });
  deleteTeamAcl(world, teamId);
  teams(world).delete(String(teamId));
  removePrincipal(world, teamId);
}

function checkName(world: World, name: string | undefined, ownId?: number): string {
  const trimmed = name?.trim();
  if (trimmed === undefined || trimmed === '') {
    throw badRequest("'name' field is required.");
  }
  // Names of built-in teams are not checked.
  if (ownId !== undefined && trimmed === teamName(world, ownId)) {
    return trimmed;
  }
  const holder = findPrincipalByAlias(world, trimmed);
  if (holder !== undefined && holder.id !== ownId) {
    throw conflict(`Name ${trimmed} is already used.`);
  }
  if (!namePattern.test(trimmed) || trimmed.length > 256) {
    throw badRequest(
      'Team names can only contain letters, numbers, spaces, dot (.), dash (-), underscore (_) ' +
        `and must be at least 3 characters long. Value=${trimmed.slice(0, 300)}`,
    );
  }
  return trimmed;
}

type Content = Pick<TeamRecord, 'canPublicJoin' | 'canRequestMembership' | 'description' | 'icon'>;

function checkContent(world: World, caller: Caller, body: M.Team, current?: TeamRecord): Content {
  const { canPublicJoin, canRequestMembership, description, icon } = body;
  if (canPublicJoin === true && canRequestMembership === true) {
    throw badRequest(
      'It is a conflict to set both canPublicJoin and canRequestMembership to true.',
    );
  }
  if ((description?.length ?? 0) > maxDescription) {
    throw badRequest(`The description of a team must be ${maxDescription} characters or less.`);
  }
  world.files.requireAttachable(caller, [icon], {
    attached: [current?.icon],
    reason: 'Only the user that uploaded the file can set it as the team icon.',
  });
  return {
    description,
    icon,
    canPublicJoin,
    canRequestMembership,
  };
}
