import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { readObjectAcl, updateObjectAcl } from '../permissions/objectAcls.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { isCertified } from '../users/certification.js';
import { getPrincipal } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
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
  wouldNeedVerification,
} from './clientRecords.js';
import { describeRequest } from './consent.js';

/** Serves the registration of OAuth clients, and what tokens say about their users. */
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
  router.delete('/auth/v1/oauth2/client/{id}', ({ caller, path }) =>
    deleteClient(world, caller, path.id),
  );
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
  consentRoutes(router, world);
  router.get('/auth/v1/oauth2/userinfo', ({ caller }) => userInfo(world, caller));
  router.post('/auth/v1/oauth2/userinfo', ({ caller }) => userInfo(world, caller));
}

/** Consent cannot be given here, so that nothing has been granted. */
function consentRoutes(router: Router, world: World): void {
  router.post('/auth/v1/oauth2/description', ({ body }) => describeRequest(world, body));
  router.post('/auth/v1/oauth2/consentcheck', ({ caller, body }) => {
    requireLogin(caller);
    describeRequest(world, body);
    return { granted: false };
  });
  router.get('/auth/v1/oauth2/audit/grantedClients', ({ caller }) => {
    requireLogin(caller);
    return { results: [] };
  });
  router.get('/auth/v1/oauth2/audit/grantedClients/{clientId}/tokens', ({ caller, path }) => {
    requireLogin(caller);
    getClient(world, path.clientId);
    return { results: [] };
  });
}

/** What the scopes of the token let it tell about its user. */
function userInfo(world: World, caller: Caller): Record<string, unknown> {
  requireLogin(caller);
  const user = getUser(world, caller.userId);
  const { firstName, lastName, company } = user?.profile ?? {};
  const userName = getPrincipal(world, caller.userId)?.name;
  return {
    iss: `${world.urls.base()}/auth/v1`,
    sub: String(caller.userId),
    ...(caller.scopes.has('email') && {
      email: user?.notificationEmail,
      email_verified: user?.notificationEmail !== undefined,
    }),
    ...(caller.scopes.has('profile') && {
      userid: String(caller.userId),
      user_name: userName,
      given_name: firstName,
      family_name: lastName,
      company,
      is_certified: isCertified(world, caller.userId),
    }),
  };
}
