import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import { fixedPrincipals } from './principals.js';

/** A user as a caller, for what the service does on their behalf: with all permissions of the user, and no scopes. */
export function callerOf(world: World, userId: number): Caller {
  const groups = world.groupsOf(userId);
  return {
    userId,
    isAnonymous: false,
    isAdmin: groups.has(fixedPrincipals.administrators),
    isCertified: groups.has(fixedPrincipals.certifiedUsers),
    groups,
    scopes: new Set(),
  };
}
