import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { userIdOf, type UserRef } from './userIdOf.js';

/** What Synapse knows about a user beside the profile. */
export interface UserFlags {
  /** Whether the user has passed the certification quiz. */
  isCertified: boolean;
  /** Whether the identity of the user has been verified. */
  isVerified: boolean;
  /** Whether the user is a member of the Access and Compliance Team. */
  isACTMember: boolean;
  /** Whether the user reviews requests for access to data. */
  isARReviewer: boolean;
}

/** Parts of a user bundle, as bits of its `mask`. */
const parts = { isCertified: 8, isVerified: 16, isACTMember: 32, isARReviewer: 64 } as const;
const allParts = Object.values(parts).reduce((sum, part) => sum + part, 0);

/** Implements {@link Users.flags}. */
export async function userFlags(
  ctx: Context,
  user: UserRef | undefined,
  options: CallOptions = {},
): Promise<UserFlags> {
  const bundle = await readBundle(ctx, user, allParts, options);
  return {
    isCertified: bundle.isCertified === true,
    isVerified: bundle.isVerified === true,
    isACTMember: bundle.isACTMember === true,
    isARReviewer: bundle.isARReviewer === true,
  };
}

/** Implements {@link Users.isCertified}. */
export async function isCertified(
  ctx: Context,
  user: UserRef | undefined,
  options: CallOptions = {},
): Promise<boolean> {
  return (await readBundle(ctx, user, parts.isCertified, options)).isCertified === true;
}

/** @see https://rest-docs.synapse.org/rest/GET/user/id/bundle.html */
async function readBundle(
  ctx: Context,
  user: UserRef | undefined,
  mask: number,
  options: CallOptions,
): Promise<M.UserBundle> {
  const { userProfile } = ctx.services;
  if (user === undefined) return userProfile.getMyUserBundle({ mask }, options);
  return userProfile.getUserBundle({ id: await userIdOf(ctx, user, options), mask }, options);
}
