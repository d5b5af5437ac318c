import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { forbidden } from '../kernel/serviceError.js';
import { readObjectAcl, updateObjectAcl } from '../permissions/objectAcls.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { claimsOf } from './claims.js';
import {
  aclOwner,
  clientModel,
  clients,
  createClient,
  createSecret,
  deleteClient,
  getClient,
  requireClient,
  updateClient,
  verifyClient,
  wouldNeedVerification,
} from './clientRecords.js';
import { grantRoutes } from './grantRoutes.js';
import { removeGrantsTo } from './refreshTokens.js';
import { subjectOf } from './tokens.js';

/** Serves OAuth clients, grants, tokens and user information. */
export function oauthClientRoutes(router: Router, world: World): void {
  router.post(
    '/auth/v1/oauth2/client',
    ({ caller, body }) => createClient(world, caller, body).client,
  );
  router.get('/auth/v1/oauth2/client', ({ caller, query }) => {
    requireLogin(caller);
    const own = [...clients(world).values()]
      .map(({ client }) => client)
      .filter(({ createdBy }) => createdBy === String(caller.userId));
    const { page, ...next } = tokenPage(own, query.nextPageToken);
    return { results: page, ...next };
  });
  router.get('/auth/v1/oauth2/client/{id}', ({ caller, path }) =>
    clientModel(world, caller, getClient(world, path.id)),
  );
  router.put(
    '/auth/v1/oauth2/client/{id}',
    ({ caller, path, body }) => updateClient(world, caller, path.id, body).client,
  );
  router.delete('/auth/v1/oauth2/client/{id}', ({ caller, path }) => {
    deleteClient(world, caller, path.id);
    removeGrantsTo(world, path.id);
  });
  router.post('/auth/v1/oauth2/client/secret/{id}', ({ caller, path }) =>
    createSecret(world, caller, path.id),
  );
  router.put('/auth/v1/oauth2/client/{id}/verificationPrecheck', ({ caller, path, body }) => ({
    reverificationRequired: wouldNeedVerification(world, caller, path.id, body),
  }));
  router.get('/auth/v1/oauth2/client/{id}/acl', ({ caller, path }) =>
    readObjectAcl(world, aclOwner(requireClient(world, caller, path.id, 'READ'))),
  );
  router.put('/auth/v1/oauth2/client/{id}/acl', ({ caller, path, body }) => {
    const record = requireClient(world, caller, path.id, 'CHANGE_PERMISSIONS');
    return updateObjectAcl(world, caller, aclOwner(record), body);
  });
  // The service verifies clients manually; on this server, an administrator does it with one
  // request.
  router.extra('PUT', '/admin/oauth2/client/{id}/verified', ({ caller, path, query }) => {
    if (!caller.isAdmin) {
      throw forbidden('Only an administrator may verify an OAuth client.');
    }
    return verifyClient(world, path['id'] ?? '', query['status'] !== 'false');
  });
  grantRoutes(router, world);
  router.get('/auth/v1/oauth2/userinfo', ({ caller }) => userInfo(world, caller));
  router.post('/auth/v1/oauth2/userinfo', ({ caller }) => userInfo(world, caller));
}

/** The user information that the scopes of the token permit. */
function userInfo(world: World, caller: Caller): Record<string, unknown> {
  requireLogin(caller);
  const { userId, scopes } = caller;
  const session = world.tokens.getSession(caller.sessionId ?? '');
  const { clientId, claims } = session ?? {};
  return {
    iss: `${world.urls.base()}/auth/v1`,
    sub: clientId === undefined ? String(userId) : subjectOf(world, clientId, userId),
    ...claimsOf(world, { userId, scopes, claims }, 'userinfo'),
  };
}
