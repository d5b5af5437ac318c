import { hasAccess } from '../access/requireAccess.js';
import { escapeHtml } from '../emails/html.js';
import { addressOf, sendMail } from '../emails/outbox.js';
import { wantsMail } from '../emails/unsubscribe.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import { callerOf } from '../users/callerOf.js';
import { membersOf } from '../users/memberships.js';
import { findPrincipalByAlias, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import type { PostRecord, ReplyRecord, ThreadRecord } from './discussionRecords.js';
import { subscribersTo, type SubscriptionTopic } from './subscriptions.js';

/** Characters of a title that a subject shows. */
const shownTitle = 50;

/** Mails a new thread to the subscribers of its forum, and to the users that it mentions. */
export function mailThread(world: World, thread: ThreadRecord): void {
  mailPost(world, thread, {
    thread,
    topic: { objectId: thread.forumId, objectType: 'FORUM' },
    subject: `Synapse Notification: New thread '${shortTitle(thread)}'`,
    verb: 'created thread',
  });
}

/** Mails a new reply to the subscribers of its thread, and to the users that it mentions. */
export function mailReply(world: World, reply: ReplyRecord, thread: ThreadRecord): void {
  mailPost(world, reply, {
    thread,
    topic: { objectId: thread.id, objectType: 'THREAD' },
    subject: `Synapse Notification: New reply created in thread '${shortTitle(thread)}'`,
    verb: 'replied to',
  });
}

interface PostMail {
  readonly thread: ThreadRecord;
  readonly topic: SubscriptionTopic;
  readonly subject: string;
  readonly verb: string;
}

function mailPost(world: World, post: PostRecord, mail: PostMail): void {
  const { thread, topic, subject, verb } = mail;
  const { projectId } = thread;
  const author = getPrincipal(world, post.createdBy)?.name ?? '';
  const forum = getEntityRecord(world, projectId).name;
  const link = `https://www.synapse.org/#!Synapse:${projectId}/discussion/threadId=${thread.id}`;
  const sentence = `${author} ${verb} ${shortTitle(thread)} in ${forum} forum.`;
  const html =
    `<html><body><p>${escapeHtml(sentence)}</p><blockquote>${escapeHtml(post.markdown)}</blockquote>` +
    `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p></body></html>`;
  // The author knows.
  const recipients = new Set([...subscribersTo(world, topic), ...mentioned(world, post)]);
  recipients.delete(post.createdBy);
  for (const userId of recipients) {
    const to = addressOf(world, userId);
    const mayRead = hasAccess(world, callerOf(world, userId), projectId, 'READ');
    if (to !== undefined && mayRead && wantsMail(world, userId)) {
      sendMail(world, { to, subject, html, link });
    }
  }
}

function shortTitle({ title }: ThreadRecord): string {
  return title.length <= shownTitle ? title : `${title.slice(0, shownTitle)}...`;
}

/** The users that a text mentions, also as members of a team: `@bob`. */
function mentioned(world: World, { markdown }: PostRecord): number[] {
  const names = [...markdown.matchAll(/(?<![\w@.-])@([\w.-]{3,100})/g)];
  return names.flatMap(([, name = '']) => {
    const principal = findPrincipalByAlias(world, name);
    if (principal === undefined) {
      return [];
    }
    const { id, isIndividual } = principal;
    return isIndividual ? [id] : membersOf(world, id).map(({ userId }) => userId);
  });
}
