import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { withSessions } from '../server/entitySession.js';
import { mailedToken, mailsTo, newAccount, portal } from './accounts.js';

const server = withSessions();
const query = `portalEndpoint=${encodeURIComponent(portal)}`;

/** Creates an account with the mailed link and returns the access token of its first session. */
async function signUp(username: string): Promise<string> {
  const names = { firstName: 'firstName', lastName: 'lastName' };
  const email = `${username}@foo.com`;
  expect(
    await server.anonymous.post(`/account/emailValidation?${query}`, { email, ...names }),
  ).toMatchObject({ status: 201 });
  expect(mailsTo(server, email)).toMatchObject([{ subject: 'Welcome to Synapse!' }]);
  const { emailValidationSignedToken } = mailedToken(server, email) as M.AccountCreationToken;
  const made = await server.anonymous.post('/account2', {
    emailValidationSignedToken,
    ...names,
    username,
    password: 'a-Passw0rd',
  });
  expect(made).toMatchObject({ status: 201, body: { accessToken: expect.any(String) } });
  const { accessToken } = made.body as M.LoginResponse;
  const { body } = await server.anonymous.get('/auth/v1/termsOfUse2/info');
  const { latestTermsOfServiceVersion: termsOfServiceVersion } = body as M.TermsOfServiceInfo;
  expect(
    await server.anonymous.post('/auth/v1/termsOfUse2', { accessToken, termsOfServiceVersion }),
  ).toMatchObject({ status: 204 });
  return accessToken;
}

describe('IT502SynapseJavaClientAccountTest', () => {
  test('testCreateNewAccount: the token of a new account works in the header sessionToken', async () => {
    const sessionToken = await signUp('first-account');
    const byToken = api(server.synapse, undefined, { sessionToken });
    expect(await byToken.get('/repo/v1/userProfile')).toMatchObject({
      status: 200,
      body: { userName: 'first-account', firstName: 'firstName', lastName: 'lastName' },
    });
  });

  test('testCreateNewAccountorAccessToken: the token of a new account works as a bearer token', async () => {
    const accessToken = await signUp('second-account');
    expect(await server.session(accessToken).get('/userProfile')).toMatchObject({
      status: 200,
      body: { userName: 'second-account', emails: ['second-account@foo.com'] },
    });
  });

  test('testAddEmail: the mailed link adds an address, and does nothing the second time', async () => {
    const { session, id, email } = await newAccount(server);
    const added = 'added@foo.com';
    expect(mailsTo(server, added)).toEqual([]);
    expect(
      await session.post(`/account/${id}/emailValidation?${query}`, { email: added }),
    ).toMatchObject({ status: 201 });
    expect(mailsTo(server, added)).toMatchObject([
      { subject: 'Request to add or change new email' },
    ]);
    const token = mailedToken(server, added) as M.EmailValidationSignedToken;
    expect(await session.post('/email?setAsNotificationEmail=false', token)).toMatchObject({
      status: 201,
    });
    expect(await session.post('/email', token)).toMatchObject({ status: 201 });
    expect(await session.get('/userProfile')).toMatchObject({ body: { emails: [email, added] } });
    expect(await session.get('/notificationEmail')).toMatchObject({ body: { email } });
    expect(await session.delete(`/email?email=${added}`)).toMatchObject({ status: 200 });
    expect(await session.get('/userProfile')).toMatchObject({ body: { emails: [email] } });
  });

  test('testNotificationEmail: the only address is that of the notifications', async () => {
    const { session, email } = await newAccount(server);
    expect(await session.get('/userProfile')).toMatchObject({ body: { emails: [email] } });
    expect(await session.get('/notificationEmail')).toMatchObject({ body: { email } });
    expect(await session.put('/notificationEmail', { email })).toMatchObject({ status: 200 });
    expect(await session.get('/notificationEmail')).toMatchObject({ body: { email } });
  });

  test('testCheckAliasAvailable: the name public is valid and taken', async () => {
    expect(
      await server.alice.post('/principal/available', { alias: 'public', type: 'TEAM_NAME' }),
    ).toMatchObject({ status: 201, body: { valid: true, available: false } });
  });

  test('testGetPrincipalAlias: the anonymous user is found by name', async () => {
    expect(
      await server.alice.post('/principal/alias', { alias: 'anonymous', type: 'USER_NAME' }),
    ).toMatchObject({ status: 200, body: { principalId: 273_950 } });
  });
});
