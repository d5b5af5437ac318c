import type * as M from '../../../generated/models.js';
import { checkedEndpoint } from '../emails/outbox.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden, ServiceError, unauthorized } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { Collection } from '../state/store.js';
import { findPrincipalByAlias, fixedPrincipals } from '../users/principals.js';
import { findUserByEmail, getUser, updateUser, type UserRecord } from '../users/users.js';
import type { World } from '../world.js';
import { sendPasswordReset, userOfResetToken } from './passwordReset.js';
import { checkNewPassword, hashPassword, passwordMatches } from './passwords.js';
import { readSignedPayload, signPayload } from './signedPayload.js';
import { termsStatus } from './terms.js';
import { checkSecondFactor, secondFactorRequired, twoFactorIsEnabled } from './twoFactor.js';

/** Number of consecutive wrong passwords that locks an account. */
const maxFailures = limits.loginFailures;
const lockTime = 600_000;
const receiptLifetime = 30 * 86_400_000;
const receiptPurpose = 'authentication receipt';

interface LoginFailures {
  readonly count: number;
  /** Milliseconds since 1970; 0 while not locked. */
  readonly lockedUntil: number;
}

function failures(world: World): Collection<LoginFailures> {
  return world.store.collection<LoginFailures>('loginFailures');
}

/** Serves login, password change and sessions. */
export function loginRoutes(router: Router, world: World): void {
  router.post('/auth/v1/login2', ({ body }) => logIn(world, body));

  router.post('/auth/v1/2fa/token', async ({ body }) => {
    const userId = world.store.transaction(() => checkSecondFactor(world, body));
    return loginResponse(world, userId);
  });

  router.post('/auth/v1/user/changePassword', async ({ body }) => {
    await changePassword(world, body);
  });

  // The answer does not reveal whether the user exists.
  router.post('/auth/v1/user/password/reset', ({ body, query }) => {
    if (body.email === undefined) {
      throw badRequest('The email is required.');
    }
    const endpoint = checkedEndpoint('passwordResetEndpoint', query.passwordResetEndpoint);
    const user = findUser(world, body.email);
    if (user !== undefined) {
      sendPasswordReset(world, user, endpoint);
    }
  });

  router.get('/auth/v1/authenticatedOn', ({ caller }) => {
    const authenticatedOn = getUser(world, caller.userId)?.authenticatedOn;
    return authenticatedOn === undefined ? {} : { authenticatedOn };
  });

  router.get('/auth/v1/anonymousToken', async () => ({
    accessToken: await world.tokens.startSession(fixedPrincipals.anonymous),
  }));

  router.delete('/auth/v1/sessionAccessToken', ({ caller }) => {
    if (caller.sessionId === undefined) {
      throw badRequest('The request was not made with a session access token.');
    }
    world.tokens.endSession(caller.sessionId);
  });

  router.delete('/auth/v1/user/{targetUserId}/sessionAccessToken/all', ({ path, caller }) => {
    const target = path.targetUserId;
    if (target !== caller.userId && !caller.isAdmin) {
      throw forbidden('Only an administrator may end the sessions of another user.');
    }
    world.tokens.endAllSessions(target);
  });
}

/**
 * Starts a session for a user who gives the right password.
 *
 * @throws 400, 401 for a wrong name or password or when a second factor is needed, 423 while locked
 */
export async function logIn(world: World, request: M.LoginRequest): Promise<M.LoginResponse> {
  const user = await checkOnlyFactor(world, {
    userName: request.username,
    password: request.password,
    receipt: request.authenticationReceipt,
  });
  return loginResponse(world, user.id);
}

/** Starts a session for a user. */
export async function loginResponse(world: World, userId: number): Promise<M.LoginResponse> {
  const accessToken = await world.tokens.startSession(userId);
  updateUser(world, userId, { authenticatedOn: world.timestamp() });
  const expires = world.now().getTime() + receiptLifetime;
  const state = termsStatus(world, userId).userCurrentTermsOfServiceState;
  return {
    accessToken,
    acceptsTermsOfUse: state !== 'MUST_AGREE_NOW',
    authenticationReceipt: signPayload(world, receiptPurpose, { userId, expires }),
  };
}

interface Credentials {
  readonly userName: string | undefined;
  readonly password: string | undefined;
  /** Proof of an earlier login, which allows further attempts on a locked account. */
  readonly receipt: string | undefined;
}

/** @throws what {@link checkPassword} throws, and 401 when a second factor is needed */
async function checkOnlyFactor(world: World, credentials: Credentials): Promise<UserRecord> {
  const user = await checkPassword(world, credentials);
  if (twoFactorIsEnabled(world, user.id)) {
    throw secondFactorRequired(world, user.id);
  }
  return user;
}

/** @throws 401 for a wrong name or password, 423 while the account is locked */
async function checkPassword(world: World, credentials: Credentials): Promise<UserRecord> {
  const { userName, password, receipt } = credentials;
  if (userName === undefined || password === undefined) {
    throw badRequest('The username and the password are required.');
  }
  const user = findUser(world, userName);
  const known = user && readSignedPayload(world, receiptPurpose, receipt)?.userId === user.id;
  if (user !== undefined && known !== true) {
    refuseLocked(world, user.id);
  }
  const matches = await passwordMatches(password, user?.passwordHash);
  if (user === undefined || !matches) {
    if (user !== undefined) {
      noteFailure(world, user.id);
    }
    throw unauthorized('The provided username/password combination is incorrect');
  }
  failures(world).delete(String(user.id));
  return user;
}

function findUser(world: World, name: string): UserRecord | undefined {
  if (name.includes('@')) {
    return findUserByEmail(world, name);
  }
  const principal = findPrincipalByAlias(world, name);
  return principal && getUser(world, principal.id);
}

function refuseLocked(world: World, userId: number): void {
  const lockedUntil = failures(world).get(String(userId))?.lockedUntil ?? 0;
  const rest = lockedUntil - world.now().getTime();
  if (rest > 0) {
    throw new ServiceError(
      423,
      `You are locked out from making any additional login attempts for ${rest} milliseconds`,
    );
  }
}

function noteFailure(world: World, userId: number): void {
  const count = (failures(world).get(String(userId))?.count ?? 0) + 1;
  const lockedUntil = count >= maxFailures ? world.now().getTime() + lockTime : 0;
  failures(world).put(String(userId), { count, lockedUntil });
}

async function changePassword(world: World, request: M.ChangePasswordInterface): Promise<void> {
  const newPassword = checkNewPassword(request.newPassword);
  const userId = await userChangingPassword(world, request);
  const passwordHash = await hashPassword(newPassword);
  world.store.transaction(() => {
    updateUser(world, userId, { passwordHash });
    world.tokens.endAllSessions(userId);
  });
}

async function userChangingPassword(
  world: World,
  request: M.ChangePasswordInterface,
): Promise<number> {
  switch (request.concreteType) {
    case 'org.sagebionetworks.repo.model.auth.ChangePasswordWithCurrentPassword': {
      const user = await checkOnlyFactor(world, {
        userName: request.username,
        password: request.currentPassword,
        receipt: request.authenticationReceipt,
      });
      return user.id;
    }
    case 'org.sagebionetworks.repo.model.auth.ChangePasswordWithTwoFactorAuthToken':
      return world.store.transaction(() => checkSecondFactor(world, request));
    case 'org.sagebionetworks.repo.model.auth.ChangePasswordWithToken': {
      const user = userOfResetToken(world, request.passwordChangeToken);
      if (twoFactorIsEnabled(world, user.id)) {
        throw secondFactorRequired(world, user.id);
      }
      return user.id;
    }
  }
}
