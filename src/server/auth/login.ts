import type * as M from '../../../generated/models.js';
import { addressOf, sendMail, textMail } from '../emails/outbox.js';
import { requireFields } from '../kernel/requireFields.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden, ServiceError, unauthorized } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import { findPrincipalByAlias, fixedPrincipals } from '../users/principals.js';
import { findUserByEmail, getUser, updateUser, type UserRecord } from '../users/users.js';
import type { World } from '../world.js';
import { sendPasswordReset, userOfResetToken } from './passwordReset.js';
import { checkNewPassword, hashPassword, passwordMatches } from './passwords.js';
import { readSignedPayload, signPayload } from './signedPayload.js';
import {
  checkSecondFactor,
  secondFactorRequired,
  twoFactorIsEnabled,
  type SecondFactorPurpose,
} from './secondFactors.js';
import { hasAgreed } from './terms.js';
import { tellOfRecoveryCode } from './twoFactor.js';

const receiptLifetime = 30 * 86_400_000;
const passwordLifetime = 120 * 86_400_000;
/** A password that the user set cannot be changed with itself for this time. */
const minPasswordAge = 86_400_000;
const receiptPurpose = 'authentication receipt';

interface LoginFailures {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lockedUntil: number;
}

function failures(world: World): Collection<LoginFailures> {
  return world.store.collection<LoginFailures>('loginFailures');
}

/** Serves login, password change and sessions. */
export function loginRoutes(router: Router, world: World): void {
  router.post('/auth/v1/login2', ({ body }) => logIn(world, body));

  router.post('/auth/v1/2fa/token', async ({ body }) => {
    const factor = world.store.transaction(() =>
      checkSecondFactor(world, 'two-factor login', body),
    );
    await tellOfRecoveryCode(world, factor);
    return loginResponse(world, factor.userId);
  });

  router.post('/auth/v1/user/changePassword', async ({ body }) => {
    await changePassword(world, body);
  });

  // The answer does not reveal whether the user exists.
  router.post('/auth/v1/user/password/reset', ({ body, query }) => {
    if (body.email === undefined) {
      throw badRequest('The email is required.');
    }
    const user = findUser(world, body.email);
    if (user !== undefined) {
      const endpoint = query.passwordResetEndpoint;
      sendPasswordReset(world, user, { given: body.email, endpoint });
    }
  });

  router.get('/auth/v1/authenticatedOn', ({ caller }) => {
    if (caller.isAnonymous) {
      throw unauthorized('Cannot retrieve authentication time stamp for anonymous user.');
    }
    const authenticatedOn = getUser(world, caller.userId)?.authenticatedOn;
    return authenticatedOn === undefined ? {} : { authenticatedOn };
  });

  router.get('/auth/v1/anonymousToken', async () => ({
    accessToken: await world.tokens.startSession(fixedPrincipals.anonymous),
  }));

  router.delete('/auth/v1/sessionAccessToken', ({ caller }) => {
    if (caller.isAnonymous) {
      throw badRequest('JSON Web Token is required.');
    }
    // A personal access token belongs to no session.
    if (caller.sessionId !== undefined) {
      world.tokens.endSession(caller.sessionId);
    }
  });

  router.delete('/auth/v1/user/{targetUserId}/sessionAccessToken/all', ({ path, caller }) => {
    const target = path.targetUserId;
    if (target !== caller.userId && !caller.isAdmin) {
      throw forbidden('You are not authorized to perform this operation.');
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
  const { authenticationReceipt: receipt } = request;
  requireFields(request, ['username', 'password'], (name) => `LoginRequest.${name}`);
  const { username: userName, password } = request;
  const user = await checkPassword(world, { userName, password, receipt });
  requireCurrentPassword(world, user);
  requireNoSecondFactor(world, user.id, 'two-factor login');
  return loginResponse(world, user.id);
}

/** @throws 401 for a password that is too simple or too old */
function requireCurrentPassword(
  world: World,
  { mustResetPassword = false, passwordModifiedOn }: UserRecord,
): void {
  const errorCode = 'PASSWORD_RESET_VIA_EMAIL_REQUIRED';
  if (mustResetPassword) {
    throw unauthorized('You must change your password via email reset.', { errorCode });
  }
  const age = world.now().getTime() - Date.parse(passwordModifiedOn ?? '');
  if (age > passwordLifetime) {
    throw unauthorized('Your password has expired, please update your password via email reset.', {
      errorCode,
    });
  }
}

/** Starts a session for a user. */
export async function loginResponse(world: World, userId: number): Promise<M.LoginResponse> {
  const accessToken = await world.tokens.startSession(userId);
  updateUser(world, userId, { authenticatedOn: world.timestamp() });
  const expires = world.now().getTime() + receiptLifetime;
  return {
    accessToken,
    acceptsTermsOfUse: hasAgreed(world, userId),
    authenticationReceipt: signPayload(world, receiptPurpose, { userId, expires }),
  };
}

interface Credentials {
  readonly userName: string;
  readonly password: string;
  /** Proof of an earlier login, which allows further attempts on a locked account. */
  readonly receipt: string | undefined;
}

/** @throws 401 when a second factor is needed */
function requireNoSecondFactor(world: World, userId: number, purpose: SecondFactorPurpose): void {
  if (twoFactorIsEnabled(world, userId)) {
    throw secondFactorRequired(world, userId, purpose);
  }
}

/** @throws 401 for a wrong name or password, 423 while the account is locked */
async function checkPassword(
  world: World,
  { userName, password, receipt }: Credentials,
): Promise<UserRecord> {
  const user = findUser(world, userName);
  const known = user && readSignedPayload(world, receiptPurpose, receipt)?.userId === user.id;
  if (user !== undefined && known !== true) {
    refuseLocked(world, user.id);
  }
  const matches = await passwordMatches(password, user?.passwordHash);
  if (user === undefined || !matches) {
    if (user !== undefined && known !== true) {
      noteFailure(world, user.id);
    }
    throw unauthorized('The provided username/password combination is incorrect');
  }
  if (known !== true) {
    failures(world).delete(String(user.id));
  }
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

/** Locks an account for 2 ms after the first wrong password, and twice as long after each other. */
function noteFailure(world: World, userId: number): void {
  const count = (failures(world).get(String(userId))?.count ?? 0) + 1;
  const lockedUntil = world.now().getTime() + 2 ** Math.min(count, 62);
  failures(world).put(String(userId), { count, lockedUntil });
}

async function changePassword(world: World, request: M.ChangePasswordInterface): Promise<void> {
  const { newPassword } = request;
  const userId = await userChangingPassword(world, request);
  await setPassword(world, userId, checkNewPassword(newPassword));
  failures(world).delete(String(userId));
  const to = addressOf(world, userId);
  if (to !== undefined) {
    const text = 'Your password has been changed.';
    sendMail(world, { to, ...textMail('Your Synapse Password Has Been Changed', text) });
  }
}

/** Sets a new password, which expires after some time. */
async function setPassword(world: World, userId: number, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  const passwordModifiedOn = world.timestamp();
  updateUser(world, userId, { passwordHash, passwordModifiedOn, mustResetPassword: undefined });
}

async function userChangingPassword(
  world: World,
  request: M.ChangePasswordInterface,
): Promise<number> {
  switch (request.concreteType) {
    case 'org.sagebionetworks.repo.model.auth.ChangePasswordWithCurrentPassword':
      return userKnowingPassword(world, request);
    case 'org.sagebionetworks.repo.model.auth.ChangePasswordWithTwoFactorAuthToken': {
      const factor = world.store.transaction(() => {
        const checked = checkSecondFactor(world, 'two-factor password change', request);
        // A bad password does not use up a recovery code.
        checkNewPassword(request.newPassword);
        return checked;
      });
      await tellOfRecoveryCode(world, factor);
      return factor.userId;
    }
    case 'org.sagebionetworks.repo.model.auth.ChangePasswordWithToken': {
      const user = userOfResetToken(world, request.passwordChangeToken);
      requireNoSecondFactor(world, user.id, 'two-factor password change');
      return user.id;
    }
  }
}

/** @throws 400 for a second change in a day, 401, 423 */
async function userKnowingPassword(
  world: World,
  request: M.ChangePasswordWithCurrentPassword,
): Promise<number> {
  const { authenticationReceipt: receipt } = request;
  requireFields(
    request,
    ['username', 'currentPassword'],
    (name) => `changePasswordWithCurrentPassword.${name}`,
  );
  const { username: userName, currentPassword: password } = request;
  const { id, passwordModifiedOn } = await checkPassword(world, { userName, password, receipt });
  const age = world.now().getTime() - Date.parse(passwordModifiedOn ?? '');
  if (age >= 0 && age <= minPasswordAge) {
    throw badRequest(
      'Your password was changed in the past 24 hours, you may update your password via email reset.',
    );
  }
  requireNoSecondFactor(world, id, 'two-factor password change');
  return id;
}
