import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { nameKey } from '../users/findPrincipal.js';
import { findPrincipalIds } from '../users/findPrincipalIds.js';
import { isPrincipalId } from '../users/userIdOf.js';
import { idOf, type Identified } from '../values/ids.js';

/** Recipients of one message. */
const mostRecipients = 50;

/**
 * Checks what is known of the recipients without a request. Each principal has one id and one name.
 *
 * @throws {@link ArgumentError} for none, and for more than 50 ids or 50 names.
 */
export function checkRecipients(recipients: readonly Identified[]): void {
  if (recipients.length === 0) throw new ArgumentError('The message has no recipients.');
  const given = recipients.map((recipient) => idOf(recipient).trim());
  requireFew(new Set(given.filter(isPrincipalId)).size);
  requireFew(new Set(given.filter((text) => !isPrincipalId(text)).map(nameKey)).size);
}

/**
 * The ids of the recipients, each once.
 *
 * @throws {@link ArgumentError} for a name that nobody has, and for more than 50.
 */
export async function resolveRecipients(
  ctx: Context,
  recipients: readonly Identified[],
  options: CallOptions,
): Promise<string[]> {
  checkRecipients(recipients);
  const ids = await findPrincipalIds(ctx, recipients, options);
  requireFew(ids.length);
  return ids;
}

function requireFew(count: number): void {
  if (count <= mostRecipients) return;
  throw new ArgumentError(
    `The message has ${count} recipients, but Synapse allows ${mostRecipients}: send several messages, or write to a team.`,
  );
}
