import type { IncomingHttpHeaders } from 'node:http';

import type * as M from '../../../generated/models.js';
import { requireServiceLogin } from '../auth/requireServiceLogin.js';
import { escapeHtml } from '../emails/html.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import { callerOf } from '../users/callerOf.js';
import { findPrincipalByAlias } from '../users/principals.js';
import { findUserByEmail } from '../users/users.js';
import type { World } from '../world.js';
import { storeMail } from './sendMessage.js';

/** The mail domain of users and teams of the service. */
const mailDomain = '@synapse.org';
/** Users and teams do not have this name. */
const noReply = 'noreply';

/**
 * Checks that mail may be delivered: from the address of a user, to a user or team. No login is required.
 *
 * @throws 400
 * @see https://rest-docs.synapse.org/rest/POST/cloudMailInAuthorization.html
 */
export function authorizeMail(world: World, { from, to = '' }: M.AuthorizationCheckHeader): void {
  senderOf(world, from);
  if (recipientsOf(world, [to]).known.length === 0) {
    throw badRequest(`${to.slice(0, 200)} is not a known Synapse email recipient.`);
  }
}

/**
 * Delivers mail as a message. The sender gets a message about addresses that nobody has.
 *
 * @throws 401 unless the mail service calls, 400
 * @see https://rest-docs.synapse.org/rest/POST/cloudMailInMessage.html
 */
export async function receiveMail(
  world: World,
  call: {
    readonly caller: Caller;
    readonly headers: IncomingHttpHeaders;
    readonly body: M.CloudMailInMessage;
  },
): Promise<void> {
  await requireServiceLogin(world, call.caller, call.headers);
  const { attachments, envelope, headers, html, plain } = call.body;
  const addresses = envelope?.recipients ?? [];
  if (envelope?.from === undefined && headers?.From === undefined) {
    throw badRequest("Sender ('From') is required.");
  }
  if (addresses.length === 0) {
    throw badRequest('Recipients list is required.');
  }
  const sender = senderOf(world, envelope?.from, headers?.From);
  const { known, unknown } = recipientsOf(world, addresses);
  if (known.length === 0) {
    throw badRequest(`Invalid recipient(s): [${addresses.slice(0, 100).join(', ')}]`);
  }
  await store(world, sender, {
    text: JSON.stringify({ plain, html, attachments }),
    contentType: 'application/json; charset=utf-8',
    message: {
      recipients: known.map(String),
      subject: headers?.Subject,
      to: headers?.To,
      cc: headers?.Cc,
      bcc: headers?.Bcc,
    },
  });
  if (unknown.length > 0) {
    const list = escapeHtml(unknown.join(', '));
    await store(world, sender, {
      text: `<html><body><p>Your message did not reach these addresses: ${list}</p></body></html>`,
      contentType: 'text/html; charset=utf-8',
      message: { recipients: [String(sender.userId)], subject: 'Message Failure Notification' },
    });
  }
}

async function store(
  world: World,
  sender: Caller,
  mail: {
    readonly text: string;
    readonly contentType: string;
    readonly message: M.MessageToUser;
  },
): Promise<void> {
  const handle = await world.files.store(Buffer.from(mail.text), {
    createdBy: sender.userId,
    fileName: 'message.txt',
    contentType: mail.contentType,
  });
  await storeMail(world, sender, { ...mail.message, fileHandleId: handle.id });
}

/** The user with the first of these addresses that a user has. */
function senderOf(world: World, ...addresses: readonly (string | undefined)[]): Caller {
  const given = addresses.flatMap((address) => (address === undefined ? [] : [address.trim()]));
  for (const address of given) {
    const user = findUserByEmail(world, address);
    if (user !== undefined) {
      return callerOf(world, user.id);
    }
  }
  const [first = '', second] = given.map((address) => address.slice(0, 200));
  throw badRequest(
    second === undefined
      ? `Specified address ${first} is not registered with Synapse.`
      : `Neither ${first} nor ${second} is a recognized, registered Synapse address.`,
  );
}

function recipientsOf(
  world: World,
  addresses: readonly string[],
): { known: number[]; unknown: string[] } {
  const known = new Set<number>();
  const unknown: string[] = [];
  for (const address of addresses) {
    const mailbox = address.trim().toLowerCase();
    const name = mailbox.endsWith(mailDomain) ? mailbox.slice(0, -mailDomain.length) : noReply;
    const principal = name === noReply ? undefined : findPrincipalByAlias(world, name);
    if (principal === undefined) {
      unknown.push(address.slice(0, 200));
    } else {
      known.add(principal.id);
    }
  }
  return { known: [...known], unknown };
}

/** Answers errors as plain text: the mail service shows it to the sender. */
export async function withPlainErrors(answer: () => Promise<void> | void): Promise<void> {
  try {
    await answer();
  } catch (error) {
    throw error instanceof ServiceError
      ? new ServiceError(error.status, error.message, { body: error.message })
      : error;
  }
}
