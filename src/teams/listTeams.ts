import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { asTeam, type Team } from './team.js';

/** Teams in one page. */
export const teamsPerPage = 50;

/** Implements {@link Teams.list}. */
export function listTeams(
  ctx: Context,
  user: UserRef | undefined,
  options: CallOptions = {},
): Listing<Team> {
  return listing(async function* () {
    const args = { id: await userIdOf(ctx, user, options), limit: teamsPerPage };
    for await (const team of ctx.http.paginate('team.listUserTeams', args, options)) {
      yield asTeam(team);
    }
  });
}
