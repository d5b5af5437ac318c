import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  confirmSecret,
  enableTwoFactor,
  logIn,
  mailedToken,
  newAccount,
  portal,
  subjectsTo,
  type Account,
} from './accounts.js';

let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const path = '/auth/v1/2fa';
const type = 'org.sagebionetworks.repo.model.auth.ChangePassword';

afterEach(() => {
  ahead = 0;
});

async function enroll({ session }: Account): Promise<Required<M.TotpSecret>> {
  const answer = await session.post(`${path}/enroll`, undefined);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Required<M.TotpSecret>;
}

interface Protected {
  readonly account: Account;
  readonly secret: string;
}

async function protectedAccount(): Promise<Protected> {
  const account = await newAccount(server);
  const { secret = '' } = await enableTwoFactor(account.session);
  return { account, secret };
}

async function startLogin(account: Account): Promise<{ userId: number; twoFaToken: string }> {
  const { body } = await logIn(server, account);
  const { userId = 0, twoFaToken = '' } = body as M.TwoFactorAuthErrorResponse;
  expect(twoFaToken).not.toBe('');
  return { userId, twoFaToken };
}

function complete(fields: object) {
  return server.anonymous.post(`${path}/token`, { otpType: 'TOTP', ...fields });
}

async function recoveryCodes({ session }: Account): Promise<string[]> {
  const answer = await session.post(`${path}/recoveryCodes`, undefined);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as M.TwoFactorAuthRecoveryCodes).codes;
}

const notEnabled = refusal(400, 'Two factor authentication is not enabled');
const wrongCode = refusal(401, 'The provided code is invalid.');
const wrongToken = refusal(401, 'The provided 2fa token is invalid.');

describe('TwoFactorAuthManagerImplUnitTest', () => {
  test('testInit2FA: a secret is issued with the parameters of its codes', async () => {
    const account = await newAccount(server);
    expect(await enroll(account)).toMatchObject({
      secretId: expect.stringMatching(/^\d+$/),
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      alg: 'SHA1',
      digits: 6,
      period: 30,
    });
    expect(await account.session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
  });

  test.each([
    ['testEnable2Fa: a code of an issued secret turns it on'],
    ['testIsTotpValid: a code of the secret confirms it'],
  ])('%s', async () => {
    const account = await newAccount(server);
    expect(await confirmSecret(account.session, await enroll(account))).toMatchObject({
      status: 200,
      body: { status: 'ENABLED' },
    });
  });

  test('testEnable2FaWith2FaWithExistingActiveSecret: another secret replaces the one in use and its recovery codes', async () => {
    const { account, secret } = await protectedAccount();
    const [code = ''] = await recoveryCodes(account);
    const next = await enroll(account);
    expect(await confirmSecret(account.session, next)).toMatchObject({ status: 200 });
    const started = await startLogin(account);
    expect(await complete({ ...started, otpType: 'RECOVERY_CODE', otpCode: code })).toEqual(
      wrongCode,
    );
    expect(await complete({ ...started, otpCode: oneTimeCode(secret) })).toEqual(wrongCode);
    expect(await complete({ ...started, otpCode: oneTimeCode(next.secret) })).toMatchObject({
      status: 200,
    });
  });

  test('testEnable2FaWithInvalidSecret: a secret of another user is refused', async () => {
    const account = await newAccount(server);
    const stolen = await enroll(await newAccount(server));
    expect(await confirmSecret(account.session, stolen)).toEqual(refusal(403, 'Invalid secret id'));
    expect(await account.session.get(path)).toMatchObject({ body: { status: 'DISABLED' } });
  });

  test('testEnable2FaWithSecretEnabled: a secret is confirmed once', async () => {
    const account = await newAccount(server);
    const secret = await enroll(account);
    await confirmSecret(account.session, secret);
    expect(await confirmSecret(account.session, secret)).toEqual(
      refusal(400, 'Two factor authentication is already enabled with this secret'),
    );
  });

  test.each([
    ['testEnable2FaWithInvalidTotp: a wrong code is refused'],
    ['testIsTotpValidWithInvalid: a code of another secret is refused'],
  ])('%s', async () => {
    const account = await newAccount(server);
    const { secretId } = await enroll(account);
    const { secret } = await enroll(account);
    expect(await confirmSecret(account.session, { secretId, secret })).toEqual(
      refusal(400, 'Invalid totp code'),
    );
  });

  test('testEnable2FaWithNoRequest: a request needs a body', async () => {
    const { session } = await newAccount(server);
    expect(await session.post(path, undefined)).toMatchObject({ status: 400 });
  });

  test('testEnable2FaWithNoSecretId: a request names a secret', async () => {
    const { session } = await newAccount(server);
    expect(await session.post(path, { totp: '123456' })).toEqual(
      refusal(400, 'The secret id is required.'),
    );
  });

  test('testEnable2FaWithNoTotpCode: a request has a code', async () => {
    const { session } = await newAccount(server);
    expect(await session.post(path, { secretId: '1' })).toEqual(
      refusal(400, 'The totp code is required.'),
    );
  });

  test('testGet2FAStatus: it is off at first', async () => {
    const { session } = await newAccount(server);
    expect(await session.get(path)).toMatchObject({ status: 200, body: { status: 'DISABLED' } });
  });

  test('testGet2FAStatusWithActiveSecret: it is on with a confirmed secret', async () => {
    const { account } = await protectedAccount();
    expect(await account.session.get(path)).toMatchObject({ body: { status: 'ENABLED' } });
  });

  test('testGet2FAStatusWithAnonymousUser: it is off for nobody', async () => {
    expect(await server.anonymous.get(path)).toMatchObject({
      status: 200,
      body: { status: 'DISABLED' },
    });
  });

  test('testDisable2Fa: it is turned off, and the login needs no code any more', async () => {
    const { account } = await protectedAccount();
    expect(await account.session.delete(path)).toMatchObject({ status: 200 });
    expect(await logIn(server, account)).toMatchObject({ status: 201 });
  });

  test('testDisable2FaWithNoActiveSecret: it is not turned off twice', async () => {
    const { session } = await newAccount(server);
    expect(await session.delete(path)).toEqual(notEnabled);
  });

  test('testAssertValidUserWithAnonymousUser: nobody has none', async () => {
    const reason = 'You need to authenticate to perform this action';
    const { anonymous } = server;
    expect(await anonymous.post(`${path}/enroll`, undefined)).toEqual(refusal(403, reason));
    expect(await anonymous.post(path, {})).toEqual(refusal(403, reason));
    expect(await anonymous.delete(path)).toEqual(refusal(403, reason));
    expect(await anonymous.post(`${path}/recoveryCodes`, undefined)).toEqual(refusal(403, reason));
  });

  test('testValidate2FaTotpCode: a code is valid for its period, and one more', async () => {
    const { account, secret } = await protectedAccount();
    const code = oneTimeCode(secret);
    ahead = 30_000;
    expect(await complete({ ...(await startLogin(account)), otpCode: code })).toMatchObject({
      status: 200,
    });
    ahead = 90_000;
    expect(await complete({ ...(await startLogin(account)), otpCode: code })).toEqual(wrongCode);
  });

  test('testValidate2FaTotpCodeWithInvalid: another code is not', async () => {
    const { account } = await protectedAccount();
    expect(await complete({ ...(await startLogin(account)), otpCode: 'abcdef' })).toEqual(
      wrongCode,
    );
  });

  test.each([
    ['', 'The otpCode is required and must not be the empty string.'],
    ['  ', 'The otpCode is required and must not be a blank string.'],
  ])('testValidate2FaTotpCodeWithNoCode: %j is no code', async (otpCode, reason) => {
    const { account } = await protectedAccount();
    expect(await complete({ ...(await startLogin(account)), otpCode })).toEqual(
      refusal(400, reason),
    );
  });

  test('testGenerate2FaToken: the token of a started login is valid for ten minutes', async () => {
    const { account, secret } = await protectedAccount();
    const started = await startLogin(account);
    ahead = 10 * 60_000 + 1000;
    expect(await complete({ ...started, otpCode: oneTimeCode(secret) })).toEqual(wrongToken);
  });

  test('testValidate2FaToken: it completes the login', async () => {
    const { account, secret } = await protectedAccount();
    const started = await startLogin(account);
    expect(await complete({ ...started, otpCode: oneTimeCode(secret) })).toMatchObject({
      status: 200,
    });
  });

  test('testValidate2FaTokenWithDifferentContext: that of a login changes no password, and the other way round', async () => {
    const { account, secret } = await protectedAccount();
    const change = (fields: object) =>
      server.anonymous.post('/auth/v1/user/changePassword', {
        newPassword: 'new-Passw0rd',
        ...fields,
      });
    const otpCode = oneTimeCode(secret);
    const withToken = { concreteType: `${type}WithTwoFactorAuthToken`, otpType: 'TOTP', otpCode };
    expect(await change({ ...withToken, ...(await startLogin(account)) })).toEqual(wrongToken);
    const refused = await change({
      concreteType: `${type}WithCurrentPassword`,
      username: account.username,
      currentPassword: account.password,
    });
    const { userId, twoFaToken } = refused.body as M.TwoFactorAuthErrorResponse;
    expect(await complete({ userId, twoFaToken, otpCode })).toEqual(wrongToken);
    expect(await change({ ...withToken, userId, twoFaToken })).toMatchObject({ status: 204 });
  });

  test('testValidate2FaTokenWithDifferentUser: that of another user is refused', async () => {
    const { account, secret } = await protectedAccount();
    const other = await protectedAccount();
    const { twoFaToken } = await startLogin(other.account);
    expect(
      await complete({ userId: account.id, twoFaToken, otpCode: oneTimeCode(secret) }),
    ).toEqual(wrongToken);
  });

  test.each([
    ['testValidate2FaTokenWithUnauthorizedException: a forged token is refused', 'e30=.e30='],
    ['testValidate2FaTokenWithIllegalArgException: a text that is no token is refused', 'nonsense'],
  ])('%s', async (_title, twoFaToken) => {
    const { account, secret } = await protectedAccount();
    const otpCode = oneTimeCode(secret);
    expect(await complete({ userId: account.id, twoFaToken, otpCode })).toEqual(wrongToken);
  });

  test('testValidate2FaTokenWithNoToken: a token is required', async () => {
    const { account, secret } = await protectedAccount();
    expect(await complete({ userId: account.id, otpCode: oneTimeCode(secret) })).toEqual(
      refusal(400, 'The twoFaToken is required.'),
    );
  });

  test.each([
    ['testGetActiveSecretOrThrow: with a secret in use there are recovery codes'],
    ['testGenerateRecoveryCodes: there are ten recovery codes'],
  ])('%s', async () => {
    const { account } = await protectedAccount();
    const codes = await recoveryCodes(account);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
  });

  test('testGetActiveSecretOrThrowWith2FaDisabled: without one there are none', async () => {
    const { session } = await newAccount(server);
    expect(await session.post(`${path}/recoveryCodes`, undefined)).toEqual(notEnabled);
  });

  test.each([
    ['testValidate2FaRecoveryCode: a recovery code completes a login'],
    ['testValidate2FaRecoveryCodeWithMatchAndDeleted: a used recovery code does not'],
  ])('%s', async () => {
    const { account } = await protectedAccount();
    const [otpCode = ''] = await recoveryCodes(account);
    const request = { ...(await startLogin(account)), otpType: 'RECOVERY_CODE', otpCode };
    expect(await complete(request)).toMatchObject({ status: 200 });
    expect(await complete(request)).toEqual(wrongCode);
  });

  test('testValidate2FaRecoveryCodeWithNoMatch: another code does not', async () => {
    const { account, secret } = await protectedAccount();
    await recoveryCodes(account);
    const started = await startLogin(account);
    expect(
      await complete({ ...started, otpType: 'RECOVERY_CODE', otpCode: oneTimeCode(secret) }),
    ).toEqual(wrongCode);
  });

  describe('a message', () => {
    let account: Account;

    beforeAll(async () => {
      ({ account } = await protectedAccount());
      const [otpCode = ''] = await recoveryCodes(account);
      await complete({ ...(await startLogin(account)), otpType: 'RECOVERY_CODE', otpCode });
      await account.session.delete(path);
    });

    test.each([
      ['testSend2FaStateChangeNotificationWithEnabled: tells that it was turned on', 'Enabled'],
      ['testSend2FaStateChangeNotificationWithDisabled: tells that it was turned off', 'Disabled'],
      [
        'testSend2FaRecoveryCodesGeneratedNotification: tells about new recovery codes',
        'Recovery Codes Generated',
      ],
      [
        'testSend2FaRecoveryCodesUsedNotification: tells about a used recovery code',
        'Recovery Code Used',
      ],
    ])('%s', async (_title, event) => {
      const subject = `Two-Factor Authentication ${event}`;
      expect(subjectsTo(server, account.email)).toContain(subject);
      const { results } = (await account.session.get('/message/inbox'))
        .body as M.PaginatedResultsOfMessageBundle;
      expect(results.map(({ message }) => message?.subject)).toContain(subject);
    });
  });

  describe('a reset', () => {
    const reset = ({ id: userId, password }: Account, twoFaResetEndpoint = portal) =>
      server.anonymous.post(`${path}/reset`, { userId, password, twoFaResetEndpoint });
    const disable = (fields: object) => server.anonymous.post(`${path}/disable`, fields);

    test('testSend2FaResetNotification: a link that is valid for ten minutes is mailed', async () => {
      const { account } = await protectedAccount();
      expect(await reset(account)).toMatchObject({ status: 204 });
      expect(subjectsTo(server, account.email).at(-1)).toBe(
        'Two-Factor Authentication Reset Request',
      );
      const token = mailedToken(server, account.email) as M.TwoFactorAuthResetToken;
      expect(token).toMatchObject({ userId: account.id });
      const { createdOn = '', expiresOn = '' } = token;
      expect(Date.parse(expiresOn) - Date.parse(createdOn)).toBe(10 * 60_000);
    });

    test.each([
      ['https://evil.org?', 'The provided parameter is not a valid Synapse endpoint.'],
      ['https://notsynapse.org?', 'The provided parameter is not a valid Synapse endpoint.'],
    ])('testSend2FaResetNotification: no link leads to %s', async (endpoint, reason) => {
      const { account } = await protectedAccount();
      expect(await reset(account, endpoint)).toEqual(refusal(400, reason));
    });

    test('testSend2FaResetNotification: nothing is mailed while it is off', async () => {
      const account = await newAccount(server);
      expect(await reset(account)).toEqual(notEnabled);
      expect(subjectsTo(server, account.email)).toEqual([]);
    });

    test('testValidate2FaResetToken: the token of the link turns it off', async () => {
      const { account } = await protectedAccount();
      await reset(account);
      const twoFaResetToken = mailedToken(server, account.email);
      expect(await disable({ twoFaResetToken, password: account.password })).toMatchObject({
        status: 204,
      });
      expect(await disable({ twoFaResetToken, password: account.password })).toEqual(notEnabled);
    });

    test('testValidate2FaResetTokenWithDifferentUser: that of another user does not', async () => {
      const { account } = await protectedAccount();
      const other = await protectedAccount();
      await reset(other.account);
      const twoFaResetToken = mailedToken(server, other.account.email);
      expect(await disable({ twoFaResetToken, password: account.password })).toMatchObject({
        status: 401,
      });
    });

    test('testValidate2FaResetTokenWithInvalidToken: a forged or expired one does not', async () => {
      const { account } = await protectedAccount();
      await reset(account);
      const token = mailedToken(server, account.email) as M.TwoFactorAuthResetToken;
      const { password } = account;
      const invalid = refusal(401, 'The provided 2fa reset token is invalid.');
      const forged = { ...token, createdOn: '2020-01-01T00:00:00.000Z' };
      expect(await disable({ twoFaResetToken: forged, password })).toEqual(invalid);
      ahead = 10 * 60_000 + 1000;
      expect(await disable({ twoFaResetToken: token, password })).toEqual(invalid);
    });
  });
});
