import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { findPrincipals } from './findPrincipal.js';
import { isPrincipalId, userText, type UserRef } from './userIdOf.js';

/** What {@link Users.getMany} found for one user. */
export type FoundUser =
  | {
      /** The id or name that was asked for. */
      user: string;
      profile: M.UserProfile;
      problem?: undefined;
    }
  | {
      user: string;
      profile?: undefined;
      /** Why there is no profile. */
      problem: string;
    };

/** Profiles that are read with one request. */
const profilesAtOnce = 100;

/** Implements {@link Users.getMany}. */
export async function getUserProfiles(
  ctx: Context,
  users: readonly UserRef[],
  options: CallOptions = {},
): Promise<FoundUser[]> {
  const texts = users.map(userText);
  const names = texts.filter((text) => !isPrincipalId(text));
  const named = await findPrincipals(ctx, names, options, 'user');
  const idOfUser = (text: string): string | undefined =>
    isPrincipalId(text) ? String(Number(text)) : named.get(text)?.ownerId;
  // The service takes these ids as numbers. No user has an id that JSON cannot hold.
  const ids = new Set(
    texts.flatMap((text) => idOfUser(text) ?? []).filter((id) => Number.isSafeInteger(Number(id))),
  );
  const profiles = await profilesById(ctx, [...ids], options);
  return texts.map((user) => {
    const id = idOfUser(user);
    const profile = id === undefined ? undefined : profiles.get(id);
    if (profile !== undefined) return { user, profile };
    const called = isPrincipalId(user) ? `with the id ${user}` : `named ${JSON.stringify(user)}`;
    return { user, problem: `There is no user ${called}.` };
  });
}

/** @see https://rest-docs.synapse.org/rest/POST/userProfile.html */
async function profilesById(
  { services }: Context,
  ids: readonly string[],
  options: CallOptions,
): Promise<Map<string, M.UserProfile>> {
  const found = new Map<string, M.UserProfile>();
  for (let start = 0; start < ids.length; start += profilesAtOnce) {
    const list = ids.slice(start, start + profilesAtOnce).map(Number);
    const answer = await services.userProfile.listUserProfilesByIds({ body: { list } }, options);
    for (const profile of answer.list) found.set(profile.ownerId ?? '', profile);
  }
  return found;
}
