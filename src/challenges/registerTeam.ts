import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, ConflictError } from '../errors.js';
import {
  challengeArgs,
  challengeTeamOf,
  type ChallengeRef,
  type ChallengeTeam,
} from './challenge.js';
import { listTeams } from './listTeams.js';
import { teamIdOf, type TeamRef } from '../teams/teamIdOf.js';

/** How a team is registered. */
export interface RegisterTeamOptions extends CallOptions {
  /** What the team tells users who think of joining it. */
  message?: string;
}

/** Implements {@link Challenges.registerTeam}. After a lost answer, the team is looked up among those that are registered. */
export async function registerTeam(
  ctx: Context,
  challenge: ChallengeRef,
  team: TeamRef,
  { message, ...options }: RegisterTeamOptions = {},
): Promise<ChallengeTeam> {
  const { challengeId } = challengeArgs(challenge);
  const teamId = await teamIdOf(ctx, team, options);
  const body: M.ChallengeTeam = { challengeId, teamId, message };
  const register = () => ctx.services.challenge.createChallengeTeam({ challengeId, body }, options);
  try {
    return challengeTeamOf(await register());
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isLostAnswer(error)) throw error;
  }
  try {
    return challengeTeamOf(await register());
  } catch (error) {
    // The first request has registered it.
    const known =
      error instanceof ConflictError ? await find(ctx, challengeId, teamId, options) : undefined;
    if (known === undefined) throw error;
    return known;
  }
}

/** Implements {@link Challenges.unregisterTeam}. */
export async function unregisterTeam(
  ctx: Context,
  challenge: ChallengeRef,
  team: TeamRef,
  options: CallOptions = {},
): Promise<void> {
  const { challengeId } = challengeArgs(challenge);
  const teamId = await teamIdOf(ctx, team, options);
  const registered = await find(ctx, challengeId, teamId, options);
  if (registered === undefined) {
    throw new ArgumentError(`Team ${teamId} is not registered for challenge ${challengeId}.`);
  }
  const args = { challengeTeamId: registered.id };
  await ctx.services.challenge.deleteChallengeTeam(args, options);
}

async function find(
  ctx: Context,
  challengeId: string,
  teamId: string,
  options: CallOptions,
): Promise<ChallengeTeam | undefined> {
  for await (const team of listTeams(ctx, challengeId, options)) {
    if (team.teamId === teamId) return team;
  }
  return undefined;
}
