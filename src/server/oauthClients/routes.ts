import type { IncomingHttpHeaders } from 'node:http';

import { tokenOf } from '../auth/authenticator.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import { reply, type Reply } from '../kernel/reply.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { tellUser } from '../messages/tellUser.js';
import { readObjectAcl, updateObjectAcl } from '../permissions/objectAcls.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { getUser } from '../users/users.js';
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
  type ClientRecord,
  type Verification,
} from './clientRecords.js';
import { grantRoutes } from './grantRoutes.js';
import { removeGrantsTo } from './refreshTokens.js';
import { readListedClaims } from './requestedClaims.js';
import { signUserClaims } from './tokens.js';

const base = '/auth/v1/oauth2/client';

/** Serves OAuth clients, grants, tokens and user information. */
export function oauthClientRoutes(router: Router, world: World): void {
  router.get(base, ({ caller, query }) => {
    requireLogin(caller);
    const own = [...clients(world).values()]
      .map(({ client }) => client)
      .filter(({ createdBy }) => createdBy === String(caller.userId));
    const { page, ...next } = tokenPage(own, query.nextPageToken);
    return { results: page, ...next };
  });
  router.get(`${base}/{id}`, ({ caller, path }) =>
    clientModel(world, caller, getClient(world, path.id)),
  );
  router.put(`${base}/{id}/verificationPrecheck`, ({ caller, body }) => ({
    reverificationRequired: wouldNeedVerification(world, caller, body),
  }));
  router.get(`${base}/{id}/acl`, ({ caller, path }) =>
    readObjectAcl(world, aclOwner(requireClient(world, caller, path.id, 'READ'))),
  );
  router.put(`${base}/{id}/acl`, ({ caller, path, body }) => {
    const record = requireClient(world, caller, path.id, 'CHANGE_PERMISSIONS');
    return updateObjectAcl(world, caller, aclOwner(record), body);
  });
  changeRoutes(router, world);
  verificationRoutes(router, world);
  grantRoutes(router, world);
  const userInfoPath = '/auth/v1/oauth2/userinfo';
  router.get(userInfoPath, ({ caller, headers }) => userInfo(world, caller, headers));
  router.post(userInfoPath, ({ caller, headers }) => userInfo(world, caller, headers));
}

/** Serves the changes of clients, about which their owners get a message. */
function changeRoutes(router: Router, world: World): void {
  router.post(base, async ({ caller, body }) => {
    const record = createClient(world, caller, body);
    await tellOwner(world, record, 'Added');
    return record.client;
  });
  router.put(`${base}/{id}`, async ({ caller, body }) => {
    const wasVerified = clients(world).get(body.client_id ?? '')?.client.verified === true;
    const record = updateClient(world, caller, body);
    if (wasVerified && !record.client.verified) {
      await tellOwner(world, record, 'Verification Required');
    }
    return record.client;
  });
  router.delete(`${base}/{id}`, async ({ caller, path }) => {
    const record = deleteClient(world, caller, path.id);
    removeGrantsTo(world, path.id);
    await tellOwner(world, record, 'Removed');
  });
  router.post(`${base}/secret/{id}`, async ({ caller, path }) => {
    const { record, secret } = createSecret(world, caller, path.id);
    await tellOwner(world, record, 'Secret Generated');
    return { client_id: record.client.client_id, client_secret: secret };
  });
}

/** Serves the verification of clients, which the API description lacks. */
function verificationRoutes(router: Router, world: World): void {
  const verify = async (caller: Caller, verification: Verification) => {
    const wasVerified = clients(world).get(verification.id)?.client.verified === true;
    const record = verifyClient(world, caller, verification);
    if (!wasVerified && record.client.verified) {
      await tellOwner(world, record, 'Verified');
    }
    return record.client;
  };
  router.extra(
    'PUT',
    '/repo/v1/admin/oauth2/client/{clientId}/verified',
    ({ caller, path, query }) => {
      const { etag, status } = query;
      if (etag === undefined) {
        throw badRequest("Required String parameter 'etag' is not present");
      }
      if (etag.trim() === '') {
        throw badRequest('The etag is required and must not be the empty string.');
      }
      return verify(caller, { id: path['clientId'] ?? '', etag, verified: status !== 'false' });
    },
  );
  // The same with one request, which does not need the etag.
  router.extra('PUT', '/admin/oauth2/client/{id}/verified', ({ caller, path, query }) =>
    verify(caller, { id: path['id'] ?? '', verified: query['status'] !== 'false' }),
  );
}

/** Tells the owner of a client what happened to it. */
function tellOwner(world: World, { client }: ClientRecord, event: string): Promise<void> {
  const subject = `OAuth Client ${event}`;
  const text = `${subject}: ${client.client_name}`;
  return tellUser(world, Number(client.createdBy), { subject, text });
}

/**
 * The user information that the scopes and claims of the token permit. Clients that registered an
 * algorithm receive it as a signed token.
 */
async function userInfo(
  world: World,
  caller: Caller,
  headers: IncomingHttpHeaders,
): Promise<Record<string, unknown> | Reply> {
  const token = tokenOf(headers);
  if (token === undefined) {
    throw badRequest('Access token is required.');
  }
  const { userId } = caller;
  const { aud: clientId, sub, access } = await world.tokens.readClaims(token);
  const scopes = [...caller.scopes];
  const requested = readListedClaims(access?.oidc_claims);
  if (clients(world).get(clientId)?.client.userinfo_signed_response_alg === undefined) {
    return { ...claimsOf(world, { userId, scopes, requested }), sub };
  }
  const { authenticatedOn } = getUser(world, userId) ?? {};
  const grant = { clientId, userId, scopes, authenticatedOn };
  return reply({
    body: Buffer.from(await signUserClaims(world, grant, { requested })),
    headers: { 'content-type': 'application/jwt;charset=UTF-8' },
  });
}
