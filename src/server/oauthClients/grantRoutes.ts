import type * as M from '../../../generated/models.js';
import { tellUser } from '../messages/tellUser.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { reply } from '../kernel/reply.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { requireClientLogin } from './clientLogin.js';
import { getClient, publicClient } from './clientRecords.js';
import { describeRequest } from './consent.js';
import { authorize, hasConsent } from './grants.js';
import {
  grantsTo,
  refreshTokenModel,
  refreshTokensOf,
  renameRefreshToken,
  requireGrantOf,
  requireOwnGrant,
  revokeClient,
  revokeRefreshToken,
} from './refreshTokens.js';
import { exchangeCode, refreshAccess, revokeToken } from './tokens.js';

/** Serves consents, grants and tokens. */
export function grantRoutes(router: Router, world: World): void {
  router.post('/auth/v1/oauth2/description', ({ body }) => describeRequest(world, body));
  router.post('/auth/v1/oauth2/consentcheck', ({ caller, body }) => ({
    granted: hasConsent(world, caller, body),
  }));
  router.post('/auth/v1/oauth2/consent', async ({ caller, body }) => {
    const { code, record, texts, isNew } = authorize(world, caller, body);
    if (isNew) {
      await tellUser(world, caller.userId, {
        subject: 'OAuth Client Authorized',
        text: `You authorized ${record.client.client_name}: ${texts.join('; ')}`,
      });
    }
    return { access_code: code };
  });
  tokenRoutes(router, world);
  auditRoutes(router, world);
}

function tokenRoutes(router: Router, world: World): void {
  router.post('/auth/v1/oauth2/token', async (call) => {
    const { query } = call;
    const client = requireClientLogin(world, call);
    const exchange = query.grant_type === 'authorization_code' ? exchangeCode : refreshAccess;
    const body = await exchange(world, client, query);
    return reply({ body, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
  });
  router.post('/auth/v1/oauth2/revoke', async (call) => {
    await revokeToken(world, requireClientLogin(world, call), call.body);
  });
  router.post('/auth/v1/oauth2/introspect', ({ body }) => introspect(world, body));
  router.get('/auth/v1/oauth2/token/{tokenId}/metadata', (call) => {
    const { client_id: clientId } = requireClientLogin(world, call).client;
    return refreshTokenModel(requireGrantOf(world, clientId, call.path.tokenId));
  });
}

function auditRoutes(router: Router, world: World): void {
  const base = '/auth/v1/oauth2/audit';
  router.get(`${base}/grantedClients`, ({ caller, query }) => {
    requireLogin(caller);
    const { page, ...next } = tokenPage(authorizationHistory(world, caller), query.nextPageToken);
    return { results: page, ...next };
  });
  router.get(`${base}/grantedClients/{clientId}/tokens`, ({ caller, path, query }) => {
    requireLogin(caller);
    const own = grantsTo(world, caller.userId, path.clientId).map(refreshTokenModel);
    const { page, ...next } = tokenPage(own, query.nextPageToken);
    return { results: page, ...next };
  });
  router.post(`${base}/grantedClients/{clientId}/revoke`, ({ caller, path }) => {
    requireLogin(caller);
    revokeClient(world, caller.userId, path.clientId);
  });
  router.get(`${base}/tokens/{tokenId}/metadata`, ({ caller, path }) => {
    requireLogin(caller);
    return refreshTokenModel(requireOwnGrant(world, caller, path.tokenId, 'view'));
  });
  router.put(`${base}/tokens/{tokenId}/metadata`, ({ caller, path, body }) => {
    requireLogin(caller);
    return refreshTokenModel(renameRefreshToken(world, caller, path.tokenId, body));
  });
  router.post(`${base}/tokens/{tokenId}/revoke`, ({ caller, path }) => {
    requireLogin(caller);
    revokeRefreshToken(world, requireOwnGrant(world, caller, path.tokenId, 'revoke'));
  });
}

/** The clients with active grants: when they were first authorized, and last used. */
function authorizationHistory(
  world: World,
  { userId }: Caller,
): M.OAuthClientAuthorizationHistory[] {
  const clientIds = new Set(refreshTokensOf(world, userId).map(({ clientId }) => clientId));
  return [...clientIds].map((clientId) => {
    const grants = grantsTo(world, userId, clientId);
    return {
      client: publicClient(getClient(world, clientId)),
      authorizedOn: grants.map(({ authorizedOn }) => authorizedOn).sort()[0],
      lastUsed: grants[0]?.lastUsed,
    };
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
    scope: access?.scope.join(' '),
    aud,
    sub,
    token_type,
    iat,
    iss,
    jti,
    exp,
  };
}
