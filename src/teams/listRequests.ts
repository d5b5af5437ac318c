import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { explainRefusal } from './explainTeamError.js';
import { asRequest, type MembershipRequest } from './openMembership.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

const perPage = 50;

/** Implements {@link Teams.requests}. */
export function teamRequests(
  ctx: Context,
  team: TeamRef,
  { user, ...options }: { user?: UserRef } & CallOptions = {},
): Listing<MembershipRequest> {
  return listing(async function* () {
    const id = await teamIdOf(ctx, team, options);
    const requestorId = user === undefined ? undefined : await userIdOf(ctx, user, options);
    const args = { id, requestorId, limit: perPage };
    const open = 'membershipRequest.listTeamOpenMembershipRequests';
    try {
      for await (const one of ctx.http.paginate(open, args, options)) yield asRequest(one);
    } catch (error) {
      const what = 'see who asks to join the team';
      throw await explainRefusal(
        ctx,
        { id, what, needs: 'TEAM_MEMBERSHIP_UPDATE' },
        options,
        error,
      );
    }
  });
}

/** Implements {@link Teams.myRequests}. */
export function myRequests(
  ctx: Context,
  { team, ...options }: { team?: TeamRef } & CallOptions = {},
): Listing<MembershipRequest> {
  return listing(async function* () {
    const teamId = team === undefined ? undefined : await teamIdOf(ctx, team, options);
    const id = await userIdOf(ctx, undefined, options);
    const args = { id, teamId, limit: perPage };
    const open = 'membershipRequest.listUserOpenMembershipRequests';
    for await (const one of ctx.http.paginate(open, args, options)) yield asRequest(one);
  });
}
