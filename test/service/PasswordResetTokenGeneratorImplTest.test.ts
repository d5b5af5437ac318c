import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { mailsTo, newAccount, portal, type Account } from './accounts.js';

const server = withSessions();
const invalid = refusal(400, 'Password reset token is invalid');

async function resetToken({ email }: Account): Promise<M.PasswordResetSignedToken> {
  const query = `passwordResetEndpoint=${encodeURIComponent(portal)}`;
  await server.anonymous.post(`/auth/v1/user/password/reset?${query}`, { email });
  const link = mailsTo(server, email).at(-1)?.link ?? '';
  const text = Buffer.from(link.slice(portal.length), 'hex').toString();
  return JSON.parse(text) as M.PasswordResetSignedToken;
}

function use(passwordChangeToken: object) {
  return server.anonymous.post('/auth/v1/user/changePassword', {
    concreteType: 'org.sagebionetworks.repo.model.auth.ChangePasswordWithToken',
    passwordChangeToken,
    newPassword: 'new-Passw0rd',
  });
}

describe('PasswordResetTokenGeneratorImplTest', () => {
  test('testGetToken: a mailed token names its user and is valid for a day', async () => {
    const account = await newAccount(server);
    const token = await resetToken(account);
    expect(token).toMatchObject({
      concreteType: 'org.sagebionetworks.repo.model.auth.PasswordResetSignedToken',
      userId: String(account.id),
      validity: expect.stringMatching(/^[0-9a-f]{64}$/),
      hmac: expect.any(String),
    });
    const { createdOn = '', expiresOn = '' } = token;
    expect(Date.parse(expiresOn) - Date.parse(createdOn)).toBe(86_400_000);
  });

  test('testIsValidToken_valid: it sets a new password', async () => {
    expect(await use(await resetToken(await newAccount(server)))).toMatchObject({ status: 204 });
  });

  test('testIsValidToken_Invalid_NonMatchingHMAC: a forged one does not', async () => {
    const token = await resetToken(await newAccount(server));
    expect(await use({ ...token, hmac: 'AAAA' })).toEqual(invalid);
  });

  test('testIsValidToken_Invalid_NonMatchingValidityHash: one from before the last change does not', async () => {
    const account = await newAccount(server);
    const [first, second] = [await resetToken(account), await resetToken(account)];
    expect(await use(first)).toMatchObject({ status: 204 });
    expect(await use(second)).toEqual(invalid);
  });

  test('testCreateValidityHash_NullPasswordHash: a user without a password sets one', async () => {
    const account = await newAccount(server, { password: null });
    expect(await use(await resetToken(account))).toMatchObject({ status: 204 });
  });
});
