import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, type JWTPayload } from 'jose';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { loggedIn, logIn, newAccount, subjectsTo } from './accounts.js';
import {
  asClient,
  authorizationRequest,
  consent,
  consentCheckPath,
  consentPath,
  descriptionPath,
  exchange,
  readClient,
  readyClient,
  redirectUri,
  refresh,
  someClaims,
  tokenRequest,
  tokensOf,
  userInfoPath,
  verify,
  clientPath,
  type ReadyClient,
} from './oauthFlow.js';

const minute = 60_000;
const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
let user: Session;
let client: ReadyClient;

beforeAll(async () => {
  user = await loggedIn(server, 'alice');
  client = await readyClient(server, user);
});

afterEach(() => {
  ahead = 0;
});

function describeFor(fields: object) {
  return server.anonymous.post(descriptionPath, authorizationRequest(client.id, fields));
}

async function textsFor(fields: object): Promise<readonly string[] | undefined> {
  const answer = await describeFor(fields);
  expect(answer).toMatchObject({ status: 200, body: { clientId: client.id } });
  return (answer.body as M.OIDCAuthorizationRequestDescription).scope;
}

async function userInfo(
  scope: string,
  claims: M.OIDCClaimsRequest['userinfo'] = {},
): Promise<Record<string, unknown>> {
  const fields = { client, scope, claims: { userinfo: claims } };
  const { access_token: token } = await tokensOf(server, user, fields);
  const answer = await server.session(token).get(userInfoPath);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Record<string, unknown>;
}

function revoke(login: string, token: string, hint: string) {
  const body = { token, token_type_hint: hint };
  return asClient(server, login, { method: 'POST', path: '/auth/v1/oauth2/revoke', body });
}

describe('OpenIDConnectManagerImplUnitTest', () => {
  describe('an authorization request', () => {
    const view = 'To view the content which you can view';

    test.each([['openid view'], ['openid+view'], ['openid%20view']])(
      'testParseScopeString: has the scopes %j, which may be encoded',
      async (scope) => {
        expect(await textsFor({ scope })).toEqual([view]);
      },
    );

    test('testParseScopeString: has no unknown scope', async () => {
      expect(await describeFor({ scope: 'openid foo' })).toMatchObject({
        status: 400,
        body: {
          error: 'invalid_scope',
          error_description: 'Unrecognized scope: foo',
          reason: 'invalid_scope. Unrecognized scope: foo',
        },
      });
    });

    test.each([[''], [null]])(
      'testParseScopeString_Empty: may have the scopes %j',
      async (scope) => {
        expect(await textsFor({ scope })).toEqual([]);
      },
    );

    test('testValidateAuthenticationRequest: with a registered URI and a response type is valid', async () => {
      expect((await describeFor({ scope: 'view' })).body).toEqual({
        clientId: client.id,
        redirect_uri: redirectUri,
        scope: [view],
      });
    });

    test.each([
      ['some invalid uri', 'Redirect URI is not a valid url: some invalid uri'],
      ['https://evil.com', 'Redirect URI https://evil.com is not registered for '],
    ])('testValidateAuthenticationRequest_invalidUri: may not go to %s', async (uri, text) => {
      expect(await describeFor({ redirectUri: uri })).toEqual(
        refusal(400, expect.stringMatching(`^invalid_redirect_uri. ${text}`)),
      );
    });

    test('testValidateAuthenticationRequest_invalidResponseType: needs a response type', async () => {
      expect(await describeFor({ responseType: null })).toEqual(
        refusal(400, 'invalid_request. Missing response_type.'),
      );
    });

    const expected = [
      'To see whether Synapse verified your email address. (Always true for Synapse.)',
      'To see whether you are a certified Synapse user',
      'To see your Synapse user ID, which can be used to access your public profile',
      'To see your primary email address',
      'To see your team membership',
    ];
    const claims = { ...someClaims, email_verified: null, unknown: null };

    test('testGetAuthenticationRequestDescription_HappyCase_IdTokenClaims: is described by its id token claims', async () => {
      expect(await textsFor({ claims: { id_token: claims } })).toEqual(expected);
    });

    test('testGetAuthenticationRequestDescription_HappyCase_UserInfoClaims: is described by its user information claims', async () => {
      expect(await textsFor({ claims: { userinfo: claims } })).toEqual(expected);
    });

    test('testGetAuthenticationRequestDescription_NoOAuthScope: without openid is not described by its claims', async () => {
      expect(await textsFor({ scope: 'view', claims: { userinfo: claims } })).toEqual([view]);
    });

    test('testGetAuthenticationRequestDescription_MissingOrInvalidClientId: names a client', async () => {
      expect(await describeFor({ clientId: null })).toEqual(
        refusal(400, 'Client ID is required and must not be the empty string.'),
      );
      expect(await describeFor({ clientId: '42' })).toEqual(
        refusal(400, 'invalid_client. Invalid OAuth Client ID: 42'),
      );
    });

    test('testGetAuthenticationRequestDescription_BadRedirectURI: is not described for another URI', async () => {
      expect(await describeFor({ redirectUri: 'https://evil.com' })).toMatchObject({
        status: 400,
        body: { error: 'invalid_redirect_uri' },
      });
    });

    test('testGetAuthenticationRequestDescription_UnverifiedClient: is not described before its client is verified', async () => {
      const { id } = await readyClient(server, user);
      await verify(server, id, false);
      expect(await server.anonymous.post(descriptionPath, authorizationRequest(id))).toEqual(
        refusal(403, `The OAuth client (${id}) is not verified.`),
      );
    });
  });

  describe('a consent', () => {
    const granted = async (request: object) =>
      ((await user.post(consentCheckPath, request)).body as M.OAuthConsentGrantedResponse).granted;

    test('tesHasUserGrantedConsent_NoConsentOrExpired: is not there before it is given, nor after a year', async () => {
      const account = await newAccount(server);
      const check = async () => {
        const login = (await logIn(server, account)).body as M.LoginResponse;
        return server.session(login.accessToken).post(consentCheckPath, request);
      };
      const request = authorizationRequest(client.id);
      expect(await check()).toMatchObject({ body: { granted: false } });
      await consent(account.session, request);
      expect(await check()).toMatchObject({ body: { granted: true } });
      ahead = 365 * day + minute;
      expect(await check()).toMatchObject({ body: { granted: false } });
    });

    test('tesHasUserGrantedConsent_Granted: is there for the same client, scopes and claims', async () => {
      const { id } = await readyClient(server, user);
      const request = authorizationRequest(id, { claims: { userinfo: someClaims } });
      await consent(user, request);
      expect(await granted(request)).toBe(true);
      expect(await granted({ ...request, scope: 'openid view' })).toBe(false);
      expect(await granted({ ...request, claims: {} })).toBe(false);
      expect(await granted({ ...request, clientId: client.id })).toBe(false);
      expect(await server.anonymous.post(consentCheckPath, request)).toMatchObject({
        status: 200,
        body: { granted: false },
      });
    });

    test('testAuthorizeClient: gives a code, and the user is told', async () => {
      const { session, email } = await newAccount(server);
      expect(await consent(session, authorizationRequest(client.id))).toMatch(/.+/);
      expect(subjectsTo(server, email)).toEqual(['OAuth Client Authorized']);
    });

    test('testAuthorizeClientWithExistingUserConsent: is told once', async () => {
      const { session, email } = await newAccount(server);
      await consent(session, authorizationRequest(client.id));
      await consent(session, authorizationRequest(client.id));
      expect(subjectsTo(server, email)).toEqual(['OAuth Client Authorized']);
    });

    test('testAuthorizeClient_anonynmous: is not given by nobody', async () => {
      const request = authorizationRequest(client.id);
      expect(await server.anonymous.post(consentPath, request)).toMatchObject({
        status: 401,
        body: {
          error: 'login_required',
          reason: 'login_required. Anonymous users may not provide access to OAuth clients.',
        },
      });
    });

    test('testAuthorizeClient_InvalidClientId: names a client', async () => {
      expect(await user.post(consentPath, authorizationRequest('42'))).toEqual(
        refusal(400, 'invalid_client. Invalid OAuth Client ID: 42'),
      );
    });

    test('testAuthorizeClient_unverified: is not given to a client that is not verified', async () => {
      const { id } = await readyClient(server, user);
      await verify(server, id, false);
      expect(await user.post(consentPath, authorizationRequest(id))).toEqual(
        refusal(403, `The OAuth client (${id}) is not verified.`),
      );
    });

    test('testAuthorizeClientInvalidRedirURI: does not go to another URI', async () => {
      const request = authorizationRequest(client.id, { redirectUri: 'https://evil.com' });
      expect(await user.post(consentPath, request)).toMatchObject({
        status: 400,
        body: { error: 'invalid_redirect_uri' },
      });
    });
  });

  describe('the subject', () => {
    const subjectFor = async (one: ReadyClient) =>
      decodeJwt((await tokensOf(server, user, { client: one })).id_token).sub;

    test('testPPID: is the same for clients of one host, and tells nothing about the user', async () => {
      const sibling = await readyClient(server, user);
      const subject = await subjectFor(client);
      expect(await subjectFor(sibling)).toBe(subject);
      expect(subject).not.toMatch(/^\d+$/);
    });

    test('testGetUserIdFromPPID: leads to the user', async () => {
      const info = await userInfo('openid', { userid: null });
      expect(info).toEqual({
        sub: await subjectFor(client),
        userid: String(server.userId('alice')),
      });
    });

    test.each([
      ['testPPIDForSynapse: of the service’s own tokens is the user'],
      ['testGetUserIdFromPPIDForSynapse: of the service’s own tokens is the user'],
    ])('%s', async () => {
      const { session, id } = await newAccount(server);
      expect(await session.get(userInfoPath)).toMatchObject({ body: { sub: String(id) } });
    });
  });

  describe('the user information', () => {
    test('testGetUserInfo_internal: has the claims that were asked for', async () => {
      expect(await userInfo('openid', someClaims)).toEqual({
        sub: expect.any(String),
        userid: String(server.userId('alice')),
        email: 'alice@example.org',
        is_certified: true,
        team: [],
      });
    });

    test('testGetUserInfo_internal: of a team has those of the teams that the user belongs to', async () => {
      const made = await user.post('/team', { name: 'A team of claims' });
      const { id = '' } = made.body as M.Team;
      const asked = (details: M.OIDCClaimsRequestDetails) => userInfo('openid', { team: details });
      expect(await asked({ values: [id, '2'] })).toMatchObject({ team: [id] });
      expect(await asked({ value: id })).toMatchObject({ team: [id] });
      expect(await asked({ value: '2' })).toMatchObject({ team: [] });
    });

    test('testGetUserInfo_internal_email_and_profile_scope: has the claims of the scopes', async () => {
      expect(await userInfo('openid email profile')).toEqual({
        sub: expect.any(String),
        email: 'alice@example.org',
        email_verified: true,
        user_name: 'alice',
        given_name: 'Alice',
        family_name: 'Example',
      });
    });

    test('testGetUserInfo_internal_missing_info: leaves out what the user does not have', async () => {
      const info = await userInfo('openid', { company: null, orcid: null, validated_at: null });
      expect(info).toEqual({ sub: expect.any(String) });
    });

    test('testGetUserInfo_internal_noOpenIDScope: is for the scope openid', async () => {
      const { access_token: token } = await tokensOf(server, user, { client, scope: 'email view' });
      expect(await server.session(token).get(userInfoPath)).toMatchObject({ status: 403 });
    });

    test('testGetUserInfoAsMap: is JSON with the subject', async () => {
      const { access_token: token } = await tokensOf(server, user, { client });
      const answer = await server.session(token).get(userInfoPath);
      expect(answer.headers.get('content-type')).toContain('application/json');
      expect(answer.body).toEqual({ sub: decodeJwt(token).sub });
    });

    test('testGetUserInfoAsJWT: is a token for clients with an algorithm', async () => {
      const signed = await readyClient(server, user, { userinfo_signed_response_alg: 'RS256' });
      const claims = { userinfo: { email: null } };
      const { access_token: token } = await tokensOf(server, user, { client: signed, claims });
      const answer = await server.session(token).post(userInfoPath, undefined);
      expect(answer.headers.get('content-type')).toMatch(/^application\/jwt/);
      expect(decodeJwt(answer.body as string)).toMatchObject({
        iss: server.synapse.authEndpoint,
        aud: signed.id,
        sub: decodeJwt(token).sub,
        email: 'alice@example.org',
        token_type: 'OIDC_ID_TOKEN',
      });
    });

    test('testGetUserInfoDefaultClient: of a session is JSON about the user', async () => {
      expect((await user.get(userInfoPath)).body).toMatchObject({
        sub: String(server.userId('alice')),
      });
    });

    test('testGetUserInfoNoAccessToken: needs a token', async () => {
      expect(await server.anonymous.get(userInfoPath)).toEqual(
        refusal(400, 'Access token is required.'),
      );
    });
  });

  describe('a code', () => {
    const code = (fields: object = {}) => consent(user, authorizationRequest(client.id, fields));

    test('testGetTokenResponseWithAuthorizationCode: gives an id token, an access token and a refresh token', async () => {
      const scope = 'openid offline_access';
      const claims = { id_token: { email: null }, userinfo: { userid: null } };
      const tokens = await tokensOf(server, user, { client, scope, claims, nonce: 'n' });
      const { sub } = decodeJwt(tokens.id_token);
      const common = { iss: server.synapse.authEndpoint, aud: client.id, sub };
      const idClaims: JWTPayload = decodeJwt(tokens.id_token);
      expect(idClaims).toMatchObject({ ...common, nonce: 'n', email: 'alice@example.org' });
      expect(Number(idClaims.exp) - Number(idClaims.iat)).toBe(60);
      expect(idClaims).toHaveProperty('auth_time');
      expect(decodeJwt(tokens.access_token)).toMatchObject({
        ...common,
        access: { scope: ['openid', 'offline_access'], oidc_claims: { userid: null } },
        refresh_token_id: expect.any(String),
        token_type: 'OIDC_ACCESS_TOKEN',
      });
      expect(tokens.refresh_token).toMatch(/.+/);
    });

    test('testGetTokenResponseWithAuthorizationCode_noRefreshToken: gives a refresh token for offline access only', async () => {
      const tokens = await tokensOf(server, user, { client });
      expect(tokens).not.toHaveProperty('refresh_token');
      expect(decodeJwt(tokens.access_token)).not.toHaveProperty('refresh_token_id');
    });

    test('testGetTokenResponseWithAuthorizationCode_invalidAuthCode: that is unknown or used gives nothing', async () => {
      const used = await code();
      expect(await exchange(server, client.login, used)).toMatchObject({ status: 200 });
      for (const one of ['unknown', used]) {
        expect(await exchange(server, client.login, one)).toMatchObject({
          status: 400,
          body: {
            error: 'invalid_grant',
            reason: 'invalid_grant. Invalid authorization code.',
          },
        });
      }
    });

    test('testGetTokenResponseWithAuthorizationCode_expiredAuthCode: is valid for a minute', async () => {
      const late = await code();
      ahead = minute + 1000;
      expect(await exchange(server, client.login, late)).toEqual(
        refusal(400, 'invalid_grant. Authorization code has expired.'),
      );
    });

    test('testGetTokenResponseWithAuthorizationCode_mismatchRedirectURI: is for one address, and used up by a wrong one', async () => {
      const mismatched = await code();
      const answer = await tokenRequest(server, client.login, {
        grant_type: 'authorization_code',
        code: mismatched,
        redirect_uri: 'https://evil.com',
      });
      expect(answer).toEqual(
        refusal(400, `invalid_grant. URI mismatch: ${redirectUri} vs. https://evil.com`),
      );
      expect(await exchange(server, client.login, mismatched)).toEqual(
        refusal(400, 'invalid_grant. Invalid authorization code.'),
      );
    });

    test('testGetTokenResponseWithAuthorizationCode_noOpenIdScope: without openid gives no id token', async () => {
      const tokens = await tokensOf(server, user, { client, scope: 'view' });
      expect(tokens).not.toHaveProperty('id_token');
      expect(tokens.access_token).toMatch(/.+/);
    });

    test('testGetTokenResponseWithAuthorizationCode_clientUnverified: is of no use while its client is not verified', async () => {
      const own = await readyClient(server, user);
      const one = await consent(user, authorizationRequest(own.id));
      await verify(server, own.id, false);
      expect(await exchange(server, own.login, one)).toEqual(
        refusal(403, `The OAuth client (${own.id}) is not verified.`),
      );
    });

    test('testGetTokenResponseWithAuthorizationCode_mismatchedClient: is of no use for another client', async () => {
      const thief = await readyClient(server, user);
      expect(await exchange(server, thief.login, await code())).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', reason: 'invalid_grant' },
      });
    });
  });

  describe('a refresh token', () => {
    const fields = { scope: 'openid view offline_access', claims: { userinfo: { email: null } } };
    const first = async () => (await tokensOf(server, user, { client, ...fields })).refresh_token;

    test('testGetTokenResponseWithRefreshToken_clientUnverified: is of no use while its client is not verified', async () => {
      const own = await readyClient(server, user);
      const tokens = await tokensOf(server, user, { client: own, ...fields });
      await verify(server, own.id, false);
      expect(await refresh(server, own.login, tokens.refresh_token)).toEqual(
        refusal(403, `The OAuth client (${own.id}) is not verified.`),
      );
    });

    test('testGetTokenResponseWithRefreshToken: gives tokens with some of the scopes', async () => {
      const answer = await refresh(server, client.login, await first(), { scope: 'openid' });
      expect(answer).toMatchObject({ status: 200, body: { refresh_token: expect.any(String) } });
      const tokens = answer.body as Required<M.OIDCTokenResponse>;
      expect(decodeJwt(tokens.access_token)).toMatchObject({
        access: { scope: ['openid'], oidc_claims: { email: null } },
      });
      expect(decodeJwt(tokens.id_token)).toMatchObject({ aud: client.id });
    });

    test('testGetTokenResponseWithRefreshToken_invalidOrExpiredRefreshToken: that is unknown gives nothing', async () => {
      expect(await refresh(server, client.login, 'unknown')).toMatchObject({ status: 400 });
      const thief = await readyClient(server, user);
      expect(await refresh(server, thief.login, await first())).toEqual(
        refusal(400, 'invalid_grant'),
      );
    });

    test('testGetTokenResponseWithRefreshToken_exceedingScope: gives no more scopes, and stays valid', async () => {
      const token = await first();
      expect(await refresh(server, client.login, token, { scope: 'view modify' })).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope', reason: 'invalid_scope' },
      });
      expect(await refresh(server, client.login, token)).toMatchObject({ status: 200 });
    });

    test('testGetTokenResponseWithRefreshToken_noOpenIdScope: without openid gives neither an id token nor claims', async () => {
      const answer = await refresh(server, client.login, await first(), { scope: 'view' });
      expect(answer.body).not.toHaveProperty('id_token');
      const { access_token: token } = answer.body as Required<M.OIDCTokenResponse>;
      expect(decodeJwt(token)).toMatchObject({ access: { scope: ['view'], oidc_claims: {} } });
      const { access } = decodeJwt(token) as { access?: { oidc_claims?: object } };
      expect(access?.oidc_claims).toEqual({});
    });

    test.each([[{}], [{ scope: '' }]])(
      'testGetTokenResponseWithRefreshToken_nullOrEmptyScope: with %j gives all of the scopes',
      async (parameters: Record<string, string>) => {
        const answer = await refresh(server, client.login, await first(), parameters);
        const { access_token: token } = answer.body as Required<M.OIDCTokenResponse>;
        expect(decodeJwt(token)).toMatchObject({
          access: { scope: ['openid', 'view', 'offline_access'] },
        });
      },
    );
  });

  describe('an access token', () => {
    const dead = refusal(401, 'invalid_token. The access token has been revoked.');
    const lasting = { scope: 'openid offline_access' };
    const use = (token: string) => server.session(token).get(userInfoPath);

    test('testValidateOidcAccessToken: with a refresh token works', async () => {
      const tokens = await tokensOf(server, user, { client, ...lasting });
      expect(await use(tokens.access_token)).toMatchObject({ status: 200 });
    });

    test('testValidateAccessTokenWithNoRefreshTokenId: without one works', async () => {
      const tokens = await tokensOf(server, user, { client });
      expect(await use(tokens.access_token)).toMatchObject({ status: 200 });
    });

    test('testValidateAccessTokenWithRevokedAccessTokenId: that was revoked does not', async () => {
      const tokens = await tokensOf(server, user, { client });
      expect(await revoke(client.login, tokens.access_token, 'access_token')).toMatchObject({
        status: 204,
      });
      expect(await use(tokens.access_token)).toEqual(dead);
    });

    test('testValidateAccessTokenWithExpiredRefreshToken: ends with its refresh token', async () => {
      const tokens = await tokensOf(server, user, { client, ...lasting });
      await revoke(client.login, tokens.refresh_token, 'refresh_token');
      expect(await use(tokens.access_token)).toEqual(dead);
    });

    test('testValidateAccessToken_idToken: is no id token', async () => {
      const tokens = await tokensOf(server, user, { client });
      expect(await use(tokens.id_token)).toEqual(
        refusal(
          401,
          'invalid_token. The provided token is a OIDC_ID_TOKEN token and cannot be used to authenticate requests.',
        ),
      );
    });

    const newPat = async (name: string) => {
      const made = await user.post('/auth/v1/personalAccessToken', { name, scope: ['openid'] });
      return (made.body as M.AccessTokenGenerationResponse).token;
    };

    test('testValidateAccessToken_personalAccessToken_active: may be a personal one', async () => {
      expect(await use(await newPat('active'))).toMatchObject({ status: 200 });
    });

    test('testValidateAccessToken_personalAccessToken_inactive: that was not used for 180 days does not work', async () => {
      const token = await newPat('inactive');
      ahead = 180 * day + minute;
      expect(await use(token)).toEqual(refusal(401, 'Invalid access token'));
    });

    test('testValidateClientVerificationStatusVerified: works while its client is verified', async () => {
      const own = await readyClient(server, user);
      const tokens = await tokensOf(server, user, { client: own });
      expect(await use(tokens.access_token)).toMatchObject({ status: 200 });
      expect(await readClient(user, own.id)).toMatchObject({ verified: true });
    });

    test('testValidateClientVerificationStatusUnverified: does not work while it is not', async () => {
      const own = await readyClient(server, user);
      const tokens = await tokensOf(server, user, { client: own });
      await verify(server, own.id, false);
      expect(await use(tokens.access_token)).toEqual(refusal(401, 'Invalid access token'));
    });

    test('testRevokeRefreshTokenWithAccessToken: ends its refresh token when it is revoked', async () => {
      const tokens = await tokensOf(server, user, { client, ...lasting });
      expect(await revoke(client.login, tokens.access_token, 'access_token')).toMatchObject({
        status: 204,
      });
      expect(await refresh(server, client.login, tokens.refresh_token)).toMatchObject({
        status: 400,
      });
    });

    test('testRevokeRefreshTokenWithAccessTokenWithNoRefreshTokenId: ends alone without one', async () => {
      const [one, two] = [
        await tokensOf(server, user, { client }),
        await tokensOf(server, user, { client }),
      ];
      await revoke(client.login, one.access_token, 'access_token');
      expect(await use(one.access_token)).toEqual(dead);
      expect(await use(two.access_token)).toMatchObject({ status: 200 });
    });
  });

  test('testRevokeRefreshTokenWithRefreshToken: a refresh token is revoked by its client only', async () => {
    const fields = { scope: 'openid offline_access' };
    const tokens = await tokensOf(server, user, { client, ...fields });
    const other = await readyClient(server, user);
    expect(await revoke(other.login, tokens.refresh_token, 'refresh_token')).toEqual(
      refusal(403, 'You do not have permission to view this token metadata'),
    );
    expect(await revoke(client.login, tokens.refresh_token, 'refresh_token')).toMatchObject({
      status: 204,
    });
    expect(await revoke(client.login, tokens.refresh_token, 'refresh_token')).toEqual(
      refusal(404, 'The refresh token does not exist.'),
    );
  });

  test('testRevokeRefreshTokenWithUnknownHint: only these two kinds of tokens are revoked', async () => {
    expect(await revoke(client.login, 'x', 'id_token')).toMatchObject({ status: 400 });
  });

  describe('requested claims', () => {
    const recorded = async (claims: object | null) => {
      const own = await readyClient(server, user);
      await tokensOf(server, user, {
        client: own,
        scope: 'openid offline_access',
        ...(claims !== null && { claims }),
      });
      const path = `/auth/v1/oauth2/audit/grantedClients/${own.id}/tokens`;
      const { results } = (await user.get(path)).body as M.OAuthRefreshTokenInformationList;
      return results[0]?.claims;
    };

    test('testNormalizeClaims: are recorded without names that nobody knows', async () => {
      const claims = { userid: null, team: { values: ['2'] } };
      const sent = { ...claims, unknown: null, foo: { value: 'x' } };
      expect(await recorded({ id_token: sent, userinfo: sent })).toEqual({
        id_token: claims,
        userinfo: claims,
      });
    });

    test('testNormalizeClaims_null: are recorded as two empty parts when there are none', async () => {
      expect(await recorded(null)).toEqual({ id_token: {}, userinfo: {} });
    });

    test('testNormalizeClaims_nullFields: are recorded as empty parts where parts are null', async () => {
      expect(await recorded({ id_token: null, userinfo: null })).toEqual({
        id_token: {},
        userinfo: {},
      });
    });
  });

  test('testValidateClientVerificationStatusVerified: a deleted client has no tokens', async () => {
    const own = await readyClient(server, user);
    const tokens = await tokensOf(server, user, { client: own });
    expect(await user.delete(`${clientPath}/${own.id}`)).toMatchObject({ status: 200 });
    expect(await server.session(tokens.access_token).get(userInfoPath)).toMatchObject({
      status: 401,
    });
  });
});
