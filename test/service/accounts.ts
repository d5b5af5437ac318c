import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Mail } from '../../src/server/index.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import type { Answer } from '../helpers/api.js';
import type { Session, TestServer } from '../server/entitySession.js';

/** Where links in mails lead. */
export const portal = 'https://www.synapse.org?';

/** A user with a password. */
export interface Account {
  readonly id: number;
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly accessToken: string;
  readonly session: Session;
}

let count = 0;

/** Makes a user with a password, as an administrator may. */
export async function newAccount(server: TestServer, fields: object = {}): Promise<Account> {
  count += 1;
  const username = `account${count}`;
  const user = { username, password: `Passw0rd-${count}`, email: `${username}@example.org` };
  const made = await server.admin.post('/admin/user', { ...user, ...fields });
  expect(made).toMatchObject({ status: 201 });
  const { id, accessToken } = made.body as { id: string; accessToken: string };
  return { ...user, id: Number(id), accessToken, session: server.session(accessToken) };
}

/** Logs in with a password. */
export function logIn(
  server: TestServer,
  { username, password }: Pick<Account, 'password' | 'username'>,
): Promise<Answer> {
  return server.anonymous.post('/auth/v1/login2', { username, password });
}

/** A session with every scope of one of the first users. */
export async function loggedIn(server: TestServer, username: string): Promise<Session> {
  const answer = await logIn(server, { username, password: `${username}-password` });
  expect(answer).toMatchObject({ status: 201 });
  return server.session((answer.body as M.LoginResponse).accessToken);
}

/** The mails to an address, oldest first. */
export function mailsTo(server: TestServer, address: string): Mail[] {
  return server.synapse.mails.filter(({ to }) => to === address);
}

/** The token at the end of the link of the latest mail to an address. */
export function mailedToken(server: TestServer, address: string): unknown {
  const { html = '' } = mailsTo(server, address).at(-1) ?? {};
  const start = `href="${portal}`;
  expect(html).toContain(start);
  const [hex = ''] = html.slice(html.indexOf(start) + start.length).split('"');
  return JSON.parse(Buffer.from(hex, 'hex').toString()) as unknown;
}

/** Turns two-factor authentication on and returns its secret. */
export async function enableTwoFactor(session: Session): Promise<M.TotpSecret> {
  const enrolled = await session.post('/auth/v1/2fa/enroll', undefined);
  expect(enrolled).toMatchObject({ status: 201 });
  const secret = enrolled.body as M.TotpSecret;
  expect(await confirmSecret(session, secret)).toMatchObject({
    status: 200,
    body: { status: 'ENABLED' },
  });
  return secret;
}

/** Confirms a secret with its current code. */
export function confirmSecret(
  session: Session,
  { secretId, secret = '' }: M.TotpSecret,
): Promise<Answer> {
  return session.post('/auth/v1/2fa', { secretId, totp: oneTimeCode(secret) });
}

/** The subjects of the mails to an address, oldest first. */
export function subjectsTo(server: TestServer, address: string): string[] {
  return mailsTo(server, address).map(({ subject }) => subject);
}
