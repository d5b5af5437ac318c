import type * as M from '../../../generated/models.js';
import { checkPortalLink } from '../emails/portalLinks.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden, unauthorized } from '../kernel/serviceError.js';
import { tellUser } from '../messages/tellUser.js';
import { getPrincipal } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { codeDigits, codePeriod } from './oneTimeCodes.js';
import { passwordMatches } from './passwords.js';
import {
  checkTwoFactorToken,
  confirmSecret,
  issueSecret,
  makeRecoveryCodes,
  removeSecrets,
  requireTwoFactor,
  twoFactorIsEnabled,
  type CheckedFactor,
} from './secondFactors.js';
import { signToken, tokenIsValid, tokenSuffix } from './signedTokens.js';

const resetLifetime = 600_000;

/** Serves `/auth/v1/2fa`. Users get a message about every change. */
export function twoFactorRoutes(router: Router, world: World): void {
  const status = (userId: number): M.TwoFactorAuthStatus => ({
    status: twoFactorIsEnabled(world, userId) ? 'ENABLED' : 'DISABLED',
  });

  router.get('/auth/v1/2fa', ({ caller }) => status(caller.userId));

  router.post('/auth/v1/2fa/enroll', ({ caller }) => {
    const userId = userOf(caller);
    const { id, secret } = issueSecret(world, userId);
    return {
      secretId: id,
      secret,
      alg: 'SHA1',
      digits: codeDigits,
      period: codePeriod,
      username: getPrincipal(world, userId)?.name ?? String(userId),
    };
  });

  router.post('/auth/v1/2fa', async ({ body, caller }) => {
    const userId = userOf(caller);
    confirmSecret(world, userId, body);
    await tell(world, userId, 'Enabled');
    return status(userId);
  });

  router.delete('/auth/v1/2fa', async ({ caller }) => {
    const userId = userOf(caller);
    removeSecrets(world, userId);
    await tell(world, userId, 'Disabled');
  });

  router.post('/auth/v1/2fa/reset', ({ body }) => sendReset(world, body));
  router.post('/auth/v1/2fa/disable', ({ body }) => disableWithToken(world, body));
  router.post('/auth/v1/2fa/recoveryCodes', async ({ caller }) => {
    const userId = userOf(caller);
    const codes = makeRecoveryCodes(world, userId);
    await tell(world, userId, 'Recovery Codes Generated');
    return { codes };
  });
}

/** Tells a user what happened to two-factor authentication. */
function tell(world: World, userId: number, event: string): Promise<void> {
  const subject = `Two-Factor Authentication ${event}`;
  return tellUser(world, userId, { subject, text: `${subject}.` });
}

/** Tells a user that a recovery code was used, if one was. */
export async function tellOfRecoveryCode(
  world: World,
  { userId, codesLeft }: CheckedFactor,
): Promise<void> {
  if (codesLeft !== undefined) {
    const subject = 'Two-Factor Authentication Recovery Code Used';
    await tellUser(world, userId, { subject, text: `Unused recovery codes: ${codesLeft}.` });
  }
}

/**
 * Sends a link for disabling two-factor authentication without the second factor.
 *
 * @throws 400, 401 without a started login or the password
 * @see https://rest-docs.synapse.org/rest/POST/2fa/reset.html
 */
async function sendReset(
  world: World,
  { userId, twoFaResetEndpoint, ...credentials }: M.TwoFactorAuthResetRequest,
): Promise<void> {
  if (twoFaResetEndpoint === undefined || userId === undefined) {
    const name = twoFaResetEndpoint === undefined ? 'twoFaResetEndpoint' : 'userId';
    throw badRequest(`The ${name} is required.`);
  }
  await checkFirstFactor(world, userId, credentials);
  checkPortalLink(twoFaResetEndpoint);
  requireTwoFactor(world, userId);
  const token = signToken(
    world,
    { concreteType: 'org.sagebionetworks.repo.model.auth.TwoFactorAuthResetToken', userId },
    resetLifetime,
  );
  await tellUser(world, userId, {
    subject: 'Two-Factor Authentication Reset Request',
    text: 'Follow the link to disable two-factor authentication.',
    link: checkPortalLink(twoFaResetEndpoint + tokenSuffix(token)),
  });
}

/**
 * Disables two-factor authentication with the token of the link that {@link sendReset} sends.
 *
 * @throws 400, 401 without a started login or the password, or for a token that is not valid
 * @see https://rest-docs.synapse.org/rest/POST/2fa/disable.html
 */
async function disableWithToken(
  world: World,
  { twoFaResetToken, ...credentials }: M.TwoFactorAuthDisableRequest,
): Promise<void> {
  if (twoFaResetToken?.userId === undefined) {
    throw badRequest('The twoFaResetToken is required.');
  }
  const { userId } = twoFaResetToken;
  await checkFirstFactor(world, userId, credentials);
  if (!tokenIsValid(world, twoFaResetToken)) {
    throw unauthorized('The provided 2fa reset token is invalid.');
  }
  world.store.transaction(() => removeSecrets(world, userId));
  await tell(world, userId, 'Disabled');
}

/** Checks the password of a user, or that a login with it has been started. @throws 400, 401 */
async function checkFirstFactor(
  world: World,
  userId: number,
  { twoFaToken, password }: { readonly twoFaToken?: string; readonly password?: string },
): Promise<void> {
  if (twoFaToken !== undefined) {
    checkTwoFactorToken(world, 'two-factor login', { userId, token: twoFaToken });
  } else if (password === undefined) {
    throw badRequest('The twoFaToken or the password are required.');
  } else if (!(await passwordMatches(password, getUser(world, userId)?.passwordHash))) {
    throw unauthorized('The provided password is invalid.');
  }
}

function userOf(caller: Caller): number {
  if (caller.isAnonymous) {
    throw forbidden('You need to authenticate to perform this action');
  }
  return caller.userId;
}
