import type * as M from '../../generated/models.js';
import type { CallOptions, Services } from '../../generated/services.js';
import { ArgumentError } from '../errors.js';

/**
 * The profile of a user.
 *
 * @param user - Id or user name; without it, the user who is logged in.
 * @throws {@link ArgumentError} when there is no user of that name.
 * @throws {@link NotFoundError} when there is no user of that id.
 * @see https://rest-docs.synapse.org/rest/GET/userProfile/profileId.html
 */
export async function getUserProfile(
  services: Services,
  user: string | number | undefined,
  options: CallOptions = {},
): Promise<M.UserProfile> {
  const { userProfile } = services;
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
