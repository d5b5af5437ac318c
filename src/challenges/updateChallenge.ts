import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { PreconditionFailedError } from '../errors.js';
import { challengeOf, type Challenge, type ChallengeRef } from './challenge.js';
import { getChallenge } from './getChallenge.js';
import { teamIdOf, type TeamRef } from '../teams/teamIdOf.js';

/** Changes of a challenge. */
export interface ChallengeChanges {
  /** The team that users join to take part: its id, its name, or an object. */
  participantTeam: TeamRef;
}

/** Times that the change is made again to what another user has stored in the meantime. */
const maximumMerges = 3;

/** Implements {@link Challenges.update}. */
export async function updateChallenge(
  ctx: Context,
  target: ChallengeRef,
  { participantTeam }: ChallengeChanges,
  options: CallOptions = {},
): Promise<Challenge> {
  const participantTeamId = await teamIdOf(ctx, participantTeam, options);
  for (let merges = 0; ; merges += 1) {
    const current = await getChallenge(ctx, target, options);
    if (current.participantTeamId === participantTeamId) return current;
    const args = { challengeId: current.id, body: { ...current, participantTeamId } };
    try {
      return challengeOf(await ctx.services.challenge.updateChallenge(args, options));
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || merges === maximumMerges) throw error;
    }
  }
}
