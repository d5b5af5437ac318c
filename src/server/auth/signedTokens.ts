import { createHmac, timingSafeEqual } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { forbidden, ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';

/** Signed tokens that the service issues, e.g. for invitations. */
type SignedToken =
  | M.EmailValidationSignedToken
  | M.InviteeVerificationSignedToken
  | M.JoinTeamSignedToken
  | M.MembershipInvtnSignedToken
  | M.NotificationSettingsSignedToken
  | M.PasswordResetSignedToken
  | M.TwoFactorAuthResetToken;

/** How long a token is valid when nothing else is said. */
const normalLifetime = 30 * 24 * 60 * 60 * 1000;

/** Signs a token. */
export function signToken<T extends SignedToken>(
  world: World,
  token: T,
  lifetime = normalLifetime,
): T {
  const signed: T = {
    ...token,
    version: 0,
    createdOn: world.timestamp(),
    expiresOn: new Date(world.now().getTime() + lifetime).toISOString(),
  };
  return { ...signed, hmac: hmacOf(world, signed).toString('base64') };
}

/** @throws 403 when the token was not signed by this server, or has expired */
export function checkToken(world: World, token: SignedToken): void {
  if (token.expiresOn === undefined || Date.parse(token.expiresOn) < world.now().getTime()) {
    throw forbidden('Token has expired.');
  }
  const expected = hmacOf(world, token);
  const given = Buffer.from(token.hmac ?? '', 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw forbidden('Token signature is invalid.');
  }
}

/** Whether a token was signed by this server, and has not expired. */
export function tokenIsValid(world: World, token: SignedToken): boolean {
  try {
    checkToken(world, token);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) {
      return false;
    }
    throw error;
  }
}

/** A token, or an object with one, encoded for the address of a portal page. */
export function tokenSuffix(token: SignedToken | M.AccountCreationToken): string {
  return Buffer.from(JSON.stringify(token)).toString('hex');
}

function hmacOf(world: World, token: SignedToken): Buffer {
  const fields = Object.entries(token)
    .filter(([name, value]) => name !== 'hmac' && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha256', world.secret('signed tokens'))
    .update(JSON.stringify(fields))
    .digest();
}
