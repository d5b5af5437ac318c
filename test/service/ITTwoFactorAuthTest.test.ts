import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  confirmSecret,
  enableTwoFactor,
  logIn,
  mailedToken,
  mailsTo,
  newAccount,
  portal,
  type Account,
} from './accounts.js';

const server = withSessions();
const path = '/auth/v1/2fa';

/** A new account with two-factor authentication. */
async function protectedAccount(): Promise<{ account: Account; secret: string }> {
  const account = await newAccount(server);
  const { secret = '' } = await enableTwoFactor(account.session);
  return { account, secret };
}

/** Starts a login that needs a second factor. */
async function startLogin(account: Account): Promise<{ userId: number; twoFaToken: string }> {
  const answer = await logIn(server, account);
  expect(answer).toMatchObject({ status: 401, body: { errorCode: 'TWO_FA_REQUIRED' } });
  const { userId = 0, twoFaToken = '' } = answer.body as M.TwoFactorAuthErrorResponse;
  return { userId, twoFaToken };
}

describe('ITTwoFactorAuthTest', () => {
  describe('testEnable2FaRoundTrip', () => {
    let account: Account;
    let first: M.TotpSecret;

    beforeAll(async () => {
      account = await newAccount(server);
    });

    test('testEnable2FaRoundTrip: is off at first, and on after a code of an issued secret', async () => {
      expect(await account.session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
      first = await enableTwoFactor(account.session);
      expect(await account.session.get(path)).toMatchObject({ body: { status: 'ENABLED' } });
    });

    test('testEnable2FaRoundTrip: a secret in use cannot be confirmed again, another one replaces it', async () => {
      const enrolled = await account.session.post(`${path}/enroll`, undefined);
      expect(enrolled).toMatchObject({ status: 201 });
      expect(await account.session.get(path)).toMatchObject({ body: { status: 'ENABLED' } });
      expect(await confirmSecret(account.session, first)).toEqual(
        refusal(400, 'Two factor authentication is already enabled with this secret'),
      );
      expect(await confirmSecret(account.session, enrolled.body as M.TotpSecret)).toMatchObject({
        status: 200,
        body: { status: 'ENABLED' },
      });
    });

    test('testEnable2FaRoundTrip: is turned off again', async () => {
      expect(await account.session.delete(path)).toMatchObject({ status: 200 });
      expect(await account.session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
    });

    test('testEnable2FaRoundTrip: users are mailed about every change', () => {
      const subjects = mailsTo(server, account.email).map(({ subject }) => subject);
      expect(subjects).toEqual([
        'Two-Factor Authentication Enabled',
        'Two-Factor Authentication Enabled',
        'Two-Factor Authentication Disabled',
      ]);
    });
  });

  test('testLoginWith2Fa: a code completes the login', async () => {
    const { account, secret } = await protectedAccount();
    const started = await startLogin(account);
    const answer = await server.anonymous.post(`${path}/token`, {
      ...started,
      otpType: 'TOTP',
      otpCode: oneTimeCode(secret),
    });
    expect(answer).toMatchObject({ status: 200, body: { accessToken: expect.any(String) } });
    const session = server.session((answer.body as M.LoginResponse).accessToken);
    expect(await session.get(path)).toMatchObject({ body: { status: 'ENABLED' } });
    expect(await session.delete(path)).toMatchObject({ status: 200 });
    expect(await session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
  });

  test('testLoginWithRecoveryCodes: every recovery code completes one login, and new ones replace them', async () => {
    const { account } = await protectedAccount();
    const newCodes = async () => {
      const made = await account.session.post(`${path}/recoveryCodes`, undefined);
      expect(made).toMatchObject({ status: 201 });
      return (made.body as M.TwoFactorAuthRecoveryCodes).codes;
    };
    const [old = ''] = await newCodes();
    const started = await startLogin(account);
    const attempt = (otpCode: string) =>
      server.anonymous.post(`${path}/token`, { ...started, otpType: 'RECOVERY_CODE', otpCode });
    expect(await attempt(old)).toMatchObject({ status: 200 });
    const codes = await newCodes();
    expect(codes).toHaveLength(10);
    for (const code of codes) {
      expect(await attempt(code)).toMatchObject({ status: 200 });
      expect(await attempt(code)).toEqual(refusal(401, 'The provided code is invalid.'));
    }
    expect(await attempt(old)).toMatchObject({ status: 401 });
  });

  test('testChangePasswordWith2Fa: a code completes a change of the password', async () => {
    const { account, secret } = await protectedAccount();
    const type = 'org.sagebionetworks.repo.model.auth.ChangePassword';
    const change = '/auth/v1/user/changePassword';
    const newPassword = 'Another-Passw0rd';
    const refused = await server.anonymous.post(change, {
      concreteType: `${type}WithCurrentPassword`,
      username: account.username,
      currentPassword: account.password,
      newPassword,
    });
    expect(refused).toMatchObject({ status: 401, body: { errorCode: 'TWO_FA_REQUIRED' } });
    const { userId, twoFaToken } = refused.body as M.TwoFactorAuthErrorResponse;
    expect(
      await server.anonymous.post(change, {
        concreteType: `${type}WithTwoFactorAuthToken`,
        userId,
        twoFaToken,
        otpType: 'TOTP',
        otpCode: oneTimeCode(secret),
        newPassword,
      }),
    ).toMatchObject({ status: 204 });
    await startLogin({ ...account, password: newPassword });
    expect(await logIn(server, account)).toMatchObject({
      status: 401,
      body: { reason: 'The provided username/password combination is incorrect' },
    });
  });

  test('testReset2FaWithTokenWithTwoFaToken: the mailed link turns it off for a started login', async () => {
    const { account } = await protectedAccount();
    expect(mailsTo(server, account.email)).toMatchObject([
      { subject: 'Two-Factor Authentication Enabled' },
    ]);
    const request = { ...(await startLogin(account)), twoFaResetEndpoint: portal };
    expect(await server.anonymous.post(`${path}/reset`, request)).toMatchObject({ status: 204 });
    const twoFaResetToken = mailedToken(server, account.email) as M.TwoFactorAuthResetToken;
    const { twoFaToken } = await startLogin(account);
    expect(
      await server.anonymous.post(`${path}/disable`, { twoFaToken, twoFaResetToken }),
    ).toMatchObject({ status: 204 });
    expect(await account.session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
  });

  test('testReset2FaWithTokenWithPassword: the mailed link turns it off with the password', async () => {
    const { account } = await protectedAccount();
    const { id: userId, password } = account;
    const request = { userId, password, twoFaResetEndpoint: portal };
    expect(await server.anonymous.post(`${path}/reset`, request)).toMatchObject({ status: 204 });
    const twoFaResetToken = mailedToken(server, account.email) as M.TwoFactorAuthResetToken;
    expect(
      await server.anonymous.post(`${path}/disable`, { password, twoFaResetToken }),
    ).toMatchObject({ status: 204 });
    expect(await account.session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
  });
});
