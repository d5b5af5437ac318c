import type * as M from '../../../generated/models.js';
import { schemas } from '../../../generated/schemas.js';

/** Requested claims by name; `null` requests the normal value. */
export type RequestedClaims = Readonly<Record<string, M.OIDCClaimsRequestDetails | null>>;

/** The names of claims that the service knows. */
export const claimNames = (schemas['OIDCClaimName']?.enum ?? []) as readonly M.OIDCClaimName[];

const knownNames: ReadonlySet<string> = new Set(claimNames);

/** The requested claims that the service knows. */
export function knownClaims(requested: RequestedClaims = {}): RequestedClaims {
  return Object.fromEntries(Object.entries(requested).filter(([name]) => knownNames.has(name)));
}

/** The claims of an authorization request, both parts without the names that are not known. */
export function normalizeClaims({ id_token, userinfo }: M.OIDCClaimsRequest = {}): Required<
  Record<keyof M.OIDCClaimsRequest, RequestedClaims>
> {
  return { id_token: knownClaims(id_token), userinfo: knownClaims(userinfo) };
}

/** Requested claims as an access token lists them: details have all members. */
export type ListedClaims = Readonly<
  Record<string, { readonly [K in keyof M.OIDCClaimsRequestDetails]-?: unknown } | null>
>;

/** Lists requested claims for an access token. */
export function listClaims(requested: RequestedClaims): ListedClaims {
  return Object.fromEntries(
    Object.entries(requested).map(([name, details]) => {
      const { essential = null, value = null, values = null } = details ?? {};
      return [name, details === null ? null : { essential, value, values }];
    }),
  );
}

/** Reads the claims that {@link listClaims} listed. */
export function readListedClaims(listed: ListedClaims = {}): RequestedClaims {
  return Object.fromEntries(
    Object.entries(listed).map(([name, details]) => [
      name,
      details === null
        ? null
        : Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null)),
    ]),
  );
}
