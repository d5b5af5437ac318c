import type * as M from '../../../generated/models.js';
import type { Scope } from '../kernel/caller.js';
import { getMembership } from '../users/memberships.js';
import { isCertified } from '../users/certification.js';
import { getPrincipal } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';

/** The claims that a scope includes. */
const scopeClaims: Readonly<Partial<Record<Scope, readonly string[]>>> = {
  email: ['email', 'email_verified'],
  profile: ['userid', 'user_name', 'given_name', 'family_name', 'company', 'is_certified'],
};

/** The scopes and claims of a token, which decide what it reveals about the user. */
export interface ClaimGrant {
  readonly userId: number;
  readonly scopes: Iterable<Scope>;
  readonly claims?: M.OIDCClaimsRequest;
}

/**
 * The claims about a user: those that the scopes include, and those that were requested by name.
 */
export function claimsOf(
  world: World,
  { userId, scopes, claims = {} }: ClaimGrant,
  part: keyof M.OIDCClaimsRequest,
): Record<string, unknown> {
  const asked = claims[part] ?? {};
  const names = new Set([...scopes].flatMap((scope) => scopeClaims[scope] ?? []));
  const known = knownClaims(world, userId, asked['team']);
  const entries = Object.entries(known).filter(
    ([name, value]) => value !== undefined && (names.has(name) || name in asked),
  );
  return Object.fromEntries(entries);
}

function knownClaims(
  world: World,
  userId: number,
  team: M.OIDCClaimsRequestDetails | undefined,
): Record<string, unknown> {
  const user = getUser(world, userId);
  const { firstName, lastName, company } = user?.profile ?? {};
  const teams = [...(team?.values ?? []), ...(team?.value === undefined ? [] : [team.value])];
  return {
    email: user?.notificationEmail,
    email_verified: user?.notificationEmail !== undefined,
    userid: String(userId),
    user_name: getPrincipal(world, userId)?.name,
    given_name: firstName,
    family_name: lastName,
    company,
    is_certified: isCertified(world, userId),
    // The requested teams that the user belongs to.
    team: teams.filter((id) => getMembership(world, Number(id), userId) !== undefined),
  };
}
