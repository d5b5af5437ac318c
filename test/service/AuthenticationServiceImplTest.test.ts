import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { loggedIn, mailsTo, newAccount, portal, subjectsTo, type Account } from './accounts.js';

const server = withSessions();
const termsPath = '/auth/v1/termsOfUse2';
let account: Account;

beforeAll(async () => {
  account = await newAccount(server);
});

function sendReset(email: string) {
  const query = `passwordResetEndpoint=${encodeURIComponent(portal)}`;
  return server.anonymous.post(`/auth/v1/user/password/reset?${query}`, { email });
}

function endSessions(by: Account['session'], id: number) {
  return by.delete(`/auth/v1/user/${id}/sessionAccessToken/all`);
}

describe('AuthenticationServiceImplTest', () => {
  test('testSignTermsOfService: the user of a token agrees to a version', async () => {
    const { session, accessToken } = await newAccount(server, { tou: false });
    const request = { accessToken, termsOfServiceVersion: '1.0.0' };
    expect(await server.anonymous.post(termsPath, request)).toMatchObject({ status: 204 });
    expect(await session.get(`${termsPath}/status`)).toMatchObject({
      body: { lastAgreementVersion: '1.0.0' },
    });
    expect(await server.anonymous.post(termsPath, {})).toEqual(
      refusal(400, 'Access token contents is required.'),
    );
  });

  test('testSignTermsOfServiceWithoutVersion: the version may be left out', async () => {
    const { session, accessToken } = await newAccount(server, { tou: false });
    expect(await server.anonymous.post(termsPath, { accessToken })).toMatchObject({ status: 204 });
    expect(await session.get('/userProfile')).toMatchObject({ status: 200 });
  });

  test('testGetTermsOfServiceInfo: everybody knows the terms', async () => {
    expect(await server.anonymous.get(`${termsPath}/info`)).toMatchObject({ status: 200 });
  });

  test('testGetUserTermsOfServiceStatus: users know their own state', async () => {
    expect(await account.session.get(`${termsPath}/status`)).toMatchObject({
      body: { userId: String(account.id), userCurrentTermsOfServiceState: 'UP_TO_DATE' },
    });
  });

  test('testUpdateTermsOfServiceRequirements: the new requirements are told', async () => {
    const requirements = {
      minimumTermsOfServiceVersion: '0.0.0',
      requirementDate: '2011-01-01T00:00:00.000Z',
    };
    expect(await server.admin.put(`${termsPath}/requirements`, requirements)).toMatchObject({
      body: { currentRequirements: requirements },
    });
  });

  test('testGetOAuthAuthenticationUrl: the login page of a provider is told', async () => {
    const answer = await server.anonymous.post('/auth/v1/oauth2/authurl', {
      provider: 'ORCID',
      redirectUrl: 'https://domain.com',
    });
    const { authorizationUrl } = answer.body as M.OAuthUrlResponse;
    expect(authorizationUrl).toMatch(/^https:\/\/orcid\.org\/oauth\/authorize\?/);
    expect(authorizationUrl).not.toContain('state=');
  });

  test('testBindExternalIDAnonymous: nobody binds an identifier', async () => {
    const request = {
      provider: 'ORCID',
      redirectUrl: 'https://domain.com',
      authenticationCode: 'x',
    };
    expect(await server.anonymous.post('/auth/v1/oauth2/alias', request)).toEqual(
      refusal(403, 'User ID is required.'),
    );
  });

  test('testChangePassword: a changed password is told by mail', async () => {
    const user = await newAccount(server);
    expect(
      await server.anonymous.post('/auth/v1/user/changePassword', {
        concreteType: 'org.sagebionetworks.repo.model.auth.ChangePasswordWithCurrentPassword',
        username: user.username,
        currentPassword: user.password,
        newPassword: 'new-Passw0rd',
      }),
    ).toMatchObject({ status: 204 });
    expect(subjectsTo(server, user.email)).toEqual(['Your Synapse Password Has Been Changed']);
  });

  test('testSendPasswordResetEmail: a user name gets its link at the notification address', async () => {
    expect(await sendReset(account.username)).toMatchObject({ status: 204 });
    expect(subjectsTo(server, account.email)).toEqual(['Reset Synapse Password']);
  });

  test('testSendPasswordResetEmail_UserNotFound: nobody learns who exists', async () => {
    const { length } = server.synapse.mails;
    expect(await sendReset('unknown@example.org')).toMatchObject({ status: 204 });
    expect(server.synapse.mails).toHaveLength(length);
  });

  test('testSendPasswordResetEmailWithEmailAlias: an address gets its link itself', async () => {
    const user = await newAccount(server);
    await sendReset(user.email);
    expect(mailsTo(server, user.email)).toMatchObject([{ subject: 'Reset Synapse Password' }]);
  });

  test.each([
    [true, 200],
    [false, 403],
  ])(
    'testHasUserAcceptedTermsOfService: a user who has agreed (%j) is answered with %d',
    async (tou, status) => {
      const { session } = await newAccount(server, { tou });
      expect(await session.get('/userProfile')).toMatchObject({ status });
    },
  );

  test('testRevokeSessionAccessToken: a session ends itself', async () => {
    const { session } = await newAccount(server);
    expect(await session.delete('/auth/v1/sessionAccessToken')).toMatchObject({ status: 200 });
    expect(await session.get('/userProfile')).toMatchObject({ status: 401 });
  });

  test('testRevokeAllSessionAccessTokensWithSameUser: users end all of their sessions', async () => {
    const user = await newAccount(server);
    expect(await endSessions(user.session, user.id)).toMatchObject({ status: 200 });
    expect(await user.session.get('/userProfile')).toMatchObject({ status: 401 });
  });

  test('testRevokeAllSessionAccessTokensWithDifferentUserAndAdmin: an administrator ends those of others', async () => {
    const user = await newAccount(server);
    const admin = await loggedIn(server, 'admin');
    expect(await endSessions(admin, user.id)).toMatchObject({ status: 200 });
    expect(await user.session.get('/userProfile')).toMatchObject({ status: 401 });
    expect(await admin.get('/userProfile')).toMatchObject({ status: 200 });
  });

  test('testRevokeAllSessionAccessTokensWithDifferentUserAndNotAnAdmin: other users do not', async () => {
    const user = await newAccount(server);
    expect(await endSessions(account.session, user.id)).toEqual(
      refusal(403, 'You are not authorized to perform this operation.'),
    );
    expect(await user.session.get('/userProfile')).toMatchObject({ status: 200 });
  });
});
