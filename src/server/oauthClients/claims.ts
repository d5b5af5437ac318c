import type * as M from '../../../generated/models.js';
import type { Scope } from '../kernel/caller.js';
import { isCertified } from '../users/certification.js';
import { getMembership } from '../users/memberships.js';
import { getPrincipal } from '../users/principals.js';
import { getUser } from '../users/users.js';
import { isVerified, latestVerification } from '../verification/verificationRecords.js';
import type { World } from '../world.js';
import type { RequestedClaims } from './requestedClaims.js';

/** The claims that a scope includes. */
const scopeClaims: Readonly<Partial<Record<Scope, readonly string[]>>> = {
  email: ['email', 'email_verified'],
  profile: ['user_name', 'given_name', 'family_name', 'company'],
};

/** What the server can tell about a user. */
interface ClaimProvider {
  /** What the consent page says about it. */
  readonly text: string;
  /** The value; `undefined` when the user has none. */
  readonly value: (world: World, userId: number, details: M.OIDCClaimsRequestDetails) => unknown;
}

function validated(text: string, field: keyof M.VerificationSubmission): ClaimProvider {
  return {
    text: `If you are a validated user, to see your validated ${text}`,
    value: (world, userId) => approvedVerification(world, userId)?.submission[field],
  };
}

/** A map, because the names come from clients. */
const providers: ReadonlyMap<string, ClaimProvider> = new Map<string, ClaimProvider>([
  [
    'email',
    {
      text: 'To see your primary email address',
      value: (world, userId) => getUser(world, userId)?.notificationEmail,
    },
  ],
  [
    'email_verified',
    {
      text: 'To see whether Synapse verified your email address. (Always true for Synapse.)',
      value: () => true,
    },
  ],
  [
    'userid',
    {
      text: 'To see your Synapse user ID, which can be used to access your public profile',
      value: (_, userId) => String(userId),
    },
  ],
  [
    'user_name',
    {
      text: 'To see your Synapse username',
      value: (world, userId) => getPrincipal(world, userId)?.name,
    },
  ],
  [
    'given_name',
    {
      text: 'To see your first name, if you share it with Synapse',
      value: (world, userId) => getUser(world, userId)?.profile.firstName,
    },
  ],
  [
    'family_name',
    {
      text: 'To see your last name, if you share it with Synapse',
      value: (world, userId) => getUser(world, userId)?.profile.lastName,
    },
  ],
  [
    'company',
    {
      text: 'To see your company, if you share it with Synapse',
      value: (world, userId) => getUser(world, userId)?.profile.company,
    },
  ],
  [
    'team',
    {
      text: 'To see your team membership',
      value: (world, userId, { value, values = [] }) =>
        [...new Set([...values, ...(value === undefined ? [] : [value])])].filter(
          (id) => getMembership(world, Number(id), userId) !== undefined,
        ),
    },
  ],
  ['is_certified', { text: 'To see whether you are a certified Synapse user', value: isCertified }],
  ['is_validated', { text: 'To see whether you are a validated Synapse user', value: isVerified }],
  [
    'orcid',
    {
      text: 'To see the ORCID you have linked to your Synapse account, if any',
      // Users of this server have no ORCID, which requires the real institution.
      value: () => undefined,
    },
  ],
  ['validated_given_name', validated('first name', 'firstName')],
  ['validated_family_name', validated('last name', 'lastName')],
  ['validated_location', validated('location', 'location')],
  ['validated_email', validated('email', 'notificationEmail')],
  ['validated_company', validated('company or organization', 'company')],
  ['validated_orcid', validated('ORCID', 'orcid')],
  [
    'validated_at',
    {
      text: 'If you are a validated user, to see the date when your profile was validated',
      value: (world, userId) => {
        const approvedOn = approvedVerification(world, userId)?.stateHistory.at(-1)?.createdOn;
        return approvedOn === undefined ? undefined : Math.floor(Date.parse(approvedOn) / 1000);
      },
    },
  ],
]);

function approvedVerification(world: World, userId: number): ReturnType<typeof latestVerification> {
  return isVerified(world, userId) ? latestVerification(world, userId) : undefined;
}

/** What the consent page says about requested claims. */
export function claimTexts(requested: RequestedClaims): string[] {
  return Object.keys(requested).flatMap((name) => providers.get(name)?.text ?? []);
}

/** The scopes and claims of a token, which decide what it reveals about the user. */
export interface ClaimGrant {
  readonly userId: number;
  readonly scopes: readonly Scope[];
  /** The claims that were requested by name. */
  readonly requested: RequestedClaims;
}

/**
 * The claims about a user: those that the scopes include, and those that were requested by name.
 * None without the scope `openid`.
 */
export function claimsOf(
  world: World,
  { userId, scopes, requested }: ClaimGrant,
): Record<string, unknown> {
  if (!scopes.includes('openid')) {
    return {};
  }
  const names = scopes.flatMap((scope) => scopeClaims[scope] ?? []);
  const all = { ...requested, ...Object.fromEntries(names.map((name) => [name, null])) };
  const entries = Object.entries(all).map(
    ([name, details]) =>
      [name, providers.get(name)?.value(world, userId, details ?? {}) ?? undefined] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
