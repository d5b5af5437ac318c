import { createHmac } from 'node:crypto';

import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { api } from '../helpers/api.js';
import { logIn, mailedToken, mailsTo, newAccount, portal, type Account } from './accounts.js';

const server = withSessions();
const changePath = '/auth/v1/user/changePassword';
const alias = 'alias@foo.com';
let account: Account;

beforeAll(async () => {
  account = await newAccount(server);
  const { id, email, session } = account;
  const query = `portalEndpoint=${encodeURIComponent(portal)}`;
  expect(
    await session.post(`/account/${id}/emailValidation?${query}`, { email: alias }),
  ).toMatchObject({ status: 201 });
  const token = mailedToken(server, alias) as M.EmailValidationSignedToken;
  expect(await session.post('/email?setAsNotificationEmail=false', token)).toMatchObject({
    status: 201,
  });
  expect(await session.get('/notificationEmail')).toMatchObject({ body: { email } });
});

function sendReset(endpoint: string, email: string) {
  const query = `passwordResetEndpoint=${encodeURIComponent(endpoint)}`;
  return server.anonymous.post(`/auth/v1/user/password/reset?${query}`, { email });
}

describe('IT990AuthenticationController', () => {
  test('testGetAuthenticatedOn: tells when the user has last logged in', async () => {
    const login = (await logIn(server, account)).body as M.LoginResponse;
    const answer = await server.session(login.accessToken).get('/auth/v1/authenticatedOn');
    const { authenticatedOn = '' } = answer.body as M.AuthenticatedOn;
    expect(Math.abs(Date.parse(authenticatedOn) - Date.now())).toBeLessThan(60_000);
  });

  test('testLoginForAccessToken: a login gives an access token and a receipt', async () => {
    expect(await logIn(server, account)).toMatchObject({
      status: 201,
      body: { accessToken: expect.any(String), authenticationReceipt: expect.any(String) },
    });
  });

  test('testLoginWithReceipt: the older login gives a receipt, too, which a later login takes', async () => {
    const { username, password } = account;
    const first = await server.anonymous.post('/auth/v1/login', { username, password });
    expect(first).toMatchObject({
      status: 201,
      body: { sessionToken: expect.any(String), authenticationReceipt: expect.any(String) },
    });
    const { authenticationReceipt } = first.body as M.LoginResponse;
    expect(
      await server.anonymous.post('/auth/v1/login', { username, password, authenticationReceipt }),
    ).toMatchObject({ status: 201 });
  });

  test('testChangePasswordWithOldPassword: a second change within 24 hours is refused', async () => {
    const { username, password } = await newAccount(server);
    const change = (currentPassword: string, newPassword: string) =>
      server.anonymous.post(changePath, {
        concreteType: 'org.sagebionetworks.repo.model.auth.ChangePasswordWithCurrentPassword',
        username,
        currentPassword,
        newPassword,
      });
    const newPassword = 'newPassword-1';
    expect(await change(password, newPassword)).toMatchObject({ status: 204 });
    expect(await logIn(server, { username, password: newPassword })).toMatchObject({ status: 201 });
    expect(await change(newPassword, password)).toEqual(
      refusal(
        400,
        'Your password was changed in the past 24 hours, you may update your password via email reset.',
      ),
    );
    expect(await logIn(server, { username, password: newPassword })).toMatchObject({ status: 201 });
  });

  test.each([['/auth/v1/login2'], ['/auth/v1/login']])(
    'testSignTermsViaSessionToken: the token of a login at %s agrees to the terms',
    async (path) => {
      const { username, password } = account;
      const { body } = await server.anonymous.post(path, { username, password });
      const { accessToken, sessionToken } = body as M.LoginResponse & { sessionToken?: string };
      const request = { accessToken: sessionToken ?? accessToken, termsOfServiceVersion: '1.0.0' };
      expect(await server.anonymous.post('/auth/v1/termsOfUse2', request)).toMatchObject({
        status: 204,
      });
    },
  );

  test('testSignTermsViaAccessToken: an access token agrees to the latest terms', async () => {
    const { body } = await server.anonymous.get('/auth/v1/termsOfUse2/info');
    const { latestTermsOfServiceVersion: termsOfServiceVersion } = body as M.TermsOfServiceInfo;
    const { accessToken } = account;
    expect(
      await account.session.post('/auth/v1/termsOfUse2', { accessToken, termsOfServiceVersion }),
    ).toMatchObject({ status: 204 });
  });

  test('testNewSendResetPasswordEmail: the link for a new password is mailed', async () => {
    expect(await sendReset('https://www.synapse.org/', account.email)).toMatchObject({
      status: 204,
    });
    expect(mailsTo(server, account.email).at(-1)).toMatchObject({
      subject: 'Reset Synapse Password',
    });
  });

  test('testSendResetPasswordEmailWithEmailAlias: it is mailed to the address that was given', async () => {
    expect(await sendReset('https://www.synapse.org/', alias)).toMatchObject({ status: 204 });
    expect(mailsTo(server, alias).at(-1)).toMatchObject({ subject: 'Reset Synapse Password' });
  });

  test('testSendResetPasswordEmailToWrongAlias: nothing is mailed to an unknown address', async () => {
    const unknown = 'missing@synapse.org';
    expect(await sendReset('https://www.synapse.org/', unknown)).toMatchObject({ status: 204 });
    expect(mailsTo(server, unknown)).toEqual([]);
  });

  test('testSendPasswordResetEmailWithMissingProtocol: an address without a protocol is refused', async () => {
    expect(await sendReset('www.synapse.org', account.email)).toEqual(
      refusal(
        400,
        expect.stringContaining(
          'The provided endpoint creates an invalid URL with exception: java.net.MalformedURLException: no protocol:',
        ),
      ),
    );
  });

  test('testGetSecretKey: a request that is signed with the key is made as the user', async () => {
    const { body } = await account.session.get('/auth/v1/secretKey');
    const path = '/repo/v1/userProfile';
    const signed = (date: string) =>
      api(server.synapse, undefined, {
        userId: account.username,
        signatureTimestamp: date,
        signature: createHmac(
          'sha1',
          Buffer.from((body as { secretKey: string }).secretKey, 'base64'),
        )
          .update(account.username + path + date)
          .digest('base64'),
      });
    const now = signed(new Date().toISOString());
    expect(await now.get(path)).toMatchObject({ body: { userName: account.username } });
    // It is the signature of this path.
    expect(await now.get('/repo/v1/favorite')).toEqual(
      refusal(401, expect.stringContaining('Invalid digital signature: ')),
    );
    const before = new Date(Date.now() - 32 * 60_000).toISOString();
    expect(await signed(before).get(path)).toEqual(
      refusal(401, `Timestamp in request, ${before}, is out of date.`),
    );
  });

  test('testInvalidateSecretKey: a new key differs from the previous one', async () => {
    const byAccount = api(server.synapse, account.accessToken);
    const first = await byAccount.get('/auth/v1/secretKey');
    expect(first).toMatchObject({ status: 200, body: { secretKey: expect.any(String) } });
    expect((await byAccount.get('/auth/v1/secretKey')).body).toEqual(first.body);
    expect(await byAccount.delete('/auth/v1/secretKey')).toMatchObject({ status: 204 });
    expect((await byAccount.get('/auth/v1/secretKey')).body).not.toEqual(first.body);
  });

  test('testGetOAuth2AuthenticationUrl: the login page of a provider is told', async () => {
    const answer = await server.anonymous.post('/auth/v1/oauth2/authurl', {
      provider: 'GOOGLE_OAUTH_2_0',
      redirectUrl: 'https://domain.com',
      state: 'some state',
    });
    expect(answer).toMatchObject({ status: 200 });
    const { authorizationUrl = '' } = answer.body as M.OAuthUrlResponse;
    const { host, searchParams } = new URL(authorizationUrl);
    expect(host).toBe('accounts.google.com');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      redirect_uri: 'https://domain.com',
      scope: 'openid profile email',
      state: 'some state',
    });
  });

  const codeOf = (provider: string) => ({
    provider,
    redirectUrl: 'https://www.synapse.org',
    authenticationCode: 'test auth code',
  });

  test('testValidateOAuthAuthenticationCodeAndLogin: a wrong code gives no session', async () => {
    expect(
      await server.anonymous.post('/auth/v1/oauth2/session2', codeOf('GOOGLE_OAUTH_2_0')),
    ).toMatchObject({ status: 403 });
  });

  test('testCreateAccountViaOAuth2ForAccessToken: a wrong code gives no account', async () => {
    const body = { ...codeOf('GOOGLE_OAUTH_2_0'), userName: 'uname' };
    expect(await server.anonymous.post('/auth/v1/oauth2/account2', body)).toMatchObject({
      status: 403,
    });
  });

  test('testValidateOAuthAuthenticationCodeAndBindExternalId: a wrong code binds no identifier', async () => {
    expect(await account.session.post('/auth/v1/oauth2/alias', codeOf('ORCID'))).toMatchObject({
      status: 403,
    });
  });

  test('testUnbindExternalId: an identifier that the user does not have is not found', async () => {
    const orcid = 'http://orcid.org/1234-5678-9876-5432';
    const query = new URLSearchParams({ provider: 'ORCID', alias: orcid }).toString();
    expect(await account.session.delete(`/auth/v1/oauth2/alias?${query}`)).toEqual(
      refusal(404, `The alias ${orcid} is not associated with the given user`),
    );
  });
});
