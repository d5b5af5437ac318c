import { createHmac } from 'node:crypto';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { api, type Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { logIn, newAccount, type Account } from './accounts.js';

const server = withSessions();
const path = '/repo/v1/userProfile';
let account: Account;
let key: string;

beforeAll(async () => {
  account = await newAccount(server);
  const { body } = await account.session.get('/auth/v1/secretKey');
  key = (body as { secretKey: string }).secretKey;
});

function send(headers: Record<string, string>): Promise<Answer> {
  return api(server.synapse).get(path, { headers });
}

function signed(date: string, signature?: string): Record<string, string> {
  const text = account.username + path + date;
  return {
    userId: account.username,
    signatureTimestamp: date,
    signature:
      signature ?? createHmac('sha1', Buffer.from(key, 'base64')).update(text).digest('base64'),
  };
}

function asAccount(): object {
  return { status: 200, body: { userName: account.username } };
}

const anonymous = { status: 200, body: { userName: 'anonymous' } };

describe('AuthenticationFilterTest', () => {
  test.each([
    ['testAnonymous: a request without a token is one of the anonymous user'],
    ['testFilter_no_Credentials: a request without credentials passes'],
  ])('%s', async () => {
    expect(await send({})).toMatchObject(anonymous);
  });

  test('testSessionToken_isNull: an empty session token is none', async () => {
    expect(await send({ sessionToken: '  ' })).toMatchObject(anonymous);
  });

  test.each([
    ['testHmac: a signed request is one of its user'],
    ['testMatchHMACSHA1Signature: the signature is that of the name, the path and the time'],
  ])('%s', async () => {
    expect(await send(signed(new Date().toISOString()))).toMatchObject(asAccount());
  });

  test('testPLFM_2422: a wrong signature is refused', async () => {
    const answer = await send(signed(new Date().toISOString(), 'c2lnbmF0dXJl'));
    expect(answer).toEqual(refusal(401, 'Invalid digital signature: c2lnbmF0dXJl'));
  });

  test.each([[-32], [32]])(
    'testMatchHMACSHA1SignatureOutOfDate: a time that differs by %d minutes is refused',
    async (minutes) => {
      const date = new Date(Date.now() + minutes * 60_000).toISOString();
      expect(await send(signed(date))).toEqual(
        refusal(401, `Timestamp in request, ${date}, is out of date.`),
      );
    },
  );

  test('testFilter_validCredentials: a bearer token is that of its user', async () => {
    const authorization = `Bearer ${account.accessToken}`;
    expect(await send({ authorization })).toMatchObject(asAccount());
  });

  test('testFilter_AccessTokenPassedAsSessionToken: an access token may be a session token', async () => {
    expect(await send({ sessionToken: account.accessToken })).toMatchObject(asAccount());
  });

  test('noExternalUserIdParameter: a parameter of the request makes nobody another user', async () => {
    const query = `?userId=1&userId=${server.userId('admin')}`;
    expect(await account.session.get(`/userProfile${query}`)).toMatchObject(asAccount());
    expect(await server.anonymous.get(`/userProfile${query}`)).toMatchObject(anonymous);
  });

  test('testFilter_invalid_AccessToken: an invalid token is refused', async () => {
    expect(await send({ authorization: 'Bearer invalid' })).toEqual(
      refusal(401, 'Invalid access token'),
    );
  });

  test('testFilter_invalid_AccessToken: a login takes no notice of it', async () => {
    const stale = server.session('invalid');
    const { username, password } = account;
    expect(await stale.post('/auth/v1/login2', { username, password })).toMatchObject({
      status: 201,
    });
    expect(await logIn(server, account)).toMatchObject({ status: 201 });
  });
});
