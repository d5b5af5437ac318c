import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { findPrincipal } from './findPrincipal.js';

/** Implements {@link Users.get}. */
export async function getUserProfile(
  ctx: Context,
  user: string | number | undefined,
  options: CallOptions = {},
): Promise<M.UserProfile> {
  const { userProfile } = ctx.services;
  if (user === undefined) return userProfile.getMyUserProfile(options);
  const text = String(user);
  const profileId = /^\d+$/.test(text)
    ? text
    : (await findPrincipal(ctx, text, options, 'user')).ownerId;
  return userProfile.getUserProfile({ profileId }, options);
}
