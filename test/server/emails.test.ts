import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Mail } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import { refusal, withSessions, type Session } from './entitySession.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const portal = 'http://localhost:8888/confirm:';

function latestMail(): Mail {
  const mail = server.synapse.mails.at(-1);
  if (mail === undefined) {
    throw new Error('No mail was sent');
  }
  return mail;
}

/** The token at the end of the link of the latest mail. */
function latestToken(): unknown {
  const { link = '' } = latestMail();
  expect(link.startsWith(portal)).toBe(true);
  return JSON.parse(Buffer.from(link.slice(portal.length), 'hex').toString()) as unknown;
}

async function login(username: string, password: string): Promise<Session> {
  const answer = await server.anonymous.post('/auth/v1/login2', { username, password });
  expect(answer).toMatchObject({ status: 201 });
  return server.session((answer.body as M.LoginResponse).accessToken);
}

describe('an account', () => {
  const offer = `/account/emailValidation?portalEndpoint=${encodeURIComponent(portal)}`;

  test('is made with the link that is mailed to its address', async () => {
    const { anonymous, synapse } = server;
    expect(await anonymous.post(offer, { email: 'frida@example.org' })).toMatchObject({
      status: 201,
      body: '',
    });
    expect(latestMail()).toMatchObject({ to: 'frida@example.org', subject: 'Welcome to Synapse!' });
    const { admin, alice } = synapse.users;
    expect(await api(synapse, admin.authToken).get('/admin/mails')).toMatchObject({
      body: { mails: synapse.mails },
    });
    expect(await api(synapse, alice.authToken).get('/admin/mails')).toMatchObject({ status: 403 });
    const { emailValidationSignedToken } = latestToken() as M.AccountCreationToken;
    const setup = {
      username: 'frida',
      firstName: 'Frida',
      lastName: null,
      password: 'a password of frida: 1',
      emailValidationSignedToken,
    };
    expect(await anonymous.post('/account2', { ...setup, password: 'short' })).toMatchObject({
      status: 400,
    });
    const forged = { ...emailValidationSignedToken, email: 'other@example.org' };
    expect(
      await anonymous.post('/account2', { ...setup, emailValidationSignedToken: forged }),
    ).toEqual(refusal(403, 'Token signature is invalid.'));
    expect(await anonymous.post('/account2', { ...setup, username: 'alice' })).toMatchObject({
      status: 409,
    });
    const made = await anonymous.post('/account2', setup);
    expect(made).toMatchObject({ status: 201, body: { acceptsTermsOfUse: false } });
    const { accessToken } = made.body as M.LoginResponse;
    const frida = server.session(accessToken);
    expect(await frida.get('/userProfile')).toMatchObject({ status: 403 });
    await frida.post('/auth/v1/termsOfUse2', { accessToken });
    expect(await frida.get('/userProfile')).toMatchObject({
      body: { userName: 'frida', firstName: 'Frida', emails: ['frida@example.org'] },
    });
    await login('frida', 'a password of frida: 1');
    expect(await anonymous.post('/account2', { ...setup, username: 'frida2' })).toMatchObject({
      status: 409,
    });
    expect(await anonymous.post(offer, { email: 'frida@example.org' })).toEqual(
      refusal(409, 'The email address provided is already used.'),
    );
  });

  test('is not made with an expired link', async () => {
    const { anonymous } = server;
    expect(await anonymous.post(offer, { email: 'no address' })).toMatchObject({ status: 400 });
    expect(
      await anonymous.post('/account/emailValidation?portalEndpoint=nowhere', {
        email: 'gerda@example.org',
      }),
    ).toEqual(refusal(400, expect.stringContaining('no protocol: nowhere')));
    await anonymous.post(offer, { email: 'gerda@example.org' });
    const { emailValidationSignedToken } = latestToken() as M.AccountCreationToken;
    ahead = day + 1000;
    const setup = { username: 'gerda', password: 'gerda-passw0rd', emailValidationSignedToken };
    expect(await anonymous.post('/account2', setup)).toEqual(
      refusal(400, 'Email validation link is out of date.'),
    );
    ahead = 0;
  });

  test('gets a further address with the link that is mailed there', async () => {
    const { alice, bob } = server;
    const path = (name: 'alice' | 'bob') =>
      `/account/${server.userId(name)}/emailValidation?portalEndpoint=${encodeURIComponent(portal)}`;
    const email = 'alice@work.example.org';
    expect(await alice.post(path('bob'), { email })).toMatchObject({ status: 400 });
    expect(await alice.post(path('alice'), { email: 'bob@example.org' })).toMatchObject({
      status: 409,
    });
    expect(await alice.post(path('alice'), { email })).toMatchObject({ status: 201 });
    expect(latestMail()).toMatchObject({ to: email });
    const token = latestToken() as M.EmailValidationSignedToken;
    expect(await bob.post('/email', token)).toEqual(
      refusal(400, `Invalid token for userId ${server.userId('bob')}`),
    );
    const added = await alice.post('/email?setAsNotificationEmail=true', token);
    expect(added).toMatchObject({ status: 201, body: '' });
    expect(await alice.get('/notificationEmail')).toMatchObject({ body: { email } });
    expect(await alice.get('/userProfile')).toMatchObject({
      body: { emails: ['alice@example.org', email] },
    });
    // The address is there already, so nothing changes.
    expect(await alice.post('/email', token)).toMatchObject({ status: 201 });
    expect(await alice.get('/userProfile')).toMatchObject({
      body: { emails: ['alice@example.org', email] },
    });
  });
});

describe('a user who cannot log in', () => {
  const reset = `/auth/v1/user/password/reset?passwordResetEndpoint=${encodeURIComponent(portal)}`;

  test('sets a new password with the mailed link once', async () => {
    const { anonymous } = server;
    const before = server.synapse.mails.length;
    expect(await anonymous.post(reset, { email: 'nobody@example.org' })).toMatchObject({
      status: 204,
    });
    expect(server.synapse.mails).toHaveLength(before);
    await anonymous.post(reset, { email: 'carol' });
    expect(latestMail()).toMatchObject({ to: 'carol@example.org' });
    const change = {
      concreteType: 'org.sagebionetworks.repo.model.auth.ChangePasswordWithToken',
      newPassword: 'a new one of carol: 1',
      passwordChangeToken: latestToken() as M.PasswordResetSignedToken,
    };
    const path = '/auth/v1/user/changePassword';
    expect(await anonymous.post(path, { ...change, passwordChangeToken: null })).toMatchObject({
      status: 400,
    });
    expect(await anonymous.post(path, change)).toMatchObject({ status: 204 });
    await login('carol', 'a new one of carol: 1');
    expect(await anonymous.post(path, change)).toEqual(
      refusal(400, 'Password reset token is invalid'),
    );
  });

  test('does away with a lost second factor with the mailed link', async () => {
    const { anonymous } = server;
    const session = await login('bob', 'bob-password');
    const enrolled = (await session.post('/auth/v1/2fa/enroll', undefined)).body as {
      secretId: string;
      secret: string;
    };
    const { secretId, secret } = enrolled;
    await session.post('/auth/v1/2fa', { secretId, totp: oneTimeCode(secret) });
    const credentials = { username: 'bob', password: 'bob-password' };
    const refused = await anonymous.post('/auth/v1/login2', credentials);
    expect(refused).toMatchObject({ status: 401 });
    const { twoFaToken, userId } = refused.body as M.TwoFactorAuthErrorResponse;
    const request = { userId, twoFaToken, twoFaResetEndpoint: portal };
    const path = '/auth/v1/2fa/reset';
    expect(await anonymous.post(path, { ...request, twoFaToken: 'forged.x' })).toMatchObject({
      status: 401,
    });
    expect(await anonymous.post(path, request)).toMatchObject({ status: 204 });
    const twoFaResetToken = latestToken() as M.TwoFactorAuthResetToken;
    const disable = '/auth/v1/2fa/disable';
    expect(await anonymous.post(disable, { twoFaResetToken })).toMatchObject({ status: 400 });
    expect(await anonymous.post(disable, { twoFaToken })).toMatchObject({ status: 400 });
    expect(await anonymous.post(disable, { twoFaToken, twoFaResetToken })).toMatchObject({
      status: 204,
    });
    await login('bob', 'bob-password');
  });
});

describe('a notification', () => {
  test('is mailed until its reader wants no more', async () => {
    const { admin, anonymous, alice } = server;
    const team = await admin.post('/team', { name: 'A team that writes' });
    const { id: teamId } = team.body as M.Team;
    const query = `acceptInvitationEndpoint=${encodeURIComponent(portal)}&notificationUnsubscribeEndpoint=${encodeURIComponent('http://localhost/stop:')}`;
    const invite = (fields: M.MembershipInvitation) =>
      admin.post(`/membershipInvitation?${query}`, { teamId, ...fields });
    await invite({ inviteeEmail: 'stranger@example.org', message: 'Come <in>' });
    expect(latestMail()).toMatchObject({
      to: 'stranger@example.org',
      subject: 'Ada Admin has invited you to join the A team that writes team',
      html: expect.stringContaining('Come &lt;in&gt;') as unknown,
    });
    const { membershipInvitationId } = latestToken() as M.MembershipInvtnSignedToken;
    expect(membershipInvitationId).toMatch(/^\d+$/);
    const inviteeId = String(server.userId('alice'));
    await invite({ inviteeId });
    const [, hex = ''] = /localhost\/stop:([0-9a-f]+)"/.exec(latestMail().html) ?? [];
    const token = JSON.parse(Buffer.from(hex, 'hex').toString()) as object;
    expect(await anonymous.put('/notificationSettings', { ...token, userId: '1' })).toMatchObject({
      status: 403,
    });
    expect(await anonymous.put('/notificationSettings', token)).toMatchObject({
      status: 200,
      body: { message: 'You have successfully updated your email notification settings.' },
    });
    expect(await alice.get('/userProfile')).toMatchObject({
      body: { notificationSettings: { sendEmailNotifications: false } },
    });
    const before = server.synapse.mails.length;
    await invite({ inviteeId });
    expect(server.synapse.mails).toHaveLength(before);
    expect((await alice.get('/message/inbox?limit=10')).body).toMatchObject({
      results: [{}, {}],
    });
  });
});
