import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from './entitySession.js';

const server = withSessions();
const base = '/auth/v1/oauth2/client';
const described = { client_name: 'A portal', redirect_uris: ['https://portal.example.org/back'] };

describe('an OAuth client', () => {
  test('is managed by its owner', async () => {
    const { alice, bob, anonymous } = server;
    const made = await alice.post(base, { ...described, policy_uri: 'https://example.org/policy' });
    expect(made).toMatchObject({
      status: 201,
      body: { ...described, verified: false, sector_identifier: 'portal.example.org' },
    });
    expect(await alice.post(base, described)).toMatchObject({ status: 409 });
    expect(await anonymous.post(base, described)).toMatchObject({ status: 403 });
    const client = made.body as Required<M.OAuthClient>;
    const path = `${base}/${client.client_id}`;
    expect(await alice.get(path)).toMatchObject({ status: 200, body: client });
    expect((await anonymous.get(path)).body).toEqual({
      client_id: client.client_id,
      client_name: 'A portal',
      policy_uri: 'https://example.org/policy',
      verified: false,
    });
    expect(await alice.get(base)).toMatchObject({ body: { results: [client] } });
    expect(await bob.get(base)).toMatchObject({ body: { results: [] } });
    const moved = { ...client, redirect_uris: ['https://other.example.org/back'] };
    const precheck = `${path}/verificationPrecheck`;
    expect(await alice.put(precheck, moved)).toMatchObject({
      body: { reverificationRequired: true },
    });
    expect(await alice.put(precheck, client)).toMatchObject({
      body: { reverificationRequired: false },
    });
    expect(await bob.put(path, moved)).toMatchObject({ status: 403 });
    expect(await alice.put(path, { ...moved, etag: 'stale' })).toMatchObject({ status: 412 });
    expect(await alice.put(path, { ...moved, etag: null })).toMatchObject({ status: 400 });
    expect(await alice.put(path, moved)).toMatchObject({
      status: 200,
      body: { sector_identifier: 'other.example.org' },
    });
    const secret = `${base}/secret/${client.client_id}`;
    expect(await bob.post(secret, undefined)).toMatchObject({ status: 403 });
    const secrets = [await alice.post(secret, undefined), await alice.post(secret, undefined)];
    const [first, second] = secrets.map(
      ({ body }) => (body as { client_secret: string }).client_secret,
    );
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(second).not.toBe(first);
    const acl = (await alice.get(`${path}/acl`)).body as M.AccessControlList;
    expect(await bob.get(`${path}/acl`)).toMatchObject({ status: 403 });
    acl.resourceAccess?.push({ principalId: server.userId('bob'), accessType: ['READ'] });
    expect(await alice.put(`${path}/acl`, acl)).toMatchObject({ status: 200 });
    expect(await bob.get(path)).toMatchObject({ body: { createdBy: client.createdBy } });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('describes what it asks for', async () => {
    const { alice, bob, anonymous } = server;
    const made = await alice.post(base, { ...described, client_name: 'An asker' });
    const { client_id: clientId } = made.body as Required<M.OAuthClient>;
    const request = {
      clientId,
      redirectUri: described.redirect_uris[0],
      responseType: 'code',
      scope: 'openid view',
    };
    const path = '/auth/v1/oauth2/description';
    expect(await anonymous.post(path, request)).toMatchObject({
      status: 200,
      body: { clientId, scope: ['View the content which you can view'] },
    });
    for (const fields of [
      { clientId: null },
      { redirectUri: 'https://evil.example.org/' },
      { responseType: null },
      { scope: 'fly' },
    ]) {
      expect(await anonymous.post(path, { ...request, ...fields })).toMatchObject({ status: 400 });
    }
    expect(await anonymous.post(path, { ...request, clientId: '9' })).toMatchObject({
      status: 404,
    });
    expect(await bob.post('/auth/v1/oauth2/consentcheck', request)).toMatchObject({
      status: 200,
      body: { granted: false },
    });
    const granted = '/auth/v1/oauth2/audit/grantedClients';
    expect(await bob.get(granted)).toMatchObject({ body: { results: [] } });
    expect(await bob.get(`${granted}/${clientId}/tokens`)).toMatchObject({ body: { results: [] } });
    expect(await anonymous.get(granted)).toMatchObject({ status: 403 });
    expect((await alice.delete(`${base}/${clientId}`)).status).toBe(200);
  });

  test.each([
    [{ client_name: null }],
    [{ redirect_uris: [] }],
    [{ redirect_uris: ['nowhere'] }],
    [{ redirect_uris: ['https://a.example.org/', 'https://b.example.org/'] }],
    [{ tos_uri: 'nowhere' }],
  ])('is not registered with %j', async (fields) => {
    const body = { ...described, client_name: 'Another', ...fields };
    expect(await server.alice.post(base, body)).toMatchObject({ status: 400 });
    expect(await server.alice.get(base)).toMatchObject({ body: { results: [] } });
  });
});

test('a token tells about its user what its scopes allow', async () => {
  const { anonymous } = server;
  const path = '/auth/v1/oauth2/userinfo';
  const made = await server.synapse.createUser({ username: 'dora', password: 'a long password' });
  const dora = server.session(made.authToken);
  const claims = {
    sub: made.userId,
    user_name: 'dora',
    email: expect.stringContaining('@'),
    is_certified: expect.any(Boolean),
  };
  expect(await dora.get(path)).toMatchObject({ status: 200, body: claims });
  expect(await dora.post(path, undefined)).toMatchObject({ status: 200, body: claims });
  const pat = server.session(server.synapse.users.alice.authToken);
  expect(await pat.get(path)).toMatchObject({
    status: 403,
    body: { error: 'insufficient_scope' },
  });
  expect(await anonymous.get(path)).toMatchObject({ status: 403 });
});
