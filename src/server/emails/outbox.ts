import type { Collection } from '../state/store.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { escapeHtml } from './html.js';

/** A mail that the service would have sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  /** The link in the mail. */
  readonly link?: string;
  readonly sentOn: string;
}

/** Maximum number of stored mails. */
const maxMails = 1000;

function mails(world: World): Collection<Mail> {
  return world.store.collection<Mail>('mails');
}

/** Stores a mail for the owner of the server to read. No mail is sent. */
export function sendMail(world: World, mail: Omit<Mail, 'sentOn'>): void {
  const number = world.store.sequence('mails')();
  mails(world).put(String(number), { ...mail, sentOn: world.timestamp() });
  mails(world).delete(String(number - maxMails));
}

/** The latest mails, oldest first. */
export function sentMails(world: World): Mail[] {
  return [...mails(world).entries()]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, mail]) => mail);
}

/** The notification address of a user. */
export function addressOf(world: World, userId: number): string | undefined {
  const user = getUser(world, userId);
  return user?.notificationEmail ?? user?.emails[0];
}

/** A mail with a sentence. */
export function textMail(subject: string, text: string): Pick<Mail, 'html' | 'subject'> {
  return { subject, html: `<html><body><p>${escapeHtml(text)}</p></body></html>` };
}

/** A mail with a sentence and a link. */
export function linkMail(
  subject: string,
  { text, link }: { readonly text: string; readonly link: string },
): Pick<Mail, 'html' | 'link' | 'subject'> {
  const href = escapeHtml(link);
  return {
    subject,
    html: `<html><body><p>${escapeHtml(text)}</p><p><a href="${href}">${href}</a></p></body></html>`,
    link,
  };
}
