import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { logIn, mailedToken, mailsTo, newAccount, portal, type Account } from './accounts.js';

const day = 86_400_000;
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
let account: Account;
let other: Account;
let count = 0;

beforeAll(async () => {
  account = await newAccount(server);
  other = await newAccount(server);
});

afterEach(() => {
  ahead = 0;
});

function newAddress(): string {
  count += 1;
  return `address${count}@foo.com`;
}

function offerAccount(user: object, portalEndpoint = portal) {
  const query = new URLSearchParams({ portalEndpoint }).toString();
  return server.anonymous.post(`/account/emailValidation?${query}`, user);
}

function offerEmail({ session, id }: Account, email: string, portalEndpoint = portal) {
  const query = new URLSearchParams({ portalEndpoint }).toString();
  return session.post(`/account/${id}/emailValidation?${query}`, { email });
}

/** A mailed token for an account with the address. */
async function accountToken(email: string): Promise<M.EmailValidationSignedToken> {
  expect(await offerAccount({ email })).toMatchObject({ status: 201 });
  const { emailValidationSignedToken } = mailedToken(server, email) as M.AccountCreationToken;
  return emailValidationSignedToken as M.EmailValidationSignedToken;
}

/** A mailed token for a further address of an account. */
async function emailToken(user: Account, email: string): Promise<M.EmailValidationSignedToken> {
  expect(await offerEmail(user, email)).toMatchObject({ status: 201 });
  return mailedToken(server, email) as M.EmailValidationSignedToken;
}

function createAccount(emailValidationSignedToken: object, fields: object = {}) {
  count += 1;
  const setup = { username: `principal${count}`, password: 'a-Passw0rd', ...fields };
  return server.anonymous.post('/account2', { emailValidationSignedToken, ...setup });
}

const late = refusal(400, 'Email validation link is out of date.');
const used = refusal(409, 'The email address provided is already used.');
const foreignPortal = refusal(400, 'The provided parameter is not a valid Synapse endpoint.');

function noAddress(address: string): unknown {
  return refusal(400, `User emails must be a valid email address Value=${address}`);
}

describe('PrincipalManagerImplUnitTest', () => {
  describe('a name', () => {
    const check = async (alias: string, type: string) =>
      (await server.alice.post('/principal/available', { alias, type })).body;

    test.each([
      ['foo-bar.baz_1', 'USER_NAME', true],
      ['foo bar', 'USER_NAME', false],
      ['ab', 'USER_NAME', false],
      ['foo bar', 'TEAM_NAME', true],
      ['foo@bar', 'TEAM_NAME', false],
      ['foo@bar.com', 'USER_EMAIL', true],
      ['foo@bar', 'USER_EMAIL', false],
    ])('testValid: %j as %s is valid: %j', async (alias, type, valid) => {
      expect(await check(alias, type)).toEqual({ valid, available: valid });
    });

    test('testNotAvailable: that is taken is not available', async () => {
      expect(await check('alice', 'USER_NAME')).toEqual({ valid: true, available: false });
      expect(await check('A.l-i_c.E', 'USER_NAME')).toEqual({ valid: true, available: false });
    });

    test('testAvailable: that is not taken is available', async () => {
      expect(await check('nobody-yet', 'USER_NAME')).toEqual({ valid: true, available: true });
    });
  });

  describe('a new account', () => {
    test('testValidateNOTtooOLDTimestamp: is created with a link of the last day', async () => {
      const token = await accountToken(newAddress());
      ahead = day - 60_000;
      expect(await createAccount(token)).toMatchObject({ status: 201 });
    });

    test('testValidateOLDTimestamp: is not created with an older one', async () => {
      const token = await accountToken(newAddress());
      ahead = day + 60_000;
      expect(await createAccount(token)).toEqual(late);
    });

    test('testValidateNonNullUserId: is not created with the link for a further address', async () => {
      const token = await emailToken(account, newAddress());
      expect(await createAccount(token)).toEqual(
        refusal(400, 'EmailValidationSignedToken.token.getUserId() must be null'),
      );
    });

    test('testNewAccountEmailValidationHappyPath: is offered by mail', async () => {
      const email = newAddress();
      expect(await offerAccount({ email, firstName: 'foo', lastName: 'bar' })).toMatchObject({
        status: 201,
        body: '',
      });
      expect(mailsTo(server, email)).toMatchObject([{ subject: 'Welcome to Synapse!' }]);
      expect(mailedToken(server, email)).toMatchObject({
        emailValidationSignedToken: { email, hmac: expect.any(String) },
      });
    });

    test('testNewAccountEmailValidationBogusEmail: is not offered to a text that is no address', async () => {
      expect(await offerAccount({ email: 'invalid-email' })).toEqual(noAddress('invalid-email'));
    });

    test('testNewAccountEmailValidationInvalidEndpoint: is not offered for another portal', async () => {
      expect(await offerAccount({ email: newAddress() }, 'https://www.evil.org?')).toEqual(
        foreignPortal,
      );
    });

    test('testNewAccountEmailValidationEmailTaken: is not offered to an address that is used', async () => {
      expect(await offerAccount({ email: account.email })).toEqual(used);
    });

    test('testCreateNewAccount: is created with its names, and logged in', async () => {
      const email = newAddress();
      const names = { firstName: 'foo', lastName: 'bar' };
      const made = await createAccount(await accountToken(email), {
        username: 'foo-bar',
        ...names,
      });
      expect(made).toMatchObject({ status: 201, body: { acceptsTermsOfUse: false } });
      const { accessToken } = made.body as M.LoginResponse;
      await server.anonymous.post('/auth/v1/termsOfUse2', { accessToken });
      expect(await server.session(accessToken).get('/userProfile')).toMatchObject({
        body: { userName: 'foo-bar', ...names, emails: [email] },
      });
      expect(await logIn(server, { username: email, password: 'a-Passw0rd' })).toMatchObject({
        status: 201,
      });
    });

    test('testCreateNewAccount: has a name that is free and a good password', async () => {
      const token = await accountToken(newAddress());
      expect(await createAccount(token, { username: 'alice', password: 'weak' })).toEqual(
        refusal(409, "User 'alice' already exists"),
      );
      expect(await createAccount(token, { password: 'weak' })).toEqual(
        refusal(400, expect.stringContaining('A valid password must be')),
      );
      expect(await createAccount({ ...token, email: newAddress() })).toEqual(
        refusal(403, 'Token signature is invalid.'),
      );
      expect(await createAccount(token)).toMatchObject({ status: 201 });
    });
  });

  describe('a further address', () => {
    const add = ({ session }: Account, token: object, query = '') =>
      session.post(`/email${query}`, token);

    test('testValidateAdditionalEmailNOTtooOLDTimestamp: is added with a link of the last day', async () => {
      const user = await newAccount(server);
      const token = await emailToken(user, newAddress());
      ahead = day - 3_600_000;
      const login = (await logIn(server, user)).body as M.LoginResponse;
      expect(await server.session(login.accessToken).post('/email', token)).toMatchObject({
        status: 201,
      });
    });

    test('testValidateAdditionalEmailOLDTimestamp: is not added with an older one', async () => {
      const user = await newAccount(server);
      const token = await emailToken(user, newAddress());
      ahead = day + 60_000;
      const login = (await logIn(server, user)).body as M.LoginResponse;
      expect(await server.session(login.accessToken).post('/email', token)).toEqual(late);
    });

    test('testAdditionalEmailValidation: is offered by mail', async () => {
      const email = newAddress();
      expect(await offerEmail(account, email)).toMatchObject({ status: 201, body: '' });
      expect(mailsTo(server, email)).toMatchObject([
        { subject: 'Request to add or change new email' },
      ]);
      expect(mailedToken(server, email)).toMatchObject({ email, userId: String(account.id) });
    });

    test('testAdditionalEmailEmailAlreadyUsed: is not offered when it is used', async () => {
      expect(await offerEmail(account, other.email)).toEqual(used);
    });

    test('testAdditionalEmailValidationAnonymous: is not offered to nobody', async () => {
      const nobody = { ...account, session: server.anonymous };
      expect(await offerEmail({ ...nobody, id: 273_950 }, newAddress())).toEqual(
        refusal(403, 'Anonymous user may not add email address.'),
      );
      expect(await offerEmail(nobody, newAddress())).toEqual(
        refusal(400, 'user id in URL must match that of the authenticated user.'),
      );
    });

    test('testAdditionalEmailValidationInvalidEmail: is a valid address', async () => {
      expect(await offerEmail(account, 'not-an-email-address')).toEqual(
        noAddress('not-an-email-address'),
      );
    });

    test('testAdditionalEmailValidationInvalidEndpoint: is not offered for another portal', async () => {
      expect(await offerEmail(account, newAddress(), 'https://notsynapse.org?')).toEqual(
        foreignPortal,
      );
    });

    test('testAddEmail: becomes the notification address when that is asked for', async () => {
      const user = await newAccount(server);
      const email = newAddress();
      const query = '?setAsNotificationEmail=true';
      expect(await add(user, await emailToken(user, email), query)).toMatchObject({ status: 201 });
      expect(await user.session.get('/notificationEmail')).toMatchObject({ body: { email } });
      expect(await user.session.get('/userProfile')).toMatchObject({
        body: { emails: [user.email, email] },
      });
    });

    test.each([['?setAsNotificationEmail=false'], ['']])(
      'testAddEmailNoSetNotification: does not become it with %j',
      async (query) => {
        const user = await newAccount(server);
        const email = newAddress();
        expect(await add(user, await emailToken(user, email), query)).toMatchObject({
          status: 201,
        });
        expect(await user.session.get('/notificationEmail')).toMatchObject({
          body: { email: user.email },
        });
      },
    );

    test('testAddEmailWrongUser: is not added to the account of another user', async () => {
      const token = await emailToken(account, newAddress());
      expect(await add(other, token)).toEqual(refusal(400, `Invalid token for userId ${other.id}`));
      expect(await add(other, { ...token, userId: String(other.id) })).toEqual(
        refusal(403, 'Token signature is invalid.'),
      );
    });

    test('testAddEmailWrongUser: is not added when somebody else has it in the meantime', async () => {
      const email = newAddress();
      const first = await emailToken(account, email);
      const second = await emailToken(other, email);
      expect(await add(account, first)).toMatchObject({ status: 201 });
      expect(await add(other, second)).toEqual(
        refusal(409, `The alias: ${email} is already in use.`),
      );
    });
  });

  test('testRemoveEmailHappyCase: an address is removed', async () => {
    const user = await newAccount(server);
    const email = newAddress();
    await user.session.post('/email', await emailToken(user, email));
    expect(await user.session.delete(`/email?email=${email}`)).toMatchObject({ status: 200 });
    expect(await user.session.get('/userProfile')).toMatchObject({
      body: { emails: [user.email] },
    });
    expect(await logIn(server, { ...user, username: email })).toMatchObject({ status: 401 });
  });

  test('testRemoveNotificationEmail: the notification address stays', async () => {
    expect(await account.session.delete(`/email?email=${account.email}`)).toEqual(
      refusal(
        400,
        'To remove this email from your account, first establish a different notification address.',
      ),
    );
  });

  test('testRemoveBOGUSEmail: an address of nobody is not removed', async () => {
    expect(await account.session.delete('/email?email=bogus@email.com')).toEqual(
      refusal(404, `Cannot find alias for ${account.id} matching bogus@email.com`),
    );
  });

  describe('a principal', () => {
    const lookup = (body: unknown) => server.alice.post('/principal/alias', body);

    test('testGetPrincipalIDWithNullRequest: is looked up with a body', async () => {
      expect(await lookup(undefined)).toMatchObject({ status: 400 });
    });

    test('testGetPrincipalIDWithNullAlias: is looked up by a name', async () => {
      expect(await lookup({ type: 'USER_NAME' })).toEqual(
        refusal(400, 'PrincipalAliasRequest.alias is required.'),
      );
    });

    test('testGetPrincipalIDWithNullType: is looked up by a kind of name', async () => {
      expect(await lookup({ alias: 'alice' })).toEqual(
        refusal(400, 'PrincipalAliasRequest.type is required.'),
      );
    });

    test.each([['USER_EMAIL'], ['TEAM_NAME']])(
      'testGetPrincipalIDWithUnsupoortedType: is not looked up by %s',
      async (type) => {
        expect(await lookup({ alias: account.email, type })).toEqual(
          refusal(400, `Unsupported alias type ${type}`),
        );
      },
    );

    test('testGetPrincipalID: is looked up by a user name', async () => {
      expect(await lookup({ alias: account.username, type: 'USER_NAME' })).toMatchObject({
        status: 200,
        body: { principalId: account.id },
      });
      expect(await lookup({ alias: 'no-such-user', type: 'USER_NAME' })).toEqual(
        refusal(404, "Alias: 'no-such-user' of type: 'USER_NAME' does not exist"),
      );
    });
  });

  test('testSetNotificationEmail: another own address becomes that of the notifications', async () => {
    const user = await newAccount(server);
    const email = newAddress();
    await user.session.post('/email', await emailToken(user, email));
    expect(await user.session.put('/notificationEmail', { email })).toMatchObject({ status: 200 });
    expect(await user.session.get('/notificationEmail')).toMatchObject({ body: { email } });
    expect(await user.session.delete(`/email?email=${user.email}`)).toMatchObject({ status: 200 });
  });

  test('testSetNonExistentNotificationEmail: an address of another user does not', async () => {
    expect(await account.session.put('/notificationEmail', { email: other.email })).toEqual(
      refusal(404, `Cannot find alias for ${account.id} matching ${other.email}`),
    );
  });

  test('testGetNotificationEmail: the notification address is known to its user', async () => {
    expect((await account.session.get('/notificationEmail')).body).toEqual({
      email: account.email,
    });
  });
});
