import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { teamsPerPage } from './listTeams.js';
import { asTeam, type Team } from './team.js';

/** Implements {@link Teams.search}. */
export function searchTeams(
  ctx: Context,
  fragment: string,
  options: CallOptions = {},
): Listing<Team> {
  return listing(async function* () {
    const args = { fragment, limit: teamsPerPage };
    for await (const team of ctx.http.paginate('team.listTeams', args, options)) {
      yield asTeam(team);
    }
  });
}
