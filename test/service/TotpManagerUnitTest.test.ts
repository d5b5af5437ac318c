import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { confirmSecret, newAccount, type Account } from './accounts.js';

const server = withSessions();
let account: Account;
let issued: Required<M.TotpSecret>;

beforeAll(async () => {
  account = await newAccount(server);
  const answer = await account.session.post('/auth/v1/2fa/enroll', undefined);
  issued = answer.body as Required<M.TotpSecret>;
});

describe('TotpManagerUnitTest', () => {
  test('testGenerateTotpSecret: a secret has 32 characters in base32', () => {
    expect(issued.secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  test('testIsValidCodeFalse: another code is not valid', async () => {
    const { secretId } = issued;
    expect(await account.session.post('/auth/v1/2fa', { secretId, totp: 'abcdef' })).toEqual(
      refusal(400, 'Invalid totp code'),
    );
  });

  test('testIsValidCode: the code of an authenticator app is valid', async () => {
    expect(await confirmSecret(account.session, issued)).toMatchObject({ status: 200 });
  });

  test('testGenerateRecoveryCodes: there are ten recovery codes', async () => {
    const answer = await account.session.post('/auth/v1/2fa/recoveryCodes', undefined);
    const { codes } = answer.body as M.TwoFactorAuthRecoveryCodes;
    expect(new Set(codes).size).toBe(10);
  });
});
