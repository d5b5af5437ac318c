import { createHash, randomBytes } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badOAuthRequest, loginRequired } from '../auth/authErrors.js';
import type { Caller, Scope } from '../kernel/caller.js';
import type { Collection } from '../state/store.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import type { ClientRecord } from './clientRecords.js';
import { checkRequest } from './consent.js';
import { normalizeClaims, type RequestedClaims } from './requestedClaims.js';

/** The access that a user grants to a client. */
export interface Grant {
  readonly userId: number;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly claims: Readonly<Record<keyof M.OIDCClaimsRequest, RequestedClaims>>;
  /** Time of the user's login, if known. */
  readonly authenticatedOn?: string;
}

/** A grant whose code is not exchanged for tokens yet. */
interface CodeRecord extends Grant {
  readonly redirectUri: string;
  readonly nonce?: string;
  readonly authorizedAt: string;
}

const codeLifetime = 60_000;
const consentLifetime = 365 * 86_400_000;

function codes(world: World): Collection<CodeRecord> {
  return world.store.collection<CodeRecord>('oauthCodes');
}

/** The times of the last consents. */
function consents(world: World): Collection<string> {
  return world.store.collection<string>('oauthConsents');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A recorded consent. */
export interface Consent {
  readonly code: string;
  readonly record: ClientRecord;
  /** What the user permitted, as the consent page says it. */
  readonly texts: readonly string[];
  /** Whether the user had not consented to the same request before. */
  readonly isNew: boolean;
}

/**
 * Records the caller's consent and returns the code that the client exchanges for tokens.
 *
 * @throws 400, 401 for anonymous callers, 403 for a client that is not verified
 * @see https://rest-docs.synapse.org/rest/POST/oauth2/consent.html
 */
export function authorize(
  world: World,
  caller: Caller,
  request: M.OIDCAuthorizationRequest,
): Consent {
  if (caller.isAnonymous) {
    throw loginRequired('Anonymous users may not provide access to OAuth clients.');
  }
  const { record, redirectUri, scopes, texts } = checkRequest(world, request);
  const isNew = !hasConsent(world, caller, request);
  const authorizedAt = world.timestamp();
  const code = randomBytes(32).toString('base64url');
  removeExpired(world);
  codes(world).put(sha256(code), {
    userId: caller.userId,
    clientId: record.client.client_id,
    scopes,
    claims: normalizeClaims(request.claims),
    redirectUri,
    nonce: request.nonce,
    authenticatedOn: getUser(world, caller.userId)?.authenticatedOn,
    authorizedAt,
  });
  consents(world).put(consentKey(caller.userId, request), authorizedAt);
  return { code, record, texts, isNew };
}

/** Whether the caller has already consented to the same request. */
export function hasConsent(
  world: World,
  caller: Caller,
  request: M.OIDCAuthorizationRequest,
): boolean {
  const given = consents(world).get(consentKey(caller.userId, request));
  return given !== undefined && Date.parse(given) + consentLifetime > world.now().getTime();
}

/** Deletes the consents of a user to a client. */
export function removeConsents(world: World, userId: number, clientId: string): void {
  for (const [key] of [...consents(world).entries()]) {
    if (key.startsWith(`${userId}/${clientId}/`)) {
      consents(world).delete(key);
    }
  }
}

/**
 * Exchanges a code for its grant. A code can be used once, even when the exchange is refused.
 *
 * @throws 400 when it is unknown or expired, or belongs to another client or address
 */
export function redeemCode(
  world: World,
  clientId: string,
  { code, redirectUri }: { readonly code: string; readonly redirectUri: string },
): CodeRecord {
  const key = sha256(code);
  const record = codes(world).get(key);
  world.store.transaction(() => codes(world).delete(key));
  if (record === undefined) {
    throw badOAuthRequest('invalid_grant', 'Invalid authorization code.');
  }
  if (Date.parse(record.authorizedAt) + codeLifetime < world.now().getTime()) {
    throw badOAuthRequest('invalid_grant', 'Authorization code has expired.');
  }
  if (record.redirectUri !== redirectUri) {
    throw badOAuthRequest(
      'invalid_grant',
      `URI mismatch: ${record.redirectUri} vs. ${redirectUri.slice(0, 200)}`,
    );
  }
  if (record.clientId !== clientId) {
    throw badOAuthRequest('invalid_grant');
  }
  return record;
}

/** As in the service, a request with the scopes in another order is another request. */
function consentKey(
  userId: number,
  { clientId = '', scope, claims }: M.OIDCAuthorizationRequest,
): string {
  return `${userId}/${clientId}/${sha256(JSON.stringify([scope, claims]))}`;
}

function removeExpired(world: World): void {
  const since = new Date(world.now().getTime() - codeLifetime).toISOString();
  for (const [key, { authorizedAt }] of [...codes(world).entries()]) {
    if (authorizedAt < since) {
      codes(world).delete(key);
    }
  }
}
