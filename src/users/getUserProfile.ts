import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';

/** Implements {@link Users.get}. */
export async function getUserProfile(
  ctx: Context,
  user: string | number | undefined,
  options: CallOptions = {},
): Promise<M.UserProfile> {
  const { userProfile } = ctx.services;
  if (user === undefined) return userProfile.getMyUserProfile(options);
  const text = String(user);
  if (/^\d+$/.test(text)) return userProfile.getUserProfile({ profileId: text }, options);
  const { children } = await userProfile.listUserGroupHeaders({ prefix: text }, options);
  const found = children?.find(({ userName, isIndividual }) => isIndividual && userName === text);
  if (found?.ownerId === undefined) {
    throw new ArgumentError(`There is no user named ${JSON.stringify(text)}.`);
  }
  return userProfile.getUserProfile({ profileId: found.ownerId }, options);
}
