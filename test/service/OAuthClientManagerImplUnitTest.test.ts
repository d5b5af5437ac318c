import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { newAccount, subjectsTo, type Account } from './accounts.js';
import {
  basicLogin,
  clientPath,
  createClient,
  createSecret,
  exchange,
  readClient,
  readyClient,
  sendVerification,
  tokenRequest,
  verify,
} from './oauthFlow.js';

const server = withSessions();
const sectorUri = 'https://client.uri.com/path/to/json/file';
let owner: Account;
let other: Account;

beforeAll(async () => {
  owner = await newAccount(server);
  other = await newAccount(server);
});

/** What the service says about a new client with these fields. */
async function refused(fields: object): Promise<unknown> {
  const answer = await owner.session.post(clientPath, {
    client_name: 'refused client',
    redirect_uris: ['https://client.com/redir'],
    ...fields,
  });
  return { status: answer.status, reason: (answer.body as { reason?: string }).reason };
}

function precheck(client: object, id: string) {
  return owner.session.put(`${clientPath}/${id}/verificationPrecheck`, client);
}

describe('OAuthClientManagerImplUnitTest', () => {
  const badRequest = (reason: string) => ({ status: 400, reason });

  test('testValidateOAuthClientForCreateOrUpdate: a client needs a name', async () => {
    expect(await refused({ client_name: null })).toEqual(
      badRequest('OAuth client name is required.'),
    );
  });

  test('testValidateOAuthClientForCreateOrUpdate: a client needs redirect URIs', async () => {
    expect(await refused({ redirect_uris: null })).toEqual(
      badRequest('OAuth client redirect URI list. is required.'),
    );
    expect(await refused({ redirect_uris: [] })).toEqual(
      badRequest('OAuth client must register at least one redirect URI.'),
    );
  });

  test('testValidateOAuthClientForCreateOrUpdate: all of its URIs are valid', async () => {
    const redirect_uris = ['https://client.com/redir', 'not-a-valid-uri'];
    expect(await refused({ redirect_uris })).toEqual(
      badRequest('Redirect URI is not a valid url: not-a-valid-uri'),
    );
    expect(await refused({ sector_identifier_uri: 'not-a-valid-uri' })).toEqual(
      badRequest('Sector Identifier URI is not a valid url: not-a-valid-uri'),
    );
  });

  test('testResolveSectorIdentifier_NoSIURI_HappyCase: the sector is the common host', async () => {
    const redirect_uris = ['https://host.com:8080/redir1', 'https://host.com/redir2'];
    expect(await createClient(owner.session, { redirect_uris })).toMatchObject({
      sector_identifier: 'host.com',
    });
  });

  test.each([['https://host.com/ %$#@*'], ['http://localhost/redir'], ['']])(
    'testResolveSectorIdentifier_NoSIURI_InvalidURI: %j is no redirect URI',
    async (uri) => {
      expect(await refused({ redirect_uris: ['https://host.com/redir1', uri] })).toEqual(
        badRequest(`Redirect URI is not a valid url: ${uri}`),
      );
    },
  );

  test('testResolveSectorIdentifier_NoSIURI_NULL_URI: null is no redirect URI', async () => {
    const redirect_uris = ['https://host.com/redir1', null];
    expect(await refused({ redirect_uris })).toMatchObject({ status: 400 });
  });

  test('testResolveSectorIdentifier_NoSIURI_DifferentHosts: several hosts need a sector of their own', async () => {
    const redirect_uris = ['https://host.com/redir1', 'https://host2.com/redir1'];
    expect(await refused({ redirect_uris })).toEqual(
      badRequest(
        'if redirect URIs do not share a common host then you must register a sector identifier URI.',
      ),
    );
  });

  test('testResolveSectorIdentifier_NoSIURI_NoRedirURIs: there is no sector without redirect URIs', async () => {
    expect(await refused({ redirect_uris: [] })).toMatchObject({ status: 400 });
  });

  test('testResolveSectorIdentifier_WithSIURI_HappyCase: the sector is the host of its URI', async () => {
    const redirect_uris = ['https://host1.com/redir1', 'https://host2.com/redir2'];
    expect(
      await createClient(owner.session, { redirect_uris, sector_identifier_uri: sectorUri }),
    ).toMatchObject({ sector_identifier: 'client.uri.com', sector_identifier_uri: sectorUri });
  });

  test('testResolveSectorIdentifier_WithSIURI_InvalidFileURI: the URI of a sector has the scheme https', async () => {
    expect(await refused({ sector_identifier_uri: '*&#%#$$@' })).toMatchObject({ status: 400 });
    expect(await refused({ sector_identifier_uri: 'http://insecure.com/file' })).toEqual(
      badRequest('http://insecure.com/file must use the https scheme.'),
    );
  });

  test('testGetURIInvalid: a text that is no URI is none of a sector', async () => {
    expect(await refused({ sector_identifier_uri: 'not #$%^ valid' })).toMatchObject({
      status: 400,
    });
  });

  test('testCanCreate: users register clients, the anonymous user does not', async () => {
    const body = { client_name: 'of nobody', redirect_uris: ['https://client.com/redir'] };
    expect(await server.anonymous.post(clientPath, body)).toEqual(
      refusal(403, 'Anonymous user may not create an OAuth Client'),
    );
    expect(await owner.session.post(clientPath, body)).toMatchObject({ status: 201 });
  });

  test('testCanAdministrate: owners and administrators change a client, others do not', async () => {
    const { client_id: id } = await createClient(owner.session);
    expect(await other.session.delete(`${clientPath}/${id}`)).toMatchObject({ status: 403 });
    expect(await server.admin.delete(`${clientPath}/${id}`)).toMatchObject({ status: 200 });
  });

  test('testCreateOpenIDConnectClient: the service sets owner, etag, state and sector, and mails the owner', async () => {
    const fresh = await newAccount(server);
    const client = await createClient(fresh.session, {
      redirect_uris: ['https://client.com/redir'],
      createdBy: '1',
      verified: true,
      sector_identifier: 'elsewhere.com',
    });
    expect(client).toMatchObject({
      createdBy: String(fresh.id),
      etag: expect.any(String),
      verified: false,
      sector_identifier: 'client.com',
    });
    expect(client).not.toHaveProperty('sector_identifier_uri');
    expect(subjectsTo(server, fresh.email)).toEqual(['OAuth Client Added']);
  });

  test('testCreateOpenIDConnectClient_WithSectorIdentifierURI: the sector is that of the URI', async () => {
    const redirect_uris = ['https://host1.com/redir1'];
    expect(
      await createClient(owner.session, { redirect_uris, sector_identifier_uri: sectorUri }),
    ).toMatchObject({ sector_identifier: 'client.uri.com' });
  });

  test('testCreateOpenIDConnectClient_SIAlreadyExists: clients may share a sector', async () => {
    const clients = [await createClient(owner.session), await createClient(other.session)];
    expect(new Set(clients.map(({ sector_identifier }) => sector_identifier)).size).toBe(1);
  });

  test('testCreateOpenIDConnectClient_Unauthorized: nobody registers no client', async () => {
    const body = { client_name: 'of nobody at all', redirect_uris: ['https://client.com/redir'] };
    expect(await server.anonymous.post(clientPath, body)).toMatchObject({ status: 403 });
    expect(await owner.session.post(clientPath, body)).toMatchObject({ status: 201 });
  });

  test('testGetOpenIDConnectClient_owner: owners see all properties', async () => {
    const { client_id: id } = await createClient(owner.session);
    const client = await readClient(owner.session, id);
    for (const name of ['createdBy', 'redirect_uris', 'sector_identifier', 'createdOn'] as const) {
      expect(client).toHaveProperty(name);
    }
    expect(client).toMatchObject({ modifiedOn: expect.any(String), etag: expect.any(String) });
  });

  test('testGetOpenIDConnectClient_not_owner: others see the public properties', async () => {
    const client = await createClient(owner.session, { client_uri: 'home', tos_uri: 'terms' });
    expect(await readClient(server.anonymous, client.client_id)).toEqual({
      client_id: client.client_id,
      client_name: client.client_name,
      client_uri: 'home',
      tos_uri: 'terms',
      verified: false,
    });
  });

  test('testListOpenIDConnectClients: users list their own clients, page by page', async () => {
    const { session } = await newAccount(server);
    const ids: string[] = [];
    for (let n = 0; n < 51; n += 1) {
      ids.push((await createClient(session)).client_id);
    }
    const first = (await session.get(clientPath)).body as M.OAuthClientList;
    const rest = await session.get(`${clientPath}?nextPageToken=${first.nextPageToken ?? ''}`);
    const { results } = rest.body as M.OAuthClientList;
    expect(rest.body).not.toHaveProperty('nextPageToken');
    expect([...first.results, ...results].map(({ client_id }) => client_id)).toEqual(ids);
  });

  test('testReverificationRequiredForUpdatedOpenIDConnectClient_SameUriHost: another path needs no new verification', async () => {
    const client = await createClient(owner.session);
    const changed = { ...client, redirect_uris: ['https://foo.bar.com/new_redir'] };
    expect(await precheck(changed, client.client_id)).toMatchObject({
      status: 200,
      body: { reverificationRequired: false },
    });
  });

  test('testReverificationRequiredForUpdatedOpenIDConnectClient_UriHostChanged: another host does', async () => {
    const client = await createClient(owner.session);
    const changed = { ...client, redirect_uris: ['https://new.client.com/redir'] };
    expect(await precheck(changed, client.client_id)).toMatchObject({
      status: 200,
      body: { reverificationRequired: true },
    });
  });

  test('testReverificationRequiredForUpdatedOpenIDConnectClient_NoClientID: the id is in the body', async () => {
    const client = await createClient(owner.session);
    expect(await precheck({ ...client, client_id: null }, client.client_id)).toEqual(
      refusal(400, 'Client ID is required and must not be the empty string.'),
    );
  });

  test('testReverificationRequiredForUpdatedOpenIDConnectClient_NoRedirUris: redirect URIs stay required', async () => {
    const client = await createClient(owner.session);
    expect(await precheck({ ...client, redirect_uris: [] }, client.client_id)).toMatchObject({
      status: 400,
    });
  });

  test('testReverificationRequiredForUpdatedOpenIDConnectClient_MismatchedEtag: the properties are checked before the etag', async () => {
    const client = await createClient(owner.session);
    const stale = { ...client, etag: 'some-other-etag' };
    expect(await precheck({ ...stale, redirect_uris: [] }, client.client_id)).toMatchObject({
      status: 400,
    });
    expect(await precheck(stale, client.client_id)).toMatchObject({ status: 412 });
  });

  describe('an update', () => {
    const path = (id: string) => `${clientPath}/${id}`;
    const changes = {
      client_uri: 'some other client uri',
      policy_uri: 'some new policy URI',
      tos_uri: 'some new TOS URI',
    };

    test('testUpdateOpenIDConnectClient_HappyCase: another host is verified anew, and the owner is told', async () => {
      const fresh = await newAccount(server);
      const { client_id: id } = await readyClient(server, fresh.session).then(async (ready) =>
        readClient(fresh.session, ready.id),
      );
      const before = await readClient(fresh.session, id);
      const sent = {
        ...before,
        ...changes,
        client_name: 'some other name',
        redirect_uris: ['https://new.client.com/redir'],
        createdBy: null,
        createdOn: null,
      };
      const answer = await fresh.session.put(path(id), sent);
      expect(answer).toMatchObject({
        status: 200,
        body: {
          ...changes,
          client_name: 'some other name',
          sector_identifier: 'new.client.com',
          verified: false,
          createdBy: before.createdBy,
          createdOn: before.createdOn,
        },
      });
      expect((answer.body as M.OAuthClient).etag).not.toBe(before.etag);
      expect(subjectsTo(server, fresh.email)).toEqual([
        'OAuth Client Added',
        'OAuth Client Verified',
        'OAuth Client Secret Generated',
        'OAuth Client Verification Required',
      ]);
    });

    test('testUpdateOpenIDConnectClientWithNoVerificationRequired: on the same host it stays verified', async () => {
      const fresh = await newAccount(server);
      const { id } = await readyClient(server, fresh.session);
      const before = await readClient(fresh.session, id);
      expect(await fresh.session.put(path(id), { ...before, ...changes })).toMatchObject({
        status: 200,
        body: { ...changes, verified: true, sector_identifier: before.sector_identifier },
      });
      expect(subjectsTo(server, fresh.email)).not.toContain('OAuth Client Verification Required');
    });

    test('testUpdateOpenIDConnectClient_unauthorized: is refused to others', async () => {
      const client = await createClient(owner.session);
      expect(await other.session.put(path(client.client_id), client)).toMatchObject({
        status: 403,
      });
      expect(await server.anonymous.put(path(client.client_id), client)).toMatchObject({
        status: 403,
      });
      expect(await readClient(owner.session, client.client_id)).toEqual(client);
    });

    test('testUpdateOpenIDConnectClient_etagMismatch: is refused with a stale etag', async () => {
      const client = await createClient(owner.session);
      const stale = { ...client, etag: 'mismatched etag' };
      expect(await owner.session.put(path(client.client_id), stale)).toEqual(
        refusal(
          412,
          'OAuth Client was updated since you last fetched it.  Retrieve it again and reapply the update.',
        ),
      );
      expect(await readClient(owner.session, client.client_id)).toEqual(client);
    });
  });

  test('testDeleteOpenIDConnectClient: a client is gone, and its owner is told', async () => {
    const fresh = await newAccount(server);
    const { client_id: id } = await createClient(fresh.session);
    expect(await fresh.session.delete(`${clientPath}/${id}`)).toMatchObject({ status: 200 });
    expect(await fresh.session.get(`${clientPath}/${id}`)).toEqual(
      refusal(404, `OAuth client: '${id}' does not exist`),
    );
    expect(subjectsTo(server, fresh.email)).toEqual(['OAuth Client Added', 'OAuth Client Removed']);
  });

  test('testDeleteOpenIDConnectClient_Unauthorized: others delete no client', async () => {
    const client = await createClient(owner.session);
    const path = `${clientPath}/${client.client_id}`;
    expect(await other.session.delete(path)).toMatchObject({ status: 403 });
    expect(await readClient(owner.session, client.client_id)).toEqual(client);
  });

  test('testCreateClientSecret: a secret replaces the previous one, and the owner is told', async () => {
    const fresh = await newAccount(server);
    const { id, secret } = await readyClient(server, fresh.session);
    const second = await createSecret(fresh.session, id);
    expect(second).not.toBe(secret);
    expect(await exchange(server, basicLogin(id, secret), 'code')).toMatchObject({ status: 401 });
    expect(await exchange(server, basicLogin(id, second), 'code')).toMatchObject({ status: 400 });
    expect(subjectsTo(server, fresh.email).slice(-2)).toEqual([
      'OAuth Client Secret Generated',
      'OAuth Client Secret Generated',
    ]);
  });

  test('testCreateClientSecret_unauthorized: others create no secret', async () => {
    const { client_id: id } = await createClient(owner.session);
    const path = `${clientPath}/secret/${id}`;
    expect(await other.session.post(path, undefined)).toMatchObject({ status: 403 });
    expect(await server.anonymous.post(path, undefined)).toMatchObject({ status: 403 });
  });

  const wrongLogin = refusal(
    401,
    'OAuth Client ID and secret must be passed via Basic Authentication. Credentials are missing or invalid.',
  );

  test('testValidateClientCredentials_HappyCase: the id and the secret log a client in', async () => {
    const { login } = await readyClient(server, owner.session);
    expect(await exchange(server, login, 'code')).toEqual(
      refusal(400, 'invalid_grant. Invalid authorization code.'),
    );
  });

  test('testValidateClientCredentials_missingCredentials: a client without credentials is not logged in', async () => {
    expect(
      await tokenRequest(server, undefined, { grant_type: 'refresh_token', refresh_token: 'x' }),
    ).toEqual(refusal(401, 'Missing required credentials in the authorization header.'));
  });

  test('testValidateClientCredentials_badClientId: an unknown id is not logged in', async () => {
    const { secret } = await readyClient(server, owner.session);
    expect(await exchange(server, basicLogin('wrong id', secret), 'code')).toEqual(wrongLogin);
  });

  test('testValidateClientCredentials_BadSecret: a wrong secret does not log a client in', async () => {
    const { id } = await readyClient(server, owner.session);
    expect(await exchange(server, basicLogin(id, 'Wrong secret'), 'code')).toEqual(wrongLogin);
    const { client_id: without } = await createClient(owner.session);
    expect(await exchange(server, basicLogin(without, 'x'), 'code')).toEqual(wrongLogin);
  });

  describe('a verification', () => {
    test('testUpdateOpenIDConnectClientVerifiedStatusWithWrongClientId: of an unknown client is refused', async () => {
      expect(await sendVerification(server.admin, '9', { etag: 'x' })).toEqual(
        refusal(404, "OAuth client: '9' does not exist"),
      );
    });

    test('testUpdateOpenIDConnectClientVerifiedStatusWithWrongCredentials: is refused to all but the ACT', async () => {
      const { client_id: id, etag } = await createClient(owner.session);
      expect(await sendVerification(owner.session, id, { etag })).toEqual(
        refusal(
          403,
          'You must be an administrator or a member of the ACT team to update the verification status of a client',
        ),
      );
      expect(await readClient(owner.session, id)).toMatchObject({ verified: false, etag });
    });

    test.each([[{ etag: '  ' }], [{}]])(
      'testUpdateOpenIDConnectClientVerifiedStatusWithEmptyEtag: needs an etag, not %j',
      async (query: Record<string, string>) => {
        const { client_id: id } = await createClient(owner.session);
        expect(await sendVerification(server.admin, id, query)).toMatchObject({ status: 400 });
      },
    );

    test('testUpdateOpenIDConnectClientVerifiedStatusWithConflictingEtag: with a stale etag is refused', async () => {
      const { client_id: id } = await createClient(owner.session);
      expect(await sendVerification(server.admin, id, { etag: 'stale' })).toEqual(
        refusal(
          412,
          'The client etag does not match, the client information might have been updated.',
        ),
      );
    });

    test('testUpdateOpenIDConnectClientVerifiedStatusNoChange: that changes nothing is not told', async () => {
      const fresh = await newAccount(server);
      const { client_id: id } = await createClient(fresh.session);
      const verified = await verify(server, id);
      expect(await verify(server, id)).toEqual(verified);
      expect(subjectsTo(server, fresh.email)).toEqual([
        'OAuth Client Added',
        'OAuth Client Verified',
      ]);
    });

    test('testUpdateOpenIDConnectClientVerifiedStatus: changes the etag, and the owner is told', async () => {
      const fresh = await newAccount(server);
      const client = await createClient(fresh.session);
      const verified = await verify(server, client.client_id);
      expect(verified.etag).not.toBe(client.etag);
      expect(await readClient(fresh.session, client.client_id)).toEqual(verified);
      expect(subjectsTo(server, fresh.email).at(-1)).toBe('OAuth Client Verified');
    });
  });
});
