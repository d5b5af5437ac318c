import type * as M from '../../../generated/models.js';
import type { Scope } from '../kernel/caller.js';
import { getMembership } from '../users/memberships.js';
import { isCertified } from '../users/certification.js';
import { getPrincipal } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';

/** The claims that come with a scope. */
const scopeClaims: Readonly<Partial<Record<Scope, readonly string[]>>> = {
  email: ['email', 'email_verified'],
  profile: ['userid', 'user_name', 'given_name', 'family_name', 'company', 'is_certified'],
};

/** What a token may tell about its user. */
export interface ClaimGrant {
  readonly userId: number;
  readonly scopes: Iterable<Scope>;
  readonly claims?: M.OIDCClaimsRequest;
}

/** What is told about a user: what the scopes bring along, and what was asked for by name. */
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
    // Of the teams that are asked about, those that the user belongs to.
    team: teams.filter((id) => getMembership(world, Number(id), userId) !== undefined),
  };
}
