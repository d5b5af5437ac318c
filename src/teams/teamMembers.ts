import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { asTeamMember, type TeamMember } from './team.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** Which members of a team are listed. */
export interface MembersOptions extends CallOptions {
  /** Only managers (`'ADMIN'`), or only those who are none (`'MEMBER'`). @default both */
  type?: 'ADMIN' | 'MEMBER';
  /** The beginning of the user name, the first or the last name. */
  fragment?: string;
}

const membersPerPage = 50;

/** Implements {@link Teams.members}. */
export function teamMembers(
  ctx: Context,
  team: TeamRef,
  { type: memberType, fragment, ...options }: MembersOptions = {},
): Listing<TeamMember> {
  return listing(async function* () {
    const id = await teamIdOf(ctx, team, options);
    const args = { id, memberType, fragment, limit: membersPerPage };
    for await (const member of ctx.http.paginate('team.listTeamMembers', args, options)) {
      yield asTeamMember(member);
    }
  });
}

/** Implements {@link Teams.count}. */
export async function countMembers(
  ctx: Context,
  team: TeamRef,
  { fragment, ...options }: Pick<MembersOptions, 'fragment'> & CallOptions = {},
): Promise<number> {
  const id = await teamIdOf(ctx, team, options);
  const { count = 0 } = await ctx.services.team.getTeamMemberCount({ id, fragment }, options);
  return count;
}
