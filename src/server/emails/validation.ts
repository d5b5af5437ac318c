import type * as M from '../../../generated/models.js';
import { loginResponse } from '../auth/login.js';
import { checkNewPassword, hashPassword } from '../auth/passwords.js';
import { checkToken, signToken, tokenSuffix } from '../auth/signedTokens.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { getPrincipal } from '../users/principals.js';
import { createUser, findUserByEmail, getUser, isEmail, updateUser } from '../users/users.js';
import type { World } from '../world.js';
import { checkedEndpoint, linkMail, sendMail } from './outbox.js';

/**
 * Sends a link for creating an account to an e-mail address.
 *
 * @throws 400, 409 for an address that is taken
 * @see https://rest-docs.synapse.org/rest/POST/account/emailValidation.html
 */
export function offerAccount(world: World, body: M.NewUser, portalEndpoint: string): void {
  const email = requireFreeEmail(world, body.email);
  const { encodedMembershipInvtnSignedToken } = body;
  const token: M.AccountCreationToken = {
    emailValidationSignedToken: signToken(world, {
      concreteType: 'org.sagebionetworks.repo.model.principal.EmailValidationSignedToken',
      email,
    }),
    encodedMembershipInvtnSignedToken,
  };
  const link = checkedEndpoint('portalEndpoint', portalEndpoint) + tokenSuffix(token);
  const text = 'Follow the link to complete your registration.';
  sendMail(world, { to: email, ...linkMail('Welcome to Synapse!', { text, link }) });
}

/**
 * Creates an account with the token of the link that {@link offerAccount} sent.
 *
 * @throws 400, 403 for a token that this server did not sign, 409 for a name or address that is taken
 * @see https://rest-docs.synapse.org/rest/POST/account2.html
 */
export async function createAccount(
  world: World,
  { emailValidationSignedToken, username, password, firstName, lastName }: M.AccountSetupInfo,
): Promise<M.LoginResponse> {
  if (username === undefined) {
    throw badRequest('The username is required.');
  }
  if (emailValidationSignedToken?.userId !== undefined) {
    throw badRequest('EmailValidationSignedToken.token.getUserId() must be null');
  }
  const email = checkedEmail(world, emailValidationSignedToken);
  const passwordHash = await hashPassword(checkNewPassword(password));
  const { id } = world.store.transaction(() =>
    createUser(world, {
      userName: username,
      email,
      passwordHash,
      firstName,
      lastName,
    }),
  );
  return loginResponse(world, id);
}

/**
 * Sends a link for adding an address to an account.
 *
 * @throws 403 for the account of another user, 400, 409 for an address that is taken
 * @see https://rest-docs.synapse.org/rest/POST/account/id/emailValidation.html
 */
export function offerEmail(
  world: World,
  caller: Caller,
  request: { readonly id: string; readonly email: string | undefined; readonly endpoint: string },
): void {
  requireLogin(caller);
  if (request.id !== String(caller.userId)) {
    throw forbidden('You may only add an email address to your own account.');
  }
  const email = requireFreeEmail(world, request.email);
  const token = signToken(world, {
    concreteType: 'org.sagebionetworks.repo.model.principal.EmailValidationSignedToken',
    email,
    userId: request.id,
  });
  const link = checkedEndpoint('portalEndpoint', request.endpoint) + tokenSuffix(token);
  const name = getPrincipal(world, caller.userId)?.name ?? request.id;
  const text = `Follow the link to add this address to the account of ${name}.`;
  sendMail(world, { to: email, ...linkMail('Request to add or change email', { text, link }) });
}

/**
 * Adds an address to an account with the token of the link that {@link offerEmail} sent.
 *
 * @throws 400, 403, 409 for an address that is taken in the meantime
 * @see https://rest-docs.synapse.org/rest/POST/email.html
 */
export function addEmail(
  world: World,
  caller: Caller,
  token: M.EmailValidationSignedToken,
  setAsNotificationEmail: boolean,
): void {
  requireLogin(caller);
  if (token.userId !== String(caller.userId)) {
    throw badRequest(`Invalid token for userId ${caller.userId}`);
  }
  const email = requireFreeEmail(world, checkedEmail(world, token));
  updateUser(world, caller.userId, {
    emails: [...(getUser(world, caller.userId)?.emails ?? []), email],
    ...(setAsNotificationEmail && { notificationEmail: email }),
  });
}

function checkedEmail(world: World, token: M.EmailValidationSignedToken | undefined): string {
  const { email, createdOn, expiresOn = '' } = token ?? {};
  if (token === undefined || email === undefined || createdOn === undefined) {
    throw badRequest('The email and the createdOn of the EmailValidationSignedToken are required.');
  }
  if (Date.parse(expiresOn) <= world.now().getTime()) {
    throw badRequest('Email validation link is out of date.');
  }
  checkToken(world, token);
  return email;
}

function requireFreeEmail(world: World, given: string | undefined): string {
  const email = given?.trim() ?? '';
  if (!isEmail(email)) {
    throw badRequest(`Invalid email address: '${email.slice(0, 100)}'.`);
  }
  if (findUserByEmail(world, email) !== undefined) {
    throw conflict('The email address provided is already used.');
  }
  return email;
}
