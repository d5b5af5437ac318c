import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { TestServer } from '../server/entitySession.js';
import { newAccount, type Account } from './accounts.js';
import { userInfoPath } from './oauthFlow.js';

/** The value of one claim about a user; `undefined` when the user information does not have it. */
export async function claimOf(
  server: TestServer,
  { session }: Account,
  name: M.OIDCClaimName,
  details: M.OIDCClaimsRequestDetails | null = null,
): Promise<unknown> {
  const made = await session.post('/auth/v1/personalAccessToken', {
    scope: ['openid'],
    userInfoClaims: { [name]: details },
  });
  const { token } = made.body as M.AccessTokenGenerationResponse;
  const answer = await server.session(token).get(userInfoPath);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as Record<string, unknown>)[name];
}

/** What the profile of a user says, and of a validated one what was validated. */
export const names = {
  firstName: 'First',
  lastName: 'Last',
  company: 'Company',
  location: 'Location',
} as const;

/** A user whose profile has all {@link names}. */
export async function namedUser(server: TestServer): Promise<Account> {
  const account = await newAccount(server);
  const { body } = await account.session.get('/userProfile');
  expect(
    await account.session.put('/userProfile', { ...(body as object), ...names }),
  ).toMatchObject({ status: 200 });
  return account;
}

/** A user whose profile was validated. */
export async function validatedUser(server: TestServer): Promise<Account> {
  const account = await namedUser(server);
  const { email } = account;
  const sent = {
    ...names,
    emails: [email],
    notificationEmail: email,
  };
  const made = await account.session.post('/verificationSubmission', sent);
  expect(made).toMatchObject({ status: 201 });
  const { id = '' } = made.body as M.VerificationSubmission;
  const decided = await server.admin.post(`/verificationSubmission/${id}/state`, {
    state: 'APPROVED',
  });
  expect(decided).toMatchObject({ status: 201 });
  return account;
}
