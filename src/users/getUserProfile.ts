import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { userIdOf, type UserRef } from './userIdOf.js';

/** Implements {@link Users.get}. */
export async function getUserProfile(
  ctx: Context,
  user: UserRef | undefined,
  options: CallOptions = {},
): Promise<M.UserProfile> {
  const { userProfile } = ctx.services;
  if (user === undefined) return userProfile.getMyUserProfile(options);
  return userProfile.getUserProfile({ profileId: await userIdOf(ctx, user, options) }, options);
}
