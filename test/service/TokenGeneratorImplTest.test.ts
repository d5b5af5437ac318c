import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { mailedToken, newAccount, portal, type Account } from './accounts.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const wrong = refusal(403, 'Token signature is invalid.');
let account: Account;
let token: M.EmailValidationSignedToken;

beforeAll(async () => {
  account = await newAccount(server);
  const query = `portalEndpoint=${encodeURIComponent(portal)}`;
  const path = `/account/${account.id}/emailValidation?${query}`;
  await account.session.post(path, { email: 'token@foo.com' });
  token = mailedToken(server, 'token@foo.com') as M.EmailValidationSignedToken;
});

afterEach(() => {
  ahead = 0;
});

function use(fields: object = {}) {
  return account.session.post('/email', { ...token, ...fields });
}

describe('TokenGeneratorImplTest', () => {
  test.each([
    ['testSignTokenNoExpires: a token is valid for 30 days when nothing else is said'],
    ['testGenerateSignature: a token has a signature and its version'],
  ])('%s', () => {
    const { createdOn = '', expiresOn = '' } = token;
    expect(Date.parse(expiresOn) - Date.parse(createdOn)).toBe(30 * day);
    expect(token).toMatchObject({ version: 0, hmac: expect.stringMatching(/.+/) });
  });

  test('testValidateTokenModified: a token that was changed is refused', async () => {
    expect(await use({ email: 'other@foo.com' })).toEqual(wrong);
    expect(await use({ createdOn: new Date().toISOString() })).toEqual(wrong);
  });

  test.each([
    ['testValidateTokenExpired: a token that has expired is refused', '2020-01-01T00:00:00.000Z'],
    ['testValidateTokenOldTokenAfterJuly: a token without an end has expired', null],
    ['testIsExpiredWithNullExpiredAfterEnd: tokens without an end ended in 2018', null],
  ])('%s', async (_title, expiresOn) => {
    expect(await use({ expiresOn })).toEqual(refusal(403, 'Token has expired.'));
  });

  test('testValidateTokenWithWongTypeSameData: a token of another type is refused', async () => {
    const concreteType = 'org.sagebionetworks.repo.model.JoinTeamSignedToken';
    expect(await use({ concreteType })).toMatchObject({ status: 400 });
  });

  test('testValidateToken: a token is accepted as it was mailed', async () => {
    expect(await use()).toMatchObject({ status: 201 });
  });
});
