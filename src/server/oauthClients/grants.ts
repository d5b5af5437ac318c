import { createHash, randomBytes } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller, Scope } from '../kernel/caller.js';
import { allScopes } from '../kernel/scopes.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { requireVerified } from './clientLogin.js';
import { getClient } from './clientRecords.js';
import { describeRequest } from './consent.js';

/** The access that a user grants to a client. */
export interface Grant {
  readonly userId: number;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly claims: M.OIDCClaimsRequest;
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

/**
 * Records the caller's consent and returns the code that the client exchanges for tokens.
 *
 * @throws 400, 403 for anonymous callers and a client that is not verified, 404
 * @see https://rest-docs.synapse.org/rest/POST/oauth2/consent.html
 */
export function authorize(
  world: World,
  caller: Caller,
  request: M.OIDCAuthorizationRequest,
): M.OAuthAuthorizationResponse {
  requireLogin(caller);
  const { clientId, redirect_uri: redirectUri } = describeRequest(world, request);
  if (clientId === undefined || redirectUri === undefined) {
    throw badRequest('The clientId and the redirectUri are required.');
  }
  requireVerified(getClient(world, clientId));
  const { claims = {}, nonce } = request;
  const authorizedAt = world.timestamp();
  const authenticatedOn = getUser(world, caller.userId)?.authenticatedOn;
  const code = randomBytes(32).toString('base64url');
  removeExpired(world);
  codes(world).put(sha256(code), {
    userId: caller.userId,
    clientId,
    scopes: readScopes(request.scope),
    claims,
    redirectUri,
    nonce,
    authenticatedOn,
    authorizedAt,
  });
  consents(world).put(consentKey(caller.userId, clientId, request), authorizedAt);
  return { access_code: code };
}

/** Whether the caller has already consented to the same request. */
export function hasConsent(
  world: World,
  caller: Caller,
  request: M.OIDCAuthorizationRequest,
): boolean {
  const { clientId = '' } = describeRequest(world, request);
  const given = consents(world).get(consentKey(caller.userId, clientId, request));
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
 * Exchanges a code for its grant. A code can be used once.
 *
 * @throws 400 when it is unknown, expired or belongs to another client
 */
export function redeemCode(
  world: World,
  clientId: string,
  { code, redirectUri }: { readonly code?: string; readonly redirectUri?: string },
): CodeRecord {
  const key = sha256(code ?? '');
  const record = codes(world).get(key);
  codes(world).delete(key);
  if (record === undefined || record.clientId !== clientId) {
    throw badRequest('Invalid authorization code.');
  }
  if (Date.parse(record.authorizedAt) + codeLifetime <= world.now().getTime()) {
    throw badRequest('Authorization code has expired.');
  }
  if (record.redirectUri !== redirectUri) {
    throw badRequest('URI mismatch: redirect_uri is not that of the authorization.');
  }
  return record;
}

/** Parses a space-separated list of scopes. */
export function readScopes(text: string | undefined): Scope[] {
  const asked = new Set((text ?? '').split(' '));
  return allScopes.filter((scope) => asked.has(scope));
}

function consentKey(
  userId: number,
  clientId: string,
  { scope, claims = {} }: M.OIDCAuthorizationRequest,
): string {
  return `${userId}/${clientId}/${sha256(JSON.stringify([readScopes(scope), claims]))}`;
}

function removeExpired(world: World): void {
  const since = new Date(world.now().getTime() - codeLifetime).toISOString();
  for (const [key, { authorizedAt }] of [...codes(world).entries()]) {
    if (authorizedAt < since) {
      codes(world).delete(key);
    }
  }
}
