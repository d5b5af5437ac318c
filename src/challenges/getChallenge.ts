import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { containerOf, isSynapseId, type EntityRef } from '../values/ids.js';
import { challengeArgs, challengeOf, type Challenge, type ChallengeRef } from './challenge.js';

/** A challenge: its id, an object; or the id of its project, or the project. */
export type ChallengeTarget = ChallengeRef | EntityRef;

/** Implements {@link Challenges.get}. */
export async function getChallenge(
  ctx: Context,
  target: ChallengeTarget,
  options: CallOptions = {},
): Promise<Challenge> {
  const { challenge } = ctx.services;
  const id = typeof target === 'object' ? target.id : target;
  if (isSynapseId(id)) {
    const project = containerOf(id);
    return challengeOf(await challenge.getEntityChallenge({ id: project }, options));
  }
  return challengeOf(await challenge.getChallenge(challengeArgs(target), options));
}
