import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { addressOf, linkMail, sendMail } from '../emails/outbox.js';
import { checkPortalLink } from '../emails/portalLinks.js';
import { badRequest } from '../kernel/serviceError.js';
import { getUser, type UserRecord } from '../users/users.js';
import type { World } from '../world.js';
import { signToken, tokenIsValid, tokenSuffix } from './signedTokens.js';

const linkLifetime = 24 * 60 * 60 * 1000;

/**
 * Sends a link for setting a new password: to the address that was given, or for a user name to the
 * notification address.
 *
 * @throws 400
 */
export function sendPasswordReset(
  world: World,
  user: UserRecord,
  { given, endpoint }: { readonly given: string; readonly endpoint: string },
): void {
  const token = signToken(
    world,
    {
      concreteType: 'org.sagebionetworks.repo.model.auth.PasswordResetSignedToken',
      userId: String(user.id),
      validity: validityOf(user),
    },
    linkLifetime,
  );
  const link = checkPortalLink(endpoint + tokenSuffix(token));
  const to = given.includes('@') ? given : addressOf(world, user.id);
  if (to !== undefined) {
    const text = 'Follow the link to set a new password.';
    sendMail(world, { to, ...linkMail('Reset Synapse Password', { text, link }) });
  }
}

/**
 * The user whose password a token may change. The token is valid for one change.
 *
 * @throws 400
 */
export function userOfResetToken(
  world: World,
  token: M.PasswordResetSignedToken | undefined,
): UserRecord {
  if (token === undefined) {
    throw badRequest('changePasswordWithToken.passwordChangeToken is required.');
  }
  const user = tokenIsValid(world, token) ? getUser(world, token.userId ?? '') : undefined;
  if (user === undefined || token.validity !== validityOf(user)) {
    throw badRequest('Password reset token is invalid');
  }
  return user;
}

/** A fingerprint of the password hash, which changes with every new password. */
function validityOf({ passwordHash = '' }: UserRecord): string {
  return createHash('sha256').update(passwordHash).digest('hex');
}
