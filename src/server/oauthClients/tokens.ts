import { createHmac } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { getClient, type ClientRecord } from './clientRecords.js';
import { claimsOf } from './claims.js';
import { readScopes, redeemCode, type Grant } from './grants.js';
import {
  createRefreshToken,
  findByToken,
  revokeRefreshToken,
  rotateRefreshToken,
} from './refreshTokens.js';

/** The parameters of a token request. */
export interface TokenRequest {
  readonly code?: string;
  readonly redirect_uri?: string;
  readonly refresh_token?: string;
  readonly scope?: string;
}

/** The identifier of a user for a client. It differs between hosts of clients. */
export function subjectOf(world: World, clientId: string, userId: number): string {
  const { sector_identifier: sector } = getClient(world, clientId).client;
  return createHmac('sha256', world.secret('pairwise subjects'))
    .update(JSON.stringify([sector, userId]))
    .digest('base64url');
}

/** Exchanges the code of a consent for tokens. @throws 400 */
export async function exchangeCode(
  world: World,
  { client: { client_id: clientId } }: ClientRecord,
  { code, redirect_uri: redirectUri }: TokenRequest,
): Promise<M.OIDCTokenResponse> {
  const { grant, refresh } = world.store.transaction(() => {
    const redeemed = redeemCode(world, clientId, {
      code,
      redirectUri,
    });
    const isLasting = redeemed.scopes.includes('offline_access');
    return {
      grant: redeemed,
      refresh: isLasting ? createRefreshToken(world, redeemed) : undefined,
    };
  });
  const answer = await accessResponse(world, grant, refresh?.record.id);
  return {
    ...answer,
    ...(refresh && { refresh_token: refresh.token }),
    ...(grant.scopes.includes('openid') && { id_token: await idToken(world, grant, grant.nonce) }),
  };
}

/** Creates another access token, with all or some of the scopes that were granted. @throws 400 */
export async function refreshAccess(
  world: World,
  { client: { client_id: clientId } }: ClientRecord,
  request: TokenRequest,
): Promise<M.OIDCTokenResponse> {
  const { grant, token } = world.store.transaction(() => {
    const rotated = rotateRefreshToken(world, clientId, request.refresh_token);
    const { scopes: granted } = rotated.record;
    const scopes = request.scope === undefined ? granted : readScopes(request.scope);
    // A refused request does not change the refresh token.
    if (scopes.some((scope) => !granted.includes(scope))) {
      throw badRequest('The scope was not granted.');
    }
    return { grant: { ...rotated.record, scopes }, token: rotated.token };
  });
  const answer = await accessResponse(world, grant, grant.id);
  return { ...answer, refresh_token: token };
}

async function accessResponse(
  world: World,
  grant: Grant,
  refreshTokenId: string | undefined,
): Promise<M.OIDCTokenResponse> {
  const { token, lifetime } = await world.tokens.startGrant({
    ...grant,
    subject: subjectOf(world, grant.clientId, grant.userId),
    refreshTokenId,
  });
  return { access_token: token, token_type: 'Bearer', expires_in: Math.floor(lifetime / 1000) };
}

function idToken(world: World, grant: Grant, nonce: string | undefined): Promise<string> {
  const issuedAt = Math.floor(world.now().getTime() / 1000);
  const { clientId, userId, authenticatedOn } = grant;
  return world.tokens.sign({
    ...claimsOf(world, grant, 'id_token'),
    iss: `${world.urls.base()}/auth/v1`,
    sub: subjectOf(world, clientId, userId),
    aud: clientId,
    iat: issuedAt,
    exp: issuedAt + 86_400,
    jti: world.uuid(),
    token_type: 'OIDC_ID_TOKEN',
    nonce,
    ...(authenticatedOn !== undefined && {
      auth_time: Math.floor(Date.parse(authenticatedOn) / 1000),
    }),
  });
}

/** Revokes a token of a client. An unknown token is no error. */
export async function revokeToken(
  world: World,
  { client: { client_id: clientId } }: ClientRecord,
  { token, token_type_hint: hint }: M.OAuthTokenRevocationRequest,
): Promise<void> {
  if (token === undefined) {
    throw badRequest('The token is required.');
  }
  const record = hint === 'access_token' ? undefined : findByToken(world, token);
  if (record?.clientId === clientId) {
    world.store.transaction(() => revokeRefreshToken(world, record));
    return;
  }
  const session = await world.tokens.findSession(token);
  if (session?.clientId === clientId) {
    world.store.transaction(() => world.tokens.endSession(session.id));
  }
}
