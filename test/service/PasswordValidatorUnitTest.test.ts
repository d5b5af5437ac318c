import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { mailsTo, newAccount, portal, type Account } from './accounts.js';

const server = withSessions();
const special = '~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/';
const tooSimple = refusal(
  400,
  `A valid password must be at least 8 characters long and must include letters, digits (0-9), and special characters ${special}`,
);
let account: Account;

beforeAll(async () => {
  account = await newAccount(server);
});

/** Proposes a new password of the account with a mailed token. */
async function propose(newPassword: string | null): Promise<Answer> {
  const query = `passwordResetEndpoint=${encodeURIComponent(portal)}`;
  const { email } = account;
  await server.anonymous.post(`/auth/v1/user/password/reset?${query}`, { email });
  const link = mailsTo(server, email).at(-1)?.link ?? '';
  const token = Buffer.from(link.slice(portal.length), 'hex').toString();
  return server.anonymous.post('/auth/v1/user/changePassword', {
    concreteType: 'org.sagebionetworks.repo.model.auth.ChangePasswordWithToken',
    passwordChangeToken: JSON.parse(token) as object,
    newPassword,
  });
}

async function accepts(newPassword: string): Promise<boolean> {
  return (await propose(newPassword)).status === 204;
}

describe('PasswordValidatorUnitTest', () => {
  test('testSetToString: the refusal lists the special characters', async () => {
    expect(await propose('x')).toEqual(tooSimple);
  });

  test('testValidatePassword_nullPassword: a password is required', async () => {
    expect(await propose(null)).toEqual(refusal(400, 'password is required.'));
  });

  test.each([['a1-'], ['abcde1-']])(
    'testValidatePassword_lengthTooShort: %j is too short',
    async (password) => {
      expect(await propose(password)).toEqual(tooSimple);
    },
  );

  test.each([['synapse1-'], ['my-SYNAPSE-1']])(
    'testValidatePasswordWithSynapse: %j contains the name of the service',
    async (password) => {
      expect(await propose(password)).toEqual(
        refusal(
          400,
          'This password is known to be a commonly used password. Please choose another password!',
        ),
      );
    },
  );

  test('testValidatePasswordWithVaid: letters, a digit and a special character are enough', async () => {
    expect(await accepts('a1-aaaaa')).toBe(true);
  });

  test.each([
    ['aaaaaaaa'],
    ['11111111'],
    ['--------'],
    ['aaaa1111'],
    ['aaaa----'],
    ['1111----'],
    ['ääää11--'],
  ])('testContainsLetterAndDigitAndSpecial: %j lacks one of them', async (password) => {
    expect(await propose(password)).toEqual(tooSimple);
  });

  test.each([['a'], ['z']])(
    'testContainsLetterAndDigitAndSpecialWithEachLower: %j is a letter',
    async (letter) => {
      expect(await accepts(`${letter}1111---`)).toBe(true);
    },
  );

  test.each([['A'], ['Z']])(
    'testContainsLetterAndDigitAndSpecialWithEachUpper: %j is a letter',
    async (letter) => {
      expect(await accepts(`${letter}1111---`)).toBe(true);
    },
  );

  test.each([['0'], ['9']])(
    'testContainsLetterAndDigitAndSpecialWithEachDigit: %j is a digit',
    async (digit) => {
      expect(await accepts(`${digit}aaaa---`)).toBe(true);
    },
  );

  test.each([['~'], ['/'], ['\\'], ['"']])(
    'testContainsLetterAndDigitAndSpecialWithEachSpecial: %j is a special character',
    async (character) => {
      expect(await accepts(`${character}aaaa111`)).toBe(true);
    },
  );
});
