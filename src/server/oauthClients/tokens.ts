import { createHmac } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badOAuthRequest } from '../auth/authErrors.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { claimsOf } from './claims.js';
import { requireVerified } from './clientLogin.js';
import { getClient, type ClientRecord } from './clientRecords.js';
import { readScopes } from './consent.js';
import { redeemCode, type Grant } from './grants.js';
import {
  createRefreshToken,
  findByToken,
  findRefreshToken,
  revokeRefreshToken,
  rotateRefreshToken,
  type RefreshRecord,
} from './refreshTokens.js';
import type { RequestedClaims } from './requestedClaims.js';

/** The parameters of a token request. */
export interface TokenRequest {
  readonly code?: string;
  readonly redirect_uri?: string;
  readonly refresh_token?: string;
  readonly scope?: string;
}

const idTokenSeconds = 60;

/** The identifier of a user for a client. It differs between hosts of clients. */
export function subjectOf(world: World, clientId: string, userId: number): string {
  const { sector_identifier: sector } = getClient(world, clientId).client;
  return createHmac('sha256', world.secret('pairwise subjects'))
    .update(JSON.stringify([sector, userId]))
    .digest('base64url');
}

/** What refusals call the parameters. */
const titles = {
  code: 'Authorization Code',
  redirect_uri: 'Redirect URI',
  refresh_token: 'Refresh Token',
} as const;

/** Exchanges the code of a consent for tokens. @throws 400, 403 for a client that is not verified */
export async function exchangeCode(
  world: World,
  record: ClientRecord,
  request: TokenRequest,
): Promise<M.OIDCTokenResponse> {
  requireFields(request, ['code', 'redirect_uri'], (name) => titles[name]);
  const { code, redirect_uri: redirectUri } = request;
  requireVerified(record);
  const grant = redeemCode(world, record.client.client_id, { code, redirectUri });
  const refresh = grant.scopes.includes('offline_access')
    ? world.store.transaction(() => createRefreshToken(world, grant))
    : undefined;
  return tokenResponse(world, grant, { refresh, nonce: grant.nonce });
}

/**
 * Creates another access token, with all or some of the scopes that were granted.
 *
 * @throws 400, 403 for a client that is not verified
 */
export async function refreshAccess(
  world: World,
  record: ClientRecord,
  request: TokenRequest,
): Promise<M.OIDCTokenResponse> {
  requireFields(request, ['refresh_token'], (name) => titles[name]);
  const { refresh_token: used } = request;
  requireVerified(record);
  const asked = readScopes(request.scope);
  const refresh = world.store.transaction(() => {
    const rotated = rotateRefreshToken(world, record.client.client_id, used);
    // A refused request does not change the refresh token.
    if (asked.some((scope) => !rotated.record.scopes.includes(scope))) {
      throw badOAuthRequest('invalid_scope');
    }
    return rotated;
  });
  const { authenticatedOn } = getUser(world, refresh.record.userId) ?? {};
  const scopes = asked.length === 0 ? refresh.record.scopes : asked;
  return tokenResponse(world, { ...refresh.record, scopes, authenticatedOn }, { refresh });
}

interface Extras {
  readonly refresh?: { readonly record: RefreshRecord; readonly token: string };
  readonly nonce?: string;
}

async function tokenResponse(
  world: World,
  grant: Grant,
  { refresh, nonce }: Extras,
): Promise<M.OIDCTokenResponse> {
  const isOpenId = grant.scopes.includes('openid');
  const { token, lifetime } = await world.tokens.startGrant({
    ...grant,
    claims: isOpenId || refresh === undefined ? grant.claims.userinfo : {},
    subject: subjectOf(world, grant.clientId, grant.userId),
    refreshTokenId: refresh?.record.id,
  });
  const requested = grant.claims.id_token;
  return {
    ...(isOpenId && { id_token: await signUserClaims(world, grant, { requested, nonce }) }),
    ...(refresh && { refresh_token: refresh.token }),
    access_token: token,
    token_type: 'Bearer',
    expires_in: Math.floor(lifetime / 1000),
  };
}

/** Signs the claims about a user for a client. */
export function signUserClaims(
  world: World,
  { clientId, userId, scopes, authenticatedOn }: Omit<Grant, 'claims'>,
  { requested, nonce }: { readonly requested: RequestedClaims; readonly nonce?: string },
): Promise<string> {
  const issuedAt = Math.floor(world.now().getTime() / 1000);
  return world.tokens.sign({
    ...claimsOf(world, { userId, scopes, requested }),
    iss: `${world.urls.base()}/auth/v1`,
    sub: subjectOf(world, clientId, userId),
    aud: clientId,
    nbf: issuedAt,
    iat: issuedAt,
    exp: issuedAt + idTokenSeconds,
    jti: world.uuid(),
    token_type: 'OIDC_ID_TOKEN',
    nonce,
    ...(authenticatedOn !== undefined && {
      auth_time: Math.floor(Date.parse(authenticatedOn) / 1000),
    }),
  });
}

/**
 * Revokes a token of a client. An access token that came with a refresh token ends with it.
 *
 * @throws 400, 401 for an access token that has expired, 403 for that of another client, 404
 */
export async function revokeToken(
  world: World,
  record: ClientRecord,
  { token, token_type_hint: hint }: M.OAuthTokenRevocationRequest,
): Promise<void> {
  if (token === undefined || hint === undefined) {
    throw badRequest('The token and its token_type_hint are required.');
  }
  if (hint === 'refresh_token') {
    const found = findByToken(world, token);
    if (found === undefined) {
      throw notFound('The refresh token does not exist.');
    }
    requireOwner(record, found, 'You do not have permission to view this token metadata');
    world.store.transaction(() => revokeRefreshToken(world, found));
    return;
  }
  const { jti, aud, refresh_token_id: refreshTokenId } = await world.tokens.readClaims(token);
  if (refreshTokenId !== undefined) {
    const found = findRefreshToken(world, refreshTokenId);
    const message = 'The specified token could not be revoked. It is owned by a different client.';
    requireOwner(record, found, message);
    world.store.transaction(() => revokeRefreshToken(world, found));
  } else if (aud === record.client.client_id) {
    world.store.transaction(() => world.tokens.endSession(jti));
  }
}

function requireOwner(
  { client }: ClientRecord,
  { clientId }: RefreshRecord,
  message: string,
): void {
  if (clientId !== client.client_id) {
    throw forbidden(message);
  }
}
