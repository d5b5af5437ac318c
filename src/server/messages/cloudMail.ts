import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { callerOf } from '../users/callerOf.js';
import { findPrincipalByAlias } from '../users/principals.js';
import { findUserByEmail } from '../users/users.js';
import type { World } from '../world.js';
import { sendMessage } from './sendMessage.js';

/** The mail domain of users and teams of the service. */
const mailDomain = '@synapse.org';

/**
 * Checks that mail may be delivered: from the address of a user, to users and teams.
 *
 * @throws 403 unless the caller is an administrator, as the mail service is, or for unknown
 * senders; 400
 * @see https://rest-docs.synapse.org/rest/POST/cloudMailInAuthorization.html
 */
export function authorizeMail(
  world: World,
  caller: Caller,
  { from, to }: M.AuthorizationCheckHeader,
): void {
  requireMailService(caller);
  senderOf(world, from);
  recipientsOf(world, [to ?? '']);
}

/**
 * Delivers mail as a message.
 *
 * @throws as {@link authorizeMail} does, and 400 for mail without text
 * @see https://rest-docs.synapse.org/rest/POST/cloudMailInMessage.html
 */
export async function receiveMail(
  world: World,
  caller: Caller,
  mail: M.CloudMailInMessage,
): Promise<void> {
  requireMailService(caller);
  const { envelope, headers, html, plain } = mail;
  const sender = senderOf(world, envelope?.from);
  const recipients = recipientsOf(world, envelope?.recipients ?? []);
  const text = html ?? plain;
  if (text === undefined) {
    throw badRequest('The mail has no text.');
  }
  const handle = await world.files.store(Buffer.from(text), {
    createdBy: sender.userId,
    fileName: 'message.txt',
    contentType: `text/${html === undefined ? 'plain' : 'html'}; charset=utf-8`,
  });
  world.store.transaction(() =>
    sendMessage(world, sender, {
      fileHandleId: handle.id,
      recipients: recipients.map(String),
      ...(headers?.Subject !== undefined && { subject: headers.Subject }),
    }),
  );
}

function requireMailService(caller: Caller): void {
  if (!caller.isAdmin) {
    throw forbidden('Only the mail service may do this.');
  }
}

function senderOf(world: World, from: string | undefined): Caller {
  const user = findUserByEmail(world, from?.trim() ?? '');
  if (user === undefined) {
    throw forbidden('The sender is not a user of the service.');
  }
  return callerOf(world, user.id);
}

function recipientsOf(world: World, addresses: readonly string[]): number[] {
  return addresses.map((address) => {
    const name = address.trim().toLowerCase();
    const principal = name.endsWith(mailDomain)
      ? findPrincipalByAlias(world, name.slice(0, -mailDomain.length))
      : undefined;
    if (principal === undefined) {
      throw badRequest(`There is no user or team with the address ${address.slice(0, 200)}`);
    }
    return principal.id;
  });
}
