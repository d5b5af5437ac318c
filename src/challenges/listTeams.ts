import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import {
  challengeArgs,
  challengeTeamOf,
  type ChallengeRef,
  type ChallengeTeam,
} from './challenge.js';

/** Implements {@link Challenges.teams}. */
export function listTeams(
  ctx: Context,
  challenge: ChallengeRef,
  options: CallOptions = {},
): Listing<ChallengeTeam> {
  const args = challengeArgs(challenge);
  return listing(async function* () {
    const teams = ctx.http.paginate('challenge.listChallengeTeams', args, options);
    for await (const team of teams) yield challengeTeamOf(team);
  });
}
