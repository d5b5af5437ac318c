import type { PatRecord } from '../auth/tokenService.js';
import type { Collection } from '../state/store.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';

/** Name of the token that each user of a seed gets. */
export const seedTokenName = 'local';

function userIds(world: World): Collection<number> {
  return world.store.collection<number>('seed.users');
}

function marks(world: World): Collection<string> {
  return world.store.collection<string>('seed.marks');
}

/** Stores a user of the seed by the name in the seed. */
export function addSeededUser(world: World, name: string, userId: number): void {
  userIds(world).put(name, userId);
}

/** Stores that a seed was applied, so that it is not applied again at the next start. */
export function markSeeded(world: World, origin: string): void {
  marks(world).put('seed', origin);
}

export function wasSeeded(world: World): boolean {
  return marks(world).has('seed');
}

/** The users that a seed created, each with a token. */
export function seededUsers(
  world: World,
): { userName: string; userId: number; pat: PatRecord | undefined }[] {
  return [...userIds(world).entries()]
    .filter(([, userId]) => getPrincipal(world, userId) !== undefined)
    .map(([userName, userId]) => ({
      userName,
      userId,
      pat: world.tokens.patsOf(userId).find(({ name }) => name === seedTokenName),
    }));
}
