import type * as M from '../../../generated/models.js';
import { loginResponse } from '../auth/login.js';
import { checkNewPassword, hashPassword } from '../auth/passwords.js';
import { checkToken, signToken, tokenSuffix } from '../auth/signedTokens.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, conflict, forbidden } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { findPrincipalByAlias, getPrincipal } from '../users/principals.js';
import { createUser, findUserByEmail, getUser, isEmail, updateUser } from '../users/users.js';
import type { World } from '../world.js';
import { linkMail, sendMail } from './outbox.js';
import { checkPortalLink } from './portalLinks.js';

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
  const link = checkPortalLink(portalEndpoint + tokenSuffix(token));
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
    throw badRequest('New users must provide a unique username');
  }
  if (emailValidationSignedToken === undefined) {
    throw badRequest('EmailValidationSignedToken is required.');
  }
  if (emailValidationSignedToken.userId !== undefined) {
    throw badRequest('EmailValidationSignedToken.token.getUserId() must be null');
  }
  const email = checkedEmail(world, emailValidationSignedToken);
  requireFreeAccount(world, { userName: username, email });
  const passwordHash = await hashPassword(checkNewPassword(password));
  const passwordModifiedOn = world.timestamp();
  const { id } = world.store.transaction(() =>
    createUser(world, {
      userName: username,
      email,
      passwordHash,
      passwordModifiedOn,
      firstName,
      lastName,
    }),
  );
  return loginResponse(world, id);
}

/**
 * Sends a link for adding an address to an account.
 *
 * @throws 400, 403 for anonymous callers, 409 for an address that is taken
 * @see https://rest-docs.synapse.org/rest/POST/account/id/emailValidation.html
 */
export function offerEmail(
  world: World,
  caller: Caller,
  request: { readonly id: string; readonly email: string | undefined; readonly endpoint: string },
): void {
  if (request.id !== String(caller.userId)) {
    throw badRequest('user id in URL must match that of the authenticated user.');
  }
  if (caller.isAnonymous) {
    throw forbidden('Anonymous user may not add email address.');
  }
  const email = requireFreeEmail(world, request.email);
  const token = signToken(world, {
    concreteType: 'org.sagebionetworks.repo.model.principal.EmailValidationSignedToken',
    email,
    userId: request.id,
  });
  const link = checkPortalLink(request.endpoint + tokenSuffix(token));
  const name = getPrincipal(world, caller.userId)?.name ?? request.id;
  const text = `Follow the link to add this address to the account of ${name}.`;
  sendMail(world, { to: email, ...linkMail('Request to add or change new email', { text, link }) });
}

/**
 * Adds an address to an account with the token of the link that {@link offerEmail} sent. Nothing
 * changes when the account has the address already.
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
  if (token.userId === undefined) {
    throw badRequest('EmailValidationSignedToken.userId is required.');
  }
  if (token.userId !== String(caller.userId)) {
    throw badRequest(`Invalid token for userId ${caller.userId}`);
  }
  const email = checkedEmail(world, token);
  const owner = findUserByEmail(world, email);
  if (owner !== undefined && owner.id !== caller.userId) {
    throw conflict(`The alias: ${email} is already in use.`);
  }
  const emails = getUser(world, caller.userId)?.emails ?? [];
  updateUser(world, caller.userId, {
    ...(owner === undefined && { emails: [...emails, email] }),
    ...(setAsNotificationEmail && { notificationEmail: email }),
  });
}

const linkLifetime = 24 * 60 * 60 * 1000;

function checkedEmail(world: World, token: M.EmailValidationSignedToken): string {
  requireFields(token, ['email', 'createdOn'], (name) => `EmailValidationSignedToken.${name}`);
  if (world.now().getTime() - Date.parse(token.createdOn) > linkLifetime) {
    throw badRequest('Email validation link is out of date.');
  }
  checkToken(world, token);
  return token.email;
}

/** @throws 409 for a name or an address that is taken */
function requireFreeAccount(
  world: World,
  { userName, email }: { readonly userName: string; readonly email: string },
): void {
  const taken =
    findUserByEmail(world, email) !== undefined
      ? email
      : findPrincipalByAlias(world, userName) !== undefined
        ? userName
        : undefined;
  if (taken !== undefined) {
    throw conflict(`User '${taken.slice(0, 200)}' already exists`);
  }
}

function requireFreeEmail(world: World, given: string | undefined): string {
  const email = given?.trim() ?? '';
  if (!isEmail(email)) {
    throw badRequest(`User emails must be a valid email address Value=${email.slice(0, 100)}`);
  }
  if (findUserByEmail(world, email) !== undefined) {
    throw conflict('The email address provided is already used.');
  }
  return email;
}
