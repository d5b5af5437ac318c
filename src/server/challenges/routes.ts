import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { isMember, mayAccessTeam } from '../teams/teamAccess.js';
import { allTeams } from '../teams/teamRecords.js';
import { membersOf } from '../users/memberships.js';
import type { World } from '../world.js';
import {
  challengeOf,
  challengesFor,
  createChallenge,
  deleteChallenge,
  mayRegister,
  registeredIds,
  registeredTeams,
  registerTeam,
  requireChallenge,
  unregisterTeam,
  updateChallenge,
  updateChallengeTeam,
  type ChallengeRecord,
} from './challengeRecords.js';

interface PageQuery {
  readonly offset?: number;
  readonly limit?: number;
}

/** Serves challenges and the teams that take part in them. */
export function challengeRoutes(router: Router, world: World): void {
  router.post('/repo/v1/challenge', ({ caller, body }) => createChallenge(world, caller, body));
  router.get('/repo/v1/challenge', ({ caller, query }) =>
    whole(challengesFor(world, caller, query.participantId), query),
  );
  router.get('/repo/v1/challenge/{challengeId}', ({ caller, path }) =>
    requireChallenge(world, caller, path.challengeId, 'READ'),
  );
  router.put('/repo/v1/challenge/{challengeId}', ({ caller, path, body }) =>
    updateChallenge(world, caller, path.challengeId, body),
  );
  router.delete('/repo/v1/challenge/{challengeId}', ({ caller, path }) =>
    deleteChallenge(world, caller, path.challengeId),
  );
  router.get('/repo/v1/entity/{id}/challenge', ({ caller, path }) => {
    const { id } = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const challenge = challengeOf(world, id);
    if (challenge === undefined) {
      throw notFound(`The project ${id} has no challenge.`);
    }
    return challenge;
  });
  router.get('/repo/v1/challenge/{challengeId}/participant', ({ caller, path, query }) => {
    const challenge = requireChallenge(world, caller, path.challengeId, 'READ');
    return whole(participants(world, challenge, query.affiliated), query);
  });
  teamRoutes(router, world);
}

function teamRoutes(router: Router, world: World): void {
  router.post('/repo/v1/challenge/{challengeId}/challengeTeam', ({ caller, path, body }) =>
    registerTeam(world, caller, path.challengeId, body),
  );
  router.get('/repo/v1/challenge/{challengeId}/challengeTeam', ({ caller, path, query }) => {
    const { id } = requireChallenge(world, caller, path.challengeId, 'READ');
    return whole(registeredTeams(world, id), query);
  });
  router.put(
    '/repo/v1/challenge/{challengeId}/challengeTeam/{challengeTeamId}',
    ({ caller, path, body }) => updateChallengeTeam(world, caller, path.challengeTeamId, body),
  );
  router.delete('/repo/v1/challengeTeam/{challengeTeamId}', ({ caller, path }) =>
    unregisterTeam(world, caller, path.challengeTeamId),
  );
  router.get('/repo/v1/challenge/{challengeId}/registratableTeam', ({ caller, path, query }) => {
    requireLogin(caller);
    const challenge = requireChallenge(world, caller, path.challengeId, 'READ');
    const registered = registeredIds(world, challenge);
    const teams = managedTeams(world, caller).filter(
      (id) => !registered.has(id) && mayRegister(world, caller, challenge, Number(id)),
    );
    return whole(teams, query);
  });
  router.get('/repo/v1/challenge/{challengeId}/submissionTeams', ({ caller, path, query }) => {
    requireLogin(caller);
    const challenge = requireChallenge(world, caller, path.challengeId, 'READ');
    const own = [...registeredIds(world, challenge)].filter((id) =>
      isMember(world, Number(id), caller.userId),
    );
    return whole(own, query);
  });
}

function managedTeams(world: World, caller: Caller): string[] {
  return allTeams(world)
    .filter(({ id }) => mayAccessTeam(world, caller, id, 'TEAM_MEMBERSHIP_UPDATE'))
    .map(({ id }) => String(id));
}

/** The participants; optionally only those with, or without, a registered team. */
function participants(
  world: World,
  challenge: ChallengeRecord,
  affiliated: boolean | undefined,
): string[] {
  const teams = [...registeredIds(world, challenge)].map(Number);
  return membersOf(world, Number(challenge.participantTeamId))
    .filter(
      ({ userId }) =>
        affiliated === undefined ||
        teams.some((team) => isMember(world, team, userId)) === affiliated,
    )
    .map(({ userId }) => String(userId));
}

/** One page of a list, with the exact total. */
function whole<T>(
  items: readonly T[],
  query: PageQuery,
): { results: T[]; totalNumberOfResults: number } {
  const { offset, limit } = pageWindow(query);
  return { results: items.slice(offset, offset + limit), totalNumberOfResults: items.length };
}
