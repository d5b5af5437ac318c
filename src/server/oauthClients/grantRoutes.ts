import type * as M from '../../../generated/models.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { reply } from '../kernel/reply.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { requireClientLogin } from './clientLogin.js';
import { clientModel, getClient } from './clientRecords.js';
import { describeRequest } from './consent.js';
import { authorize, hasConsent } from './grants.js';
import {
  refreshTokenModel,
  refreshTokensOf,
  renameRefreshToken,
  requireRefreshToken,
  revokeClient,
  revokeRefreshToken,
} from './refreshTokens.js';
import { exchangeCode, refreshAccess, revokeToken } from './tokens.js';

/** Serves consents, grants and tokens. */
export function grantRoutes(router: Router, world: World): void {
  router.post('/auth/v1/oauth2/description', ({ body }) => describeRequest(world, body));
  router.post('/auth/v1/oauth2/consentcheck', ({ caller, body }) => {
    requireLogin(caller);
    return { granted: hasConsent(world, caller, body) };
  });
  router.post('/auth/v1/oauth2/consent', ({ caller, body }) => authorize(world, caller, body));
  tokenRoutes(router, world);
  auditRoutes(router, world);
}

function tokenRoutes(router: Router, world: World): void {
  router.post('/auth/v1/oauth2/token', async ({ headers, query }) => {
    const client = requireClientLogin(world, headers);
    const exchange = query.grant_type === 'authorization_code' ? exchangeCode : refreshAccess;
    const body = await exchange(world, client, query);
    return reply({ body, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
  });
  router.post('/auth/v1/oauth2/revoke', async ({ headers, body }) => {
    await revokeToken(world, requireClientLogin(world, headers), body);
  });
  router.post('/auth/v1/oauth2/introspect', ({ body }) => introspect(world, body));
  router.get('/auth/v1/oauth2/token/{tokenId}/metadata', ({ headers, path }) => {
    const { client_id: clientId } = requireClientLogin(world, headers).client;
    return refreshTokenModel(requireRefreshToken(world, path.tokenId, { clientId }));
  });
}

function auditRoutes(router: Router, world: World): void {
  const base = '/auth/v1/oauth2/audit';
  router.get(`${base}/grantedClients`, ({ caller, query }) => {
    requireLogin(caller);
    const latest = new Map<string, M.OAuthClientAuthorizationHistory>();
    for (const { clientId, authorizedOn, lastUsed } of refreshTokensOf(world, caller.userId)) {
      if (!latest.has(clientId)) {
        const client = clientModel(world, caller, getClient(world, clientId));
        latest.set(clientId, { client, authorizedOn, lastUsed });
      }
    }
    const { page, ...next } = tokenPage([...latest.values()], query.nextPageToken);
    return { results: page, ...next };
  });
  router.get(`${base}/grantedClients/{clientId}/tokens`, ({ caller, path, query }) => {
    requireLogin(caller);
    getClient(world, path.clientId);
    const own = refreshTokensOf(world, caller.userId).filter(
      ({ clientId }) => clientId === path.clientId,
    );
    const { page, ...next } = tokenPage(own.map(refreshTokenModel), query.nextPageToken);
    return { results: page, ...next };
  });
  router.post(`${base}/grantedClients/{clientId}/revoke`, ({ caller, path }) => {
    requireLogin(caller);
    getClient(world, path.clientId);
    revokeClient(world, caller.userId, path.clientId);
  });
  router.get(`${base}/tokens/{tokenId}/metadata`, ({ caller, path }) => {
    requireLogin(caller);
    return refreshTokenModel(requireRefreshToken(world, path.tokenId, caller));
  });
  router.put(`${base}/tokens/{tokenId}/metadata`, ({ caller, path, body }) => {
    requireLogin(caller);
    return refreshTokenModel(renameRefreshToken(world, caller.userId, path.tokenId, body));
  });
  router.post(`${base}/tokens/{tokenId}/revoke`, ({ caller, path }) => {
    requireLogin(caller);
    revokeRefreshToken(world, requireRefreshToken(world, path.tokenId, caller));
  });
}

/**
 * Returns the claims of a token to its holder; for a token that is not valid, only that it is not
 * active.
 */
async function introspect(
  world: World,
  { token, max_age: maxAge }: M.OAuthTokenIntrospectionRequest,
): Promise<M.OAuthTokenIntrospectionResponse> {
  const claims = await world.tokens.claimsOf(token ?? '');
  const now = world.now().getTime() / 1000;
  if (claims === undefined || (maxAge !== undefined && claims.iat + maxAge < now)) {
    return { active: false };
  }
  const { aud, sub, token_type, exp, iat, iss, jti, access } = claims;
  return {
    active: true,
    scope: access.scope.join(' '),
    aud,
    sub,
    token_type,
    iat,
    iss,
    jti,
    exp,
  };
}
