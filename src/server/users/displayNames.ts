import type { World } from '../world.js';
import { getPrincipal } from './principals.js';
import { getUser } from './users.js';

/** First and last name of a user, as far as they are known. */
export function fullName(world: World, userId: number): string | undefined {
  const { firstName, lastName } = getUser(world, userId)?.profile ?? {};
  const known = [firstName, lastName].map((name) => name?.trim() ?? '').filter(Boolean);
  return known.length === 0 ? undefined : known.join(' ');
}

/** First and last name of a user, or the user name. */
export function displayName(world: World, userId: number): string {
  return fullName(world, userId) ?? userNameOf(world, userId);
}

/** First and last name of a user with the user name: `Alice Example (alice)`. */
export function displayNameWithUserName(world: World, userId: number): string {
  const name = fullName(world, userId);
  const userName = userNameOf(world, userId);
  return name === undefined ? userName : `${name} (${userName})`;
}

/** The user name, or the id of a user that has none. */
export function userNameOf(world: World, userId: number): string {
  return getPrincipal(world, userId)?.name ?? String(userId);
}
