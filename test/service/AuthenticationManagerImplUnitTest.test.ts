import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  enableTwoFactor,
  logIn,
  mailedToken,
  newAccount,
  portal,
  subjectsTo,
  type Account,
} from './accounts.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const type = 'org.sagebionetworks.repo.model.auth.ChangePassword';
const newPassword = 'new-Passw0rd';
const wrongPassword = refusal(401, 'The provided username/password combination is incorrect');
/** Has no second factor. */
let account: Account;
/** Has a second factor. */
let guarded: Account;
let secret: string;

beforeAll(async () => {
  account = await newAccount(server);
  guarded = await newAccount(server);
  secret = (await enableTwoFactor(guarded.session)).secret ?? '';
});

afterEach(() => {
  ahead = 0;
});

function change(fields: object) {
  return server.anonymous.post('/auth/v1/user/changePassword', { newPassword, ...fields });
}

function changeWithPassword({ username, password }: Account, fields: object = {}) {
  return change({
    concreteType: `${type}WithCurrentPassword`,
    username,
    currentPassword: password,
    ...fields,
  });
}

async function resetToken({ email }: Account): Promise<M.PasswordResetSignedToken> {
  const path = `/auth/v1/user/password/reset?passwordResetEndpoint=${encodeURIComponent(portal)}`;
  const answer = await server.anonymous.post(path, { email });
  expect(answer).toMatchObject({ status: 204 });
  const { text } = { text: server.synapse.mails.at(-1)?.link ?? '' };
  const hex = text.slice(portal.length);
  return JSON.parse(Buffer.from(hex, 'hex').toString()) as M.PasswordResetSignedToken;
}

function changeWithToken(passwordChangeToken: object | null, fields: object = {}) {
  return change({ concreteType: `${type}WithToken`, passwordChangeToken, ...fields });
}

async function startedLogin(): Promise<{ userId: number; twoFaToken: string }> {
  const { body } = await logIn(server, guarded);
  const { userId = 0, twoFaToken = '' } = body as M.TwoFactorAuthErrorResponse;
  return { userId, twoFaToken };
}

function completeLogin(fields: object) {
  return server.anonymous.post('/auth/v1/2fa/token', fields);
}

function reset(fields: object) {
  return server.anonymous.post('/auth/v1/2fa/reset', {
    userId: guarded.id,
    twoFaResetEndpoint: portal,
    ...fields,
  });
}

function disable(fields: object) {
  return server.anonymous.post('/auth/v1/2fa/disable', fields);
}

describe('AuthenticationManagerImplUnitTest', () => {
  describe('a login', () => {
    test.each([
      ['testLogin: gives a session to who knows the password'],
      ['testGetLoginResponseAfterSuccessfulAuthentication: gives a token and a receipt'],
      ['testLoginWithNoPasswordCheckWith2FaDisabled: needs no second factor while it is off'],
    ])('%s', async () => {
      expect((await logIn(server, account)).body).toEqual({
        accessToken: expect.any(String),
        acceptsTermsOfUse: true,
        authenticationReceipt: expect.any(String),
      });
    });

    test.each([
      [{ username: null, password: 'x' }, 'LoginRequest.username is required.'],
      [{ username: 'x', password: null }, 'LoginRequest.password is required.'],
    ])('testLogin: with %j is refused', async (body, reason) => {
      expect(await server.anonymous.post('/auth/v1/login2', body)).toEqual(refusal(400, reason));
    });

    const reset = {
      status: 401,
      body: {
        errorCode: 'PASSWORD_RESET_VIA_EMAIL_REQUIRED',
        reason: 'You must change your password via email reset.',
      },
    };

    test.each([
      ['testLoginWithWeakPassword: with a password that is too simple needs a new one', 'weakness'],
      [
        'testValidateAuthReceiptAndCheckPasswordWithWeakPasswordAndPassPasswordCheck: with a password that is known to be common needs a new one',
        'a-Synapse-passw0rd',
      ],
    ])('%s', async (_title, password) => {
      const weak = await newAccount(server, { password });
      expect(await logIn(server, { ...weak, password })).toMatchObject(reset);
      const passwordChangeToken = await resetToken(weak);
      expect(await changeWithToken(passwordChangeToken)).toMatchObject({ status: 204 });
      expect(await logIn(server, { ...weak, password: newPassword })).toMatchObject({
        status: 201,
      });
    });

    test('testValidateAuthReceiptAndCheckPasswordWithWeakPasswordAndNotUsersActualPassword: says nothing of the kind about a wrong password', async () => {
      expect(await logIn(server, { ...account, password: 'weak' })).toEqual(wrongPassword);
    });

    test.each([
      ['testLoginAnd2FaEnabled: needs the second factor'],
      ['testLoginWithNoPasswordCheckWith2FaEnabled: gives a token for the second factor'],
    ])('%s', async () => {
      expect(await logIn(server, guarded)).toMatchObject({
        status: 401,
        body: {
          errorCode: 'TWO_FA_REQUIRED',
          userId: guarded.id,
          twoFaToken: expect.any(String),
          concreteType: 'org.sagebionetworks.repo.model.auth.TwoFactorAuthErrorResponse',
        },
      });
    });

    test('testAuthenticatedOn: is remembered', async () => {
      await logIn(server, account);
      const answer = await account.session.get('/auth/v1/authenticatedOn');
      expect(answer.body).toEqual({ authenticatedOn: expect.any(String) });
      const fresh = await newAccount(server);
      expect((await fresh.session.get('/auth/v1/authenticatedOn')).body).toEqual({});
    });

    test('testAuthenticatedOnAnonymous: is none of nobody', async () => {
      expect(await server.anonymous.get('/auth/v1/authenticatedOn')).toEqual(
        refusal(401, 'Cannot retrieve authentication time stamp for anonymous user.'),
      );
    });

    const attempt = ({ username, password }: Account, authenticationReceipt?: string) =>
      server.anonymous.post('/auth/v1/login2', { username, password, authenticationReceipt });

    test('testValidateAuthReceiptAndCheckPasswordWithoutReceipt: needs no receipt', async () => {
      expect(await attempt(account)).toMatchObject({ status: 201 });
    });

    test('testValidateAuthReceiptAndCheckPasswordWithInvalidReceipt: takes no notice of an invalid receipt', async () => {
      expect(await attempt(account, 'invalid')).toMatchObject({ status: 201 });
    });

    test('testValidateAuthReceiptAndCheckPasswordWithInvalidReceiptAndWrongPassword: is refused with a wrong password', async () => {
      expect(await attempt({ ...account, password: 'wrong' }, 'invalid')).toEqual(wrongPassword);
    });

    test('testValidateAuthReceiptAndCheckPasswordWithValidReceipt: is not locked for who has a receipt', async () => {
      const locked = await newAccount(server);
      const { authenticationReceipt } = (await attempt(locked)).body as M.LoginResponse;
      for (let n = 1; n <= 15; n += 1) {
        expect(await attempt({ ...locked, password: 'wrong' })).toEqual(wrongPassword);
        ahead += 2 ** n;
      }
      await attempt({ ...locked, password: 'wrong' });
      expect(await attempt(locked)).toMatchObject({ status: 423 });
      expect(await attempt(locked, authenticationReceipt)).toMatchObject({ status: 201 });
      expect(await attempt(locked)).toMatchObject({ status: 423 });
      // A new password ends the lock.
      await changeWithToken(await resetToken(locked));
      expect(await attempt({ ...locked, password: newPassword })).toMatchObject({ status: 201 });
    });

    test('testValidateAuthReceiptAndCheckPasswordWithValidReceiptAndWrongPassword: needs the password in spite of a receipt', async () => {
      const { authenticationReceipt } = (await attempt(account)).body as M.LoginResponse;
      expect(await attempt({ ...account, password: 'wrong' }, authenticationReceipt)).toEqual(
        wrongPassword,
      );
    });

    test('testFindUserForAuthenticationWithUserFound: takes the name or an address', async () => {
      for (const username of [account.username, account.email]) {
        expect(await logIn(server, { ...account, username })).toMatchObject({ status: 201 });
      }
    });

    test('testFindUserForAuthenticationWithUserNotFound: does not tell who exists', async () => {
      expect(await logIn(server, { ...account, username: 'nobody' })).toEqual(wrongPassword);
    });
  });

  describe('a new password', () => {
    test.each([
      ['testSetPasswordWithInvalidPassword: may not be too simple'],
      ['testChangePasswordWithWeakNewPassword: may not be too simple, and nothing changes'],
    ])('%s', async () => {
      const user = await newAccount(server);
      expect(await changeWithPassword(user, { newPassword: 'weak' })).toEqual(
        refusal(400, expect.stringContaining('A valid password must be at least 8 characters')),
      );
      expect(await logIn(server, user)).toMatchObject({ status: 201 });
    });

    describe('that was set', () => {
      let user: Account;

      beforeAll(async () => {
        user = await newAccount(server);
        expect(await changeWithPassword(user)).toMatchObject({ status: 204 });
      });

      test('testSetPasswordWithValidPassword: replaces the previous one', async () => {
        expect(await logIn(server, user)).toEqual(wrongPassword);
      });

      test('testValidateChangePasswordWithCurrentPassword: needs no second factor while it is off', async () => {
        expect(await logIn(server, { ...user, password: newPassword })).toMatchObject({
          status: 201,
        });
      });

      test('testChangePasswordWithCurrentPassword: is told to its user', () => {
        expect(subjectsTo(server, user.email)).toEqual(['Your Synapse Password Has Been Changed']);
      });

      test('testValidateChangePasswordWithCurrentPasswordAndRecentlyModified: is not replaced for a day', async () => {
        ahead = day - 60_000;
        expect(await changeWithPassword({ ...user, password: newPassword })).toEqual(
          refusal(
            400,
            'Your password was changed in the past 24 hours, you may update your password via email reset.',
          ),
        );
      });

      test('testLoginWithNotExpiredPassword: is valid for 120 days', async () => {
        ahead = 119 * day;
        expect(await logIn(server, { ...user, password: newPassword })).toMatchObject({
          status: 201,
        });
      });

      test('testLoginWithExpiredPassword: is refused after them', async () => {
        ahead = 120 * day + 60_000;
        expect(await logIn(server, { ...user, password: newPassword })).toMatchObject({
          status: 401,
          body: {
            errorCode: 'PASSWORD_RESET_VIA_EMAIL_REQUIRED',
            reason: 'Your password has expired, please update your password via email reset.',
          },
        });
      });

      test('testValidateChangePasswordWithCurrentPasswordAndPreviouslyModified: is replaced after a day', async () => {
        ahead = day + 60_000;
        const next = { newPassword: 'third-Passw0rd' };
        expect(await changeWithPassword({ ...user, password: newPassword }, next)).toMatchObject({
          status: 204,
        });
      });

      test('testValidateChangePasswordWithCurrentPasswordAndModifiedInTheFuture: is replaced when the clock went back', async () => {
        const next = { newPassword: 'fourth-Passw0rd' };
        expect(
          await changeWithPassword({ ...user, password: 'third-Passw0rd' }, next),
        ).toMatchObject({ status: 204 });
      });
    });

    test.each([
      [
        'testValidateChangePasswordWithCurrentPasswordAndNullUsername: needs a name',
        { username: null },
        'changePasswordWithCurrentPassword.username is required.',
      ],
      [
        'testValidateChangePasswordWithCurrentPasswordAndNullCurrentPassword: needs the current one',
        { currentPassword: null },
        'changePasswordWithCurrentPassword.currentPassword is required.',
      ],
      [
        'testChangePasswordWithNullNewPassword: needs to be there',
        { newPassword: null },
        'password is required.',
      ],
    ])('%s', async (_title, fields, reason) => {
      expect(await changeWithPassword(account, fields)).toEqual(refusal(400, reason));
    });

    test('testChangePasswordWithUnknownImplementation: is set in one of three ways', async () => {
      expect(await change({ concreteType: `${type}WithNothing` })).toMatchObject({ status: 400 });
    });

    test('testValidateChangePasswordWithCurrentPasswordAnd2FaEnabled: needs the second factor', async () => {
      expect(await changeWithPassword(guarded)).toMatchObject({
        status: 401,
        body: { errorCode: 'TWO_FA_REQUIRED', userId: guarded.id },
      });
      expect(await logIn(server, guarded)).toMatchObject({
        body: { errorCode: 'TWO_FA_REQUIRED' },
      });
    });

    test('testValidateChangePasswordWithToken: is set with a mailed token, once', async () => {
      const user = await newAccount(server);
      const token = await resetToken(user);
      expect(await changeWithToken(token)).toMatchObject({ status: 204 });
      expect(await changeWithToken(token)).toEqual(refusal(400, 'Password reset token is invalid'));
      expect(await logIn(server, { ...user, password: newPassword })).toMatchObject({
        status: 201,
      });
    });

    test('testValidateChangePasswordWithTokenAndInvalidToken: is not set with a forged or expired one', async () => {
      const user = await newAccount(server);
      const token = await resetToken(user);
      const invalid = refusal(400, 'Password reset token is invalid');
      expect(await changeWithToken({ ...token, userId: String(account.id) })).toEqual(invalid);
      ahead = day + 10_000;
      expect(await changeWithToken(token)).toEqual(invalid);
    });

    test('testValidateChangePasswordWithTokenAndMissingToken: is not set without one', async () => {
      expect(await changeWithToken(null)).toEqual(
        refusal(400, 'changePasswordWithToken.passwordChangeToken is required.'),
      );
    });

    test('testValidateChangePasswordWithTokenAnd2FaEnabled: needs the second factor beside a mailed token', async () => {
      expect(await changeWithToken(await resetToken(guarded))).toMatchObject({
        status: 401,
        body: { errorCode: 'TWO_FA_REQUIRED' },
      });
    });

    test('testValidateChangePasswordWithTwoFaToken: is set with the second factor', async () => {
      const user = await newAccount(server);
      const { secret: own = '' } = await enableTwoFactor(user.session);
      const { body } = await changeWithPassword(user);
      const { userId, twoFaToken } = body as M.TwoFactorAuthErrorResponse;
      const factor = { userId, twoFaToken, otpType: 'TOTP', otpCode: oneTimeCode(own) };
      const concreteType = `${type}WithTwoFactorAuthToken`;
      expect(await change({ concreteType, ...factor, otpCode: '000' })).toEqual(
        refusal(401, 'The provided code is invalid.'),
      );
      expect(await change({ concreteType, ...factor })).toMatchObject({ status: 204 });
    });
  });

  describe('a second factor', () => {
    test.each([
      ['testLoginWith2Fa: completes a login'],
      ['testValidateTwoFactorAuthTokenRequestWithTotpCode: may be a one-time code'],
    ])('%s', async () => {
      const otp = { otpType: 'TOTP', otpCode: oneTimeCode(secret) };
      expect(await completeLogin({ ...(await startedLogin()), ...otp })).toMatchObject({
        status: 200,
        body: { accessToken: expect.any(String) },
      });
    });

    test('testValidateTwoFactorAuthTokenRequestWithRecoveryCode: may be a recovery code', async () => {
      const { body } = await guarded.session.post('/auth/v1/2fa/recoveryCodes', undefined);
      const [otpCode] = (body as M.TwoFactorAuthRecoveryCodes).codes;
      const otp = { otpType: 'RECOVERY_CODE', otpCode };
      expect(await completeLogin({ ...(await startedLogin()), ...otp })).toMatchObject({
        status: 200,
      });
    });

    test('testValidateTwoFactorAuthTokenRequestWithNoOtpType: is a one-time code when nothing is said', async () => {
      const otpCode = oneTimeCode(secret);
      expect(await completeLogin({ ...(await startedLogin()), otpCode })).toMatchObject({
        status: 200,
      });
    });

    test('testValidateTwoFactorAuthTokenRequestWithInvalidToken: needs the token of a started login', async () => {
      const otpCode = oneTimeCode(secret);
      expect(await completeLogin({ userId: guarded.id, twoFaToken: 'x', otpCode })).toEqual(
        refusal(401, 'The provided 2fa token is invalid.'),
      );
    });

    test('testValidateTwoFactorAuthTokenRequestWithInvalidCode: is the right code', async () => {
      expect(await completeLogin({ ...(await startedLogin()), otpCode: '000000x' })).toEqual(
        refusal(401, 'The provided code is invalid.'),
      );
    });

    test('testValidateTwoFactorAuthTokenRequestWithNullRequest: needs a body', async () => {
      expect(await completeLogin(null as unknown as object)).toMatchObject({ status: 400 });
    });

    test.each([
      [
        'testValidateTwoFactorAuthTokenRequestWithNoUserId: needs a user',
        { userId: null },
        'The userId is required.',
      ],
      [
        'testValidateTwoFactorAuthTokenRequestWithNoOtpCode: needs a code',
        { otpCode: null },
        'The otpCode is required.',
      ],
      [
        'testValidateTwoFactorAuthTokenRequestWithNo2FaToken: needs a token',
        { twoFaToken: null },
        'The twoFaToken is required.',
      ],
    ])('%s', async (_title, fields, reason) => {
      const whole = { ...(await startedLogin()), otpCode: oneTimeCode(secret) };
      expect(await completeLogin({ ...whole, ...fields })).toEqual(refusal(400, reason));
    });
  });

  describe('a reset of the second factor', () => {
    test('testSend2FaResetNotificationWithTwoFaToken: is mailed for a started login', async () => {
      expect(await reset(await startedLogin())).toMatchObject({ status: 204 });
      expect(mailedToken(server, guarded.email)).toMatchObject({ userId: guarded.id });
    });

    test('testSend2FaResetNotificationWithInvalidToken: is not mailed without one', async () => {
      expect(await reset({ twoFaToken: 'x' })).toEqual(
        refusal(401, 'The provided 2fa token is invalid.'),
      );
    });

    test('testSend2FaResetNotificationWithPassword: is mailed for the password', async () => {
      expect(await reset({ password: guarded.password })).toMatchObject({ status: 204 });
    });

    test('testSend2FaResetNotificationWithInvalidPassword: is not mailed for a wrong one', async () => {
      expect(await reset({ password: 'wrong' })).toEqual(
        refusal(401, 'The provided password is invalid.'),
      );
    });

    test('testSend2FaResetNotificationWithNoRequest: needs a body', async () => {
      expect(await server.anonymous.post('/auth/v1/2fa/reset', undefined)).toMatchObject({
        status: 400,
      });
    });

    test.each([
      [
        'testSend2FaResetNotificationWithNoUser: needs a user',
        { userId: null, password: 'x' },
        'The userId is required.',
      ],
      [
        'testSend2FaResetNotificationWithNoTwoFaTokenOrPassword: needs a first factor',
        {},
        'The twoFaToken or the password are required.',
      ],
      [
        'testSend2FaResetNotificationWithNoResetEndpoint: needs a portal',
        { twoFaResetEndpoint: null, password: 'x' },
        'The twoFaResetEndpoint is required.',
      ],
    ])('%s', async (_title, fields, reason) => {
      expect(await reset(fields)).toEqual(refusal(400, reason));
    });

    const protectedUser = async () => {
      const user = await newAccount(server);
      await enableTwoFactor(user.session);
      const { id: userId, password } = user;
      await reset({ userId, password });
      return { user, twoFaResetToken: mailedToken(server, user.email) };
    };

    test('testDisable2FaWithTokenWithTwoFaToken: works for a started login', async () => {
      const { user, twoFaResetToken } = await protectedUser();
      const { twoFaToken } = (await logIn(server, user)).body as M.TwoFactorAuthErrorResponse;
      expect(await disable({ twoFaToken, twoFaResetToken })).toMatchObject({ status: 204 });
      expect(await logIn(server, user)).toMatchObject({ status: 201 });
    });

    test('testDisable2FaWithTokenWithInvalidTwoFaToken: does not work with an invalid one', async () => {
      const { twoFaResetToken } = await protectedUser();
      expect(await disable({ twoFaToken: 'x', twoFaResetToken })).toEqual(
        refusal(401, 'The provided 2fa token is invalid.'),
      );
    });

    test('testDisable2FaWithTokenWithPassword: works with the password', async () => {
      const { user, twoFaResetToken } = await protectedUser();
      expect(await disable({ password: user.password, twoFaResetToken })).toMatchObject({
        status: 204,
      });
    });

    test('testDisable2FaWithTokenWithInvalidPassword: does not work with a wrong one', async () => {
      const { twoFaResetToken } = await protectedUser();
      expect(await disable({ password: 'wrong', twoFaResetToken })).toEqual(
        refusal(401, 'The provided password is invalid.'),
      );
    });

    test('testDisable2FaWithTokenWithInvalidResetToken: does not work with a forged token', async () => {
      const { user, twoFaResetToken } = await protectedUser();
      const forged = { ...(twoFaResetToken as object), expiresOn: '2099-01-01T00:00:00.000Z' };
      expect(await disable({ password: user.password, twoFaResetToken: forged })).toEqual(
        refusal(401, 'The provided 2fa reset token is invalid.'),
      );
    });

    test('testDisable2FaWithTokenWithNoRequest: needs a body for its end', async () => {
      expect(await server.anonymous.post('/auth/v1/2fa/disable', undefined)).toMatchObject({
        status: 400,
      });
    });

    test('testDisable2FaWithTokenWithNoTwoFaTokenOrPassword: needs a first factor for its end', async () => {
      const { twoFaResetToken } = await protectedUser();
      expect(await disable({ twoFaResetToken })).toEqual(
        refusal(400, 'The twoFaToken or the password are required.'),
      );
    });

    test('testDisable2FaWithTokenWithNoResetToken: needs the mailed token for its end', async () => {
      expect(await disable({ password: guarded.password })).toEqual(
        refusal(400, 'The twoFaResetToken is required.'),
      );
    });
  });
});
