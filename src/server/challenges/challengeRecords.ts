import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, notFound, staleEtag } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { isMember, mayAccessTeam } from '../teams/teamAccess.js';
import { getTeam } from '../teams/teamRecords.js';
import type { World } from '../world.js';

/** A project in which participants compete. */
export type ChallengeRecord = Required<M.Challenge>;

/** A team that is registered for a challenge. */
export type ChallengeTeamRecord = Required<Omit<M.ChallengeTeam, 'message'>> &
  Pick<M.ChallengeTeam, 'message'>;

/** All challenges by id. */
export function challenges(world: World): Collection<ChallengeRecord> {
  return world.store.collection<ChallengeRecord>('challenges');
}

function byProject(world: World): Index<ChallengeRecord> {
  return challenges(world).index('project', ({ projectId }) => projectId);
}

function challengeTeams(world: World): Collection<ChallengeTeamRecord> {
  return world.store.collection<ChallengeTeamRecord>('challengeTeams');
}

function teamsByChallenge(world: World): Index<ChallengeTeamRecord> {
  return challengeTeams(world).index('challenge', ({ challengeId }) => challengeId);
}

/** The challenge of a project. */
export function challengeOf(world: World, projectId: string): ChallengeRecord | undefined {
  return byProject(world).first(projectId);
}

/** The teams that are registered, oldest first. */
export function registeredTeams(world: World, challengeId: string): ChallengeTeamRecord[] {
  return teamsByChallenge(world)
    .find(challengeId)
    .sort((a, b) => Number(a.id) - Number(b.id));
}

/** Ids of the teams that are registered for a challenge. */
export function registeredIds(world: World, { id }: ChallengeRecord): ReadonlySet<string> {
  return new Set(registeredTeams(world, id).map(({ teamId }) => teamId));
}

/** @throws 404, 403 without the access to the project of the challenge */
export function requireChallenge(
  world: World,
  caller: Caller,
  id: number | string,
  accessType: 'CREATE' | 'DELETE' | 'READ' | 'UPDATE',
): ChallengeRecord {
  const challenge = challenges(world).get(String(id));
  if (challenge === undefined) {
    throw notFound(`The challenge ${id} does not exist.`);
  }
  requireAccess(world, caller, challenge.projectId, accessType);
  return challenge;
}

/**
 * Creates a challenge of a project.
 *
 * @throws 404, 403 without CREATE on the project, 400, 409 when the project has one
 * @see https://rest-docs.synapse.org/rest/POST/challenge.html
 */
export function createChallenge(world: World, caller: Caller, body: M.Challenge): ChallengeRecord {
  requireLogin(caller);
  const content = checkedContent(world, body);
  const project = requireAccess(world, caller, content.projectId, 'CREATE');
  if (project.type !== 'project') {
    throw badRequest(`${project.id} is not a project.`);
  }
  if (challengeOf(world, project.id) !== undefined) {
    throw conflict(`The project ${project.id} has a challenge already.`);
  }
  const challenge = {
    id: String(world.store.sequence('challenges')()),
    etag: world.uuid(),
    ...content,
  };
  challenges(world).put(challenge.id, challenge);
  return challenge;
}

/** @throws 404, 403 without UPDATE on the project, 412, 400 */
export function updateChallenge(
  world: World,
  caller: Caller,
  id: number | string,
  body: M.Challenge,
): ChallengeRecord {
  const current = requireChallenge(world, caller, id, 'UPDATE');
  const content = checkedContent(world, body);
  checkEtag(`challenge ${id}`, current.etag, body.etag);
  if (content.projectId !== current.projectId) {
    throw badRequest('The project of a challenge cannot change.');
  }
  const changed = { ...current, ...content, etag: world.uuid() };
  challenges(world).put(changed.id, changed);
  return changed;
}

function checkedContent(
  world: World,
  { projectId, participantTeamId }: M.Challenge,
): Pick<ChallengeRecord, 'participantTeamId' | 'projectId'> {
  if (projectId === undefined || participantTeamId === undefined) {
    throw badRequest('The projectId and the participantTeamId are required.');
  }
  return {
    projectId: parseEntityId(projectId),
    participantTeamId: String(getTeam(world, participantTeamId).id),
  };
}

function checkEtag(what: string, current: string, given: string | undefined): void {
  if (given === undefined) {
    throw badRequest(`The etag of the ${what} is required.`);
  }
  if (given !== current) {
    throw staleEtag(what);
  }
}

/** @throws 404, 403 without DELETE on the project */
export function deleteChallenge(world: World, caller: Caller, id: number | string): void {
  removeChallenge(world, requireChallenge(world, caller, id, 'DELETE'));
}

function removeChallenge(world: World, { id }: ChallengeRecord): void {
  for (const team of registeredTeams(world, id)) {
    challengeTeams(world).delete(team.id);
  }
  challenges(world).delete(id);
}

/** Deletes the challenges of purged projects. */
export function watchChallenges(world: World): void {
  entityHooks(world).onChange(({ kind, entity }) => {
    const challenge = kind === 'purge' ? challengeOf(world, entity.record.id) : undefined;
    if (challenge !== undefined) {
      removeChallenge(world, challenge);
    }
  });
}

/**
 * Registers a team of the caller for a challenge.
 *
 * @throws 404, 403 when the caller is not a participant or does not manage the team, 409 when it is
 * registered, 400
 * @see https://rest-docs.synapse.org/rest/POST/challenge/challengeId/challengeTeam.html
 */
export function registerTeam(
  world: World,
  caller: Caller,
  challengeId: number | string,
  { teamId, message }: M.ChallengeTeam,
): ChallengeTeamRecord {
  const challenge = requireChallenge(world, caller, challengeId, 'READ');
  if (teamId === undefined) {
    throw badRequest('The teamId is required.');
  }
  const team = getTeam(world, teamId);
  if (!mayRegister(world, caller, challenge, team.id)) {
    throw forbidden(`You are not authorized to register the team ${team.id} for the challenge.`);
  }
  if (registeredTeams(world, challenge.id).some((known) => known.teamId === String(team.id))) {
    throw conflict(`The team ${team.id} is registered already.`);
  }
  const record = {
    id: String(world.store.sequence('challengeTeams')()),
    etag: world.uuid(),
    challengeId: challenge.id,
    teamId: String(team.id),
    message,
  };
  challengeTeams(world).put(record.id, record);
  return record;
}

/** Whether a caller may register a team: participants may register the teams that they manage. */
export function mayRegister(
  world: World,
  caller: Caller,
  { participantTeamId }: ChallengeRecord,
  teamId: number,
): boolean {
  return (
    caller.isAdmin ||
    (isMember(world, Number(participantTeamId), caller.userId) &&
      mayAccessTeam(world, caller, teamId, 'TEAM_MEMBERSHIP_UPDATE'))
  );
}

/** @throws 404, 403, 412, 400 */
export function updateChallengeTeam(
  world: World,
  caller: Caller,
  id: number | string,
  body: M.ChallengeTeam,
): ChallengeTeamRecord {
  const current = requireChallengeTeam(world, caller, id);
  checkEtag(`challenge team ${id}`, current.etag, body.etag);
  if (body.teamId !== undefined && body.teamId !== current.teamId) {
    throw badRequest('The team cannot change.');
  }
  const { message } = body;
  const changed = {
    id: current.id,
    etag: world.uuid(),
    challengeId: current.challengeId,
    teamId: current.teamId,
    message,
  };
  challengeTeams(world).put(current.id, changed);
  return changed;
}

/** @throws 404, 403 */
export function unregisterTeam(world: World, caller: Caller, id: number | string): void {
  challengeTeams(world).delete(requireChallengeTeam(world, caller, id).id);
}

function requireChallengeTeam(
  world: World,
  caller: Caller,
  id: number | string,
): ChallengeTeamRecord {
  const record = challengeTeams(world).get(String(id));
  if (record === undefined) {
    throw notFound(`The challenge team ${id} does not exist.`);
  }
  if (!mayAccessTeam(world, caller, Number(record.teamId), 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden(`You are not authorized to change the registration of team ${record.teamId}.`);
  }
  return record;
}

/** The challenges that a user takes part in and the caller may read. */
export function challengesFor(
  world: World,
  caller: Caller,
  participant: number,
): ChallengeRecord[] {
  return [...challenges(world).values()].filter(
    ({ participantTeamId, projectId }) =>
      isMember(world, Number(participantTeamId), participant) &&
      hasAccess(world, caller, projectId, 'READ'),
  );
}
