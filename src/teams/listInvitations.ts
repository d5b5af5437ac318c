import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { explainRefusal } from './explainTeamError.js';
import { asInvitation, type Invitation } from './openMembership.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

const perPage = 50;

/** Implements {@link Teams.invitations}. */
export function teamInvitations(
  ctx: Context,
  team: TeamRef,
  { user, ...options }: { user?: UserRef } & CallOptions = {},
): Listing<Invitation> {
  return listing(async function* () {
    const id = await teamIdOf(ctx, team, options);
    const inviteeId = user === undefined ? undefined : await userIdOf(ctx, user, options);
    const args = { id, inviteeId, limit: perPage };
    const open = 'membershipInvitation.listTeamOpenMembershipInvitations';
    try {
      for await (const one of ctx.http.paginate(open, args, options)) yield asInvitation(one);
    } catch (error) {
      const what = 'see the invitations to the team';
      throw await explainRefusal(
        ctx,
        { id, what, needs: 'TEAM_MEMBERSHIP_UPDATE' },
        options,
        error,
      );
    }
  });
}

/** Implements {@link Teams.myInvitations}. */
export function myInvitations(
  ctx: Context,
  { team, ...options }: { team?: TeamRef } & CallOptions = {},
): Listing<Invitation> {
  return listing(async function* () {
    const teamId = team === undefined ? undefined : await teamIdOf(ctx, team, options);
    const id = await userIdOf(ctx, undefined, options);
    const args = { id, teamId, limit: perPage };
    const open = 'membershipInvitation.listUserOpenMembershipInvitations';
    for await (const one of ctx.http.paginate(open, args, options)) yield asInvitation(one);
  });
}
