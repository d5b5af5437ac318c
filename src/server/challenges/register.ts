import { evaluationHooks } from '../evaluations/evaluationHooks.js';
import { isMember } from '../teams/teamAccess.js';
import type { World } from '../world.js';
import { challengeOf, registeredIds, watchChallenges } from './challengeRecords.js';

/** Registers who takes part in the challenge of a project, and the listener that deletes challenges. */
export function registerChallenges(world: World): void {
  watchChallenges(world);
  evaluationHooks(world).defineRegistration((projectId) => {
    const challenge = challengeOf(world, projectId);
    return (
      challenge && {
        isTeamRegistered: (teamId) => registeredIds(world, challenge).has(String(teamId)),
        isUserRegistered: (userId) => isMember(world, Number(challenge.participantTeamId), userId),
      }
    );
  });
}
