import type { CallOptions } from '../../generated/services.js';
import { createOrFind } from '../api/createOrFind.js';
import type { Context } from '../context.js';
import { userIdOf } from '../users/userIdOf.js';
import { expiryOf, type OpenMembershipOptions } from './openMembershipOptions.js';
import { asRequest, type MembershipRequest } from './openMembership.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** How {@link Teams.request} asks. */
export interface RequestOptions extends OpenMembershipOptions {
  /** The web page that the email to the managers links to; a token is added to it. @default one of the service */
  acceptRequestEndpoint?: string;
}

/** Implements {@link Teams.request}. */
export async function requestMembership(
  ctx: Context,
  team: TeamRef,
  {
    message,
    expiresOn,
    acceptRequestEndpoint,
    notificationUnsubscribeEndpoint,
    ...options
  }: RequestOptions = {},
): Promise<MembershipRequest> {
  const expiry = expiryOf(ctx, expiresOn);
  const teamId = await teamIdOf(ctx, team, options);
  const body = { teamId, message, expiresOn: expiry };
  const args = { acceptRequestEndpoint, notificationUnsubscribeEndpoint, body };
  const { membershipRequest } = ctx.services;
  return createOrFind({
    create: async () => asRequest(await membershipRequest.createMembershipRequest(args, options)),
    find: () => findCreated(ctx, teamId, message, options),
    signal: options.signal,
  });
}

/** The newest open request of the caller, if it has the message. */
async function findCreated(
  ctx: Context,
  teamId: string,
  message: string | undefined,
  options: CallOptions,
): Promise<MembershipRequest | undefined> {
  const id = await userIdOf(ctx, undefined, options);
  const { results } = await ctx.services.membershipRequest.listUserOpenMembershipRequests(
    { id, teamId },
    options,
  );
  const found = results.find((request) => request.message === message);
  return found && asRequest(found);
}
