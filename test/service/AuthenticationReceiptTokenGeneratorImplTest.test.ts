import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { logIn, newAccount, type Account } from './accounts.js';

// The clock stands, so that a wrong password locks the account for what follows.
let now = new Date();
const server = withSessions({ now: () => now });
let account: Account;
let receipt: string;

beforeEach(async () => {
  account = await newAccount(server);
  const { body } = await logIn(server, account);
  receipt = (body as Required<M.LoginResponse>).authenticationReceipt;
  await logIn(server, { ...account, password: 'wrong' });
});

afterEach(() => {
  now = new Date();
});

/** Whether a receipt permits the login to the locked account. */
async function permits(authenticationReceipt: string | null): Promise<boolean> {
  const { username, password } = account;
  const body = { username, password, authenticationReceipt };
  const { status } = await server.anonymous.post('/auth/v1/login2', body);
  expect([201, 423]).toContain(status);
  return status === 201;
}

describe('AuthenticationReceiptTokenGeneratorImplTest', () => {
  test.each([
    ['testCreateNewAuthenticationReciept: a login gives a receipt'],
    ['testIsReceiptValid: a receipt permits another login'],
  ])('%s', async () => {
    expect(await permits(receipt)).toBe(true);
  });

  test('testIsReceiptValidWithWrongUserId: a receipt of another user does not', async () => {
    const { body } = await logIn(server, await newAccount(server));
    const { authenticationReceipt } = body as Required<M.LoginResponse>;
    expect(await permits(authenticationReceipt)).toBe(false);
  });

  test.each([
    ['testIsReceiptValidWithNull: no receipt does not', null],
    ['testIsReceiptValidWithNotBase64: a text that is not encoded does not', 'not base 64'],
    ['testIsReceiptValidWithNotEncodedJSON: an encoded text does not', 'bm90IGpzb24='],
  ])('%s', async (_title, value) => {
    expect(await permits(value)).toBe(false);
  });

  test('testIsReceiptValidWithNotValid: a forged receipt does not', async () => {
    expect(await permits(`${receipt.slice(0, -4)}AAAA`)).toBe(false);
  });
});
