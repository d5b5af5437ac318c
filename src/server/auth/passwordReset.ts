import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { addressOf, linkMail, sendMail } from '../emails/outbox.js';
import { badRequest } from '../kernel/serviceError.js';
import { getUser, type UserRecord } from '../users/users.js';
import type { World } from '../world.js';
import { checkToken, signToken, tokenSuffix } from './signedTokens.js';

/** Sends a link for setting a new password. */
export function sendPasswordReset(world: World, user: UserRecord, endpoint: string): void {
  const to = addressOf(world, user.id);
  if (to === undefined) {
    return;
  }
  const token = signToken(world, {
    concreteType: 'org.sagebionetworks.repo.model.auth.PasswordResetSignedToken',
    userId: String(user.id),
    validity: validityOf(user),
  });
  const link = endpoint + tokenSuffix(token);
  const text = 'Follow the link to set a new password.';
  sendMail(world, { to, ...linkMail('Set Synapse Password', { text, link }) });
}

/**
 * The user whose password a token may change. The token is valid for one change.
 *
 * @throws 400, 403
 */
export function userOfResetToken(
  world: World,
  token: M.PasswordResetSignedToken | undefined,
): UserRecord {
  const user = getUser(world, token?.userId ?? '');
  if (token === undefined || user === undefined) {
    throw badRequest('The passwordChangeToken is required.');
  }
  checkToken(world, token);
  if (token.validity !== validityOf(user)) {
    throw badRequest('Password reset token is invalid');
  }
  return user;
}

/** A fingerprint of the password hash, which changes with every new password. */
function validityOf({ passwordHash = '' }: UserRecord): string {
  return createHash('sha256').update(passwordHash).digest('hex');
}
