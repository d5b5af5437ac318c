import { createHmac } from 'node:crypto';

import { beforeEach, afterEach, describe, expect, test } from '@jest/globals';
import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose';

import type * as M from '../../generated/models.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { api, type Api } from '../helpers/api.js';

let synapse: LocalSynapse;
let alice: Api;
let anonymous: Api;
/** Milliseconds that the server's clock is ahead. */
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  synapse = await startLocalSynapse({
    strict: true,
    now: () => new Date(Date.now() + ahead),
    onWarning: () => undefined,
  });
  alice = api(synapse, synapse.users.alice.authToken);
  anonymous = api(synapse);
});

afterEach(async () => {
  await synapse.close();
  expect(synapse.contractViolations).toEqual([]);
  expect(synapse.internalErrors).toEqual([]);
});

const day = 86_400_000;

async function login(userName: string, password = `${userName}-password`): Promise<Api> {
  const answer = await anonymous.post('/auth/v1/login2', { username: userName, password });
  expect(answer.status).toBe(201);
  return api(synapse, (answer.body as Required<M.LoginResponse>).accessToken);
}

async function newToken(session: Api, scope: string[], name?: string): Promise<string> {
  const answer = await session.post('/auth/v1/personalAccessToken', { scope, name });
  expect(answer.status).toBe(200);
  return (answer.body as Required<M.AccessTokenGenerationResponse>).token;
}

describe('tokens', () => {
  test('are JWTs that anybody can check with the published key', async () => {
    const { authToken, userId } = synapse.users.alice;
    const { body } = await anonymous.get('/auth/v1/oauth2/jwks');
    const [key] = (body as { keys: { kid: string; n: string; e: string }[] }).keys;
    expect(decodeProtectedHeader(authToken)).toEqual({ typ: 'JWT', kid: key?.kid, alg: 'RS256' });
    const publicKey = await importJWK({ kty: 'RSA', n: key?.n ?? '', e: key?.e ?? '' }, 'RS256');
    await compactVerify(authToken, publicKey);
    const claims = decodeJwt(authToken);
    expect(claims).toEqual({
      iss: synapse.authEndpoint,
      aud: '0',
      nbf: claims.iat,
      iat: expect.any(Number),
      jti: expect.stringMatching(/^\d+$/),
      sub: userId,
      token_type: 'PERSONAL_ACCESS_TOKEN',
      access: { scope: ['view', 'download', 'modify'], oidc_claims: {} },
    });
    expect(await anonymous.get('/auth/v1/.well-known/openid-configuration')).toMatchObject({
      body: { issuer: synapse.authEndpoint, jwks_uri: `${synapse.authEndpoint}/oauth2/jwks` },
    });
  });

  test('go into either header', async () => {
    const { authToken, userId } = synapse.users.alice;
    const headers = { sessionToken: authToken, authorization: 'Bearer nonsense' };
    expect(await anonymous.get('/repo/v1/userProfile', { headers })).toMatchObject({
      body: { ownerId: userId },
    });
  });

  test('that are bad are 401 even where none is needed', async () => {
    const { authToken } = synapse.users.alice;
    const [head = '', payload = '', signature = ''] = authToken.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...decodeJwt(authToken), sub: synapse.users.admin.userId }),
    ).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const token of [
      'nonsense',
      `${head}.${forged}.${signature}`,
      `${none}.${forged}.`,
      `${head}.${payload}.`,
    ]) {
      const answer = await api(synapse, token).get('/repo/v1/version');
      expect(answer).toMatchObject({ status: 401, body: { reason: 'Invalid access token' } });
      expect(answer.headers.get('www-authenticate')).toBe(
        'Bearer realm="Synapse Repository Services"',
      );
    }
    const other = await startLocalSynapse();
    expect((await api(other, authToken).get('/repo/v1/version')).status).toBe(401);
    await other.close();
  });

  test('give no more than the scopes they were made with', async () => {
    const session = await login('alice');
    const viewer = api(synapse, await newToken(session, ['view']));
    expect((await viewer.get('/repo/v1/userProfile')).status).toBe(200);
    expect((await viewer.post('/repo/v1/userGroupHeaders/aliases', { list: [] })).status).toBe(200);
    expect(await viewer.put('/repo/v1/userProfile', {})).toMatchObject({
      status: 403,
      body: {
        error: 'insufficient_scope',
        error_description: 'Request lacks scope(s) required by this service: modify',
        reason: 'insufficient_scope. Request lacks scope(s) required by this service: modify',
      },
    });
    expect((await viewer.get('/file/v1/fileHandle/1/url')).status).toBe(403);
    const nothing = api(synapse, await newToken(session, ['openid']));
    expect((await nothing.get('/repo/v1/userProfile')).status).toBe(403);
    // Neither a token without `authorize` nor one that asks for it may multiply.
    expect((await alice.post('/auth/v1/personalAccessToken', { scope: ['view'] })).status).toBe(
      403,
    );
    expect(decodeJwt(await newToken(session, ['authorize', 'modify', 'view']))).toMatchObject({
      access: { scope: ['modify', 'view'] },
    });
  });

  test('are refused once revoked', async () => {
    const session = await login('alice');
    const token = await newToken(session, ['view'], 'first');
    const { jti = '' } = decodeJwt(token);
    expect(
      await session.post('/auth/v1/personalAccessToken', { scope: ['view'], name: 'first' }),
    ).toMatchObject({
      status: 400,
      body: { reason: expect.stringContaining('two tokens with the same name') },
    });
    const list = await alice.get('/auth/v1/personalAccessToken');
    expect((list.body as M.AccessTokenRecordList).results.map(({ name }) => name)).toEqual([
      'first',
      'local',
    ]);
    expect(await alice.get(`/auth/v1/personalAccessToken/${jti}`)).toMatchObject({
      body: { id: jti, scopes: ['view'], state: 'ACTIVE' },
    });
    const bob = await login('bob');
    expect((await bob.get(`/auth/v1/personalAccessToken/${jti}`)).status).toBe(403);
    expect((await bob.delete(`/auth/v1/personalAccessToken/${jti}`)).status).toBe(403);
    expect((await bob.get('/auth/v1/personalAccessToken/99999')).status).toBe(404);
    expect((await anonymous.get('/auth/v1/personalAccessToken')).status).toBe(401);

    expect((await session.delete(`/auth/v1/personalAccessToken/${jti}`)).status).toBe(200);
    expect(await api(synapse, token).get('/repo/v1/userProfile')).toMatchObject({
      status: 401,
      body: { reason: 'Invalid access token' },
    });
  });

  test('lapse when they are not used for 180 days', async () => {
    ahead = 100 * day;
    expect((await alice.get('/repo/v1/userProfile')).status).toBe(200);
    ahead = 250 * day;
    expect((await alice.get('/repo/v1/userProfile')).status).toBe(200);
    ahead = 431 * day;
    expect(await alice.get('/repo/v1/userProfile')).toMatchObject({
      status: 401,
      body: { reason: 'Invalid access token' },
    });
  });

  test('are the 100 that were made last', async () => {
    const session = await login('bob');
    const first = await newToken(session, ['view'], 'n0');
    for (let n = 1; n <= 100; n += 1) {
      await newToken(session, ['view'], `n${n}`);
    }
    expect((await api(synapse, first).get('/repo/v1/userProfile')).status).toBe(401);
    const page = await session.get('/auth/v1/personalAccessToken');
    expect(page.body).toMatchObject({ nextPageToken: '50a50' });
    const rest = await session.get('/auth/v1/personalAccessToken?nextPageToken=50a50');
    expect((rest.body as M.AccessTokenRecordList).results).toHaveLength(50);
    expect(rest.body).not.toHaveProperty('nextPageToken');
  });
});

describe('login', () => {
  test('by name or e-mail gives a session of 24 hours with every scope', async () => {
    const answer = await anonymous.post('/auth/v1/login2', {
      username: 'Alice@Example.org',
      password: 'alice-password',
    });
    expect(answer).toMatchObject({ status: 201, body: { acceptsTermsOfUse: true } });
    const { accessToken } = answer.body as M.LoginResponse;
    const { iat = 0, exp = 0, ...claims } = decodeJwt(accessToken);
    expect(exp - iat).toBe(86_400);
    expect(claims).toMatchObject({
      token_type: 'OIDC_ACCESS_TOKEN',
      sub: synapse.users.alice.userId,
      access: { scope: expect.arrayContaining(['view', 'authorize']) },
    });
    const session = api(synapse, accessToken);
    const { body } = await session.get('/auth/v1/authenticatedOn');
    expect(
      Math.abs(Date.parse((body as M.AuthenticatedOn).authenticatedOn ?? '') - Date.now()),
    ).toBeLessThan(60_000);
    ahead = day;
    expect(await session.get('/repo/v1/userProfile')).toMatchObject({
      status: 401,
      body: { error: 'invalid_token', reason: 'invalid_token. The token has expired.' },
    });
  });

  test('a wrong name or password is 401 in the same words', async () => {
    const reason = 'The provided username/password combination is incorrect';
    for (const credentials of [
      { username: 'alice', password: 'wrong' },
      { username: 'nobody-here', password: 'alice-password' },
      { username: 'Administrators', password: '' },
    ]) {
      expect(await anonymous.post('/auth/v1/login2', credentials)).toMatchObject({
        status: 401,
        body: { reason },
      });
    }
    expect((await anonymous.post('/auth/v1/login2', { username: 'alice' })).status).toBe(400);
  });

  test('each wrong password locks the account twice as long as the one before', async () => {
    const known = await anonymous.post('/auth/v1/login2', {
      username: 'bob',
      password: 'bob-password',
    });
    const { authenticationReceipt } = known.body as M.LoginResponse;
    const attempt = (password: string, receipt?: string) =>
      anonymous.post('/auth/v1/login2', {
        username: 'bob',
        password,
        authenticationReceipt: receipt,
      });
    for (let n = 1; n <= 15; n += 1) {
      expect((await attempt('wrong')).status).toBe(401);
      ahead += 2 ** n;
    }
    expect((await attempt('wrong')).status).toBe(401);
    expect(await attempt('bob-password')).toMatchObject({
      status: 423,
      body: { reason: expect.stringMatching(/^You are locked out .* for \d+ milliseconds$/) },
    });
    expect((await attempt('bob-password', 'forged.receipt')).status).toBe(423);
    expect((await attempt('wrong', authenticationReceipt)).status).toBe(401);
    expect((await attempt('bob-password', authenticationReceipt)).status).toBe(201);
    // Who has a receipt neither locks the account nor ends the lock.
    expect((await attempt('bob-password')).status).toBe(423);
    ahead += 2 ** 16;
    expect((await attempt('bob-password')).status).toBe(201);
  });

  test('end one by one or all together', async () => {
    const [one, two] = [await login('alice'), await login('alice')];
    expect((await one.delete('/auth/v1/sessionAccessToken')).status).toBeLessThan(300);
    expect(await one.get('/repo/v1/userProfile')).toMatchObject({
      status: 401,
      body: { reason: 'invalid_token. The access token has been revoked.' },
    });
    expect((await two.get('/repo/v1/userProfile')).status).toBe(200);
    const { userId } = synapse.users.alice;
    const bob = await login('bob');
    expect((await bob.delete(`/auth/v1/user/${userId}/sessionAccessToken/all`)).status).toBe(403);
    expect(
      (await two.delete(`/auth/v1/user/${userId}/sessionAccessToken/all`)).status,
    ).toBeLessThan(300);
    expect((await two.get('/repo/v1/userProfile')).status).toBe(401);
  });

  test('go on after a new password', async () => {
    const three = await login('alice');
    const change = (currentPassword: string, newPassword: string) =>
      anonymous.post('/auth/v1/user/changePassword', {
        concreteType: 'org.sagebionetworks.repo.model.auth.ChangePasswordWithCurrentPassword',
        username: 'alice',
        currentPassword,
        newPassword,
      });
    expect((await change('alice-password', 'short')).status).toBe(400);
    expect((await change('wrong', 'Passw0rd of alice!')).status).toBe(401);
    ahead += 1000;
    expect((await change('alice-password', 'a new password')).status).toBe(400);
    expect((await change('alice-password', 'Passw0rd of alice!')).status).toBe(204);
    expect((await three.get('/repo/v1/userProfile')).status).toBe(200);
    await login('alice', 'Passw0rd of alice!');
    expect((await alice.get('/repo/v1/userProfile')).status).toBe(200);
  });

  test('an anonymous token is a token of the anonymous user', async () => {
    const answer = await anonymous.get('/auth/v1/anonymousToken?realm=0');
    const { accessToken } = answer.body as M.AccessTokenResponse;
    expect(await api(synapse, accessToken).get('/repo/v1/userProfile')).toMatchObject({
      status: 200,
      body: { ownerId: '273950', userName: 'anonymous' },
    });
  });
});

describe('two factors', () => {
  const code = (secret: string): string => {
    const bits = Array.from(secret, (char) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
    ).join('');
    const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() + ahead) / 30_000)));
    const hash = createHmac('sha1', key).update(counter).digest();
    const number = hash.readUInt32BE(hash.readUInt8(19) & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  };

  test('once enabled ask for a code at login', async () => {
    const session = await login('alice');
    const { body } = await session.post('/auth/v1/2fa/enroll');
    const { secretId = '', secret = '' } = body as M.TotpSecret;
    expect((await session.post('/auth/v1/2fa', { secretId, totp: 'abcdef' })).status).toBe(400);
    expect(await session.post('/auth/v1/2fa', { secretId, totp: code(secret) })).toMatchObject({
      body: { status: 'ENABLED' },
    });
    expect(await session.get('/repo/v1/userProfile')).toMatchObject({
      body: { twoFactorAuthEnabled: true },
    });
    const recovery = await session.post('/auth/v1/2fa/recoveryCodes');
    const [recoveryCode = ''] = (recovery.body as M.TwoFactorAuthRecoveryCodes).codes;

    const first = await anonymous.post('/auth/v1/login2', {
      username: 'alice',
      password: 'alice-password',
    });
    expect(first).toMatchObject({
      status: 401,
      body: {
        concreteType: 'org.sagebionetworks.repo.model.auth.TwoFactorAuthErrorResponse',
        errorCode: 'TWO_FA_REQUIRED',
        userId: Number(synapse.users.alice.userId),
        twoFaToken: expect.any(String),
      },
    });
    const { userId, twoFaToken } = first.body as M.TwoFactorAuthErrorResponse;
    const second = (otpCode: string, otpType: string, token = twoFaToken) =>
      anonymous.post('/auth/v1/2fa/token', { userId, twoFaToken: token, otpCode, otpType });
    expect((await second('000', 'TOTP')).status).toBe(401);
    expect((await second(code(secret), 'TOTP', 'forged')).status).toBe(401);
    expect(await second(code(secret), 'TOTP')).toMatchObject({
      status: 200,
      body: { accessToken: expect.any(String) },
    });
    expect((await second(recoveryCode, 'RECOVERY_CODE')).status).toBe(200);
    expect((await second(recoveryCode, 'RECOVERY_CODE')).status).toBe(401);
    ahead = 600_001;
    expect((await second(code(secret), 'TOTP')).status).toBe(401);

    expect((await session.delete('/auth/v1/2fa')).status).toBeLessThan(300);
    await login('alice');
  });
});

describe('terms of service', () => {
  test('who never agreed is refused everywhere until they do', async () => {
    const admin = api(synapse, synapse.users.admin.authToken);
    const made = await admin.post('/repo/v1/admin/user', { username: 'dave', tou: false });
    const { accessToken } = made.body as { accessToken: string };
    const dave = api(synapse, accessToken);
    expect(await dave.get('/repo/v1/userProfile')).toMatchObject({
      status: 403,
      body: { reason: 'Terms of use have not been signed.' },
    });
    expect(await dave.get('/auth/v1/termsOfUse2/status')).toMatchObject({
      body: { userCurrentTermsOfServiceState: 'MUST_AGREE_NOW' },
    });
    const agree = (version?: string) =>
      anonymous.post('/auth/v1/termsOfUse2', { accessToken, termsOfServiceVersion: version });
    expect((await agree('9.9.9')).status).toBe(400);
    expect((await agree('soon')).status).toBe(400);
    expect((await agree()).status).toBe(204);
    expect((await dave.get('/repo/v1/userProfile')).status).toBe(200);
    expect(await dave.get('/auth/v1/termsOfUse2/status')).toMatchObject({
      body: { userCurrentTermsOfServiceState: 'UP_TO_DATE', lastAgreementVersion: '0.0.0' },
    });
    expect((await anonymous.get('/auth/v1/termsOfUse2/status')).status).toBe(400);
  });

  test('an administrator may ask for a newer version from some day on', async () => {
    const admin = api(synapse, synapse.users.admin.authToken);
    const requirements = {
      minimumTermsOfServiceVersion: '1.0.0',
      requirementDate: new Date(Date.now() + day).toISOString(),
    };
    const path = '/auth/v1/termsOfUse2/requirements';
    expect((await alice.put(path, requirements)).status).toBe(403);
    expect(await admin.put(path, requirements)).toMatchObject({
      body: { currentRequirements: requirements, latestTermsOfServiceVersion: '1.0.0' },
    });
    const state = async () =>
      ((await alice.get('/auth/v1/termsOfUse2/status')).body as M.TermsOfServiceStatus)
        .userCurrentTermsOfServiceState;
    expect(await state()).toBe('MUST_AGREE_SOON');
    ahead = 2 * day;
    expect(await state()).toBe('MUST_AGREE_NOW');
  });
});
