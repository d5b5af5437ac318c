import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Synapse } from '../../src/index.js';
import { withClients, type Clients } from '../entities/withClients.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

/**
 * The forum of a sleep study: its members discuss outliers, the moderator pins what is important and deletes what is not, and a long
 * report goes to a team, whose member reads and answers it.
 */

const outliers = {
  title: 'Outliers in night 3 🧬',
  text: 'See STUDY, @bob: why?\n\n* mouse A\n* mouse B',
};
const advertisement = { title: 'Cheap mice', text: 'Buy now!' };
const answer = 'The sensor was **broken**.\r\n';
const correction = 'The sensor was **replaced**.\r\n';
const line = 'Ünïcödé 🧬 report of the nights\n';
const report = line.repeat(Math.ceil((1024 * 1024) / Buffer.byteLength(line)));
const thanks = 'Thank you!';

interface People {
  alice: Synapse;
  bob: Synapse;
  carol: Synapse;
}

/** What there is before the story: a study of alice that bob can read, and a team of alice and carol. */
interface Stage extends People {
  clients: Clients;
  study: string;
  team: string;
}

async function setStage(clients: Clients): Promise<Stage> {
  const [alice, bob, carol] = await Promise.all([
    clients.open('alice'),
    clients.open('bob'),
    clients.open('carol'),
  ]);
  const { id: study } = await clients.project(alice);
  await alice.setPermissions(study, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
  const newTeam = { name: 'Sleep team', canPublicJoin: true };
  const { id: team = '' } = await alice.services.team.createTeam({ body: newTeam });
  const { ownerId: principalId = '' } = await carol.users.get();
  await carol.services.team.addTeamMember({ id: team, principalId });
  return { clients, alice, bob, carol, study, team };
}

/** The ids that the story makes, by name. */
type Ids = Record<'forum' | 'thread' | 'spam' | 'reply' | 'message' | 'thanks', string>;

/** The story, told through this client. */
async function withClient({ alice, bob, carol, study }: Stage): Promise<Ids> {
  const forum = await bob.discussions.forum(study);
  const subscription = await bob.subscriptions.subscribe('FORUM', forum);

  const text = outliers.text.replace('STUDY', study);
  const thread = await alice.discussions.create(forum, { ...outliers, text });
  await alice.discussions.pin(thread);

  const [newest] = await bob.discussions.threads(forum, { text: true }).toArray();
  expect(newest?.text).toBe(text);
  const reply = await bob.discussions.reply(thread, answer);
  await bob.discussions.updateReply(reply, correction);
  const spam = await bob.discussions.create(forum, advertisement);
  await alice.discussions.delete(spam);

  const message = await bob.messages.send({
    recipients: ['Sleep team'],
    subject: 'Report',
    body: report,
  });
  const [received] = await carol.messages.inbox({ status: 'UNREAD', text: true }).toArray();
  expect(received?.text).toBe(report);
  const sent = await carol.messages.reply(received ?? '', { body: thanks });
  await carol.messages.setStatus(message, 'READ');
  const [last] = await bob.messages.inbox({ status: 'UNREAD', text: true }).toArray();
  expect(last?.text).toBe(thanks);
  await bob.messages.setStatus(sent, 'READ');
  await bob.subscriptions.delete(subscription);

  return {
    forum: forum.id,
    thread: thread.id,
    spam: spam.id,
    reply: reply.id,
    message: message.id,
    thanks: sent.id,
  };
}

/** The story, told through the operations of the service. */
async function withOperations({ alice, bob, carol, study, team }: Stage): Promise<Ids> {
  const { id: forum = '' } = await bob.services.discussion.getProjectForum({ projectId: study });
  const topic = { objectType: 'FORUM', objectId: forum } as const;
  const subscription = await bob.services.subscription.createSubscription({ body: topic });

  const text = outliers.text.replace('STUDY', study);
  const { id: thread = '' } = await alice.services.discussion.createThread({
    body: { forumId: forum, title: outliers.title, messageMarkdown: text },
  });
  await alice.services.discussion.pinThread({ threadId: thread });

  const { id: reply = '' } = await bob.services.discussion.createReply({
    body: { threadId: thread, messageMarkdown: answer },
  });
  await bob.services.discussion.updateReplyMessage({
    replyId: reply,
    body: { messageMarkdown: correction },
  });
  const { id: spam = '' } = await bob.services.discussion.createThread({
    body: {
      forumId: forum,
      title: advertisement.title,
      messageMarkdown: advertisement.text,
    },
  });
  await alice.services.discussion.deleteThread({ threadId: spam });

  const message = await post(bob, { recipients: [team], subject: 'Report' }, report);
  const { ownerId: bobs = '' } = await bob.users.get();
  const reaction = { recipients: [bobs], subject: 'Re: Report', inReplyTo: message };
  const sent = await post(carol, reaction, thanks);
  await carol.services.message.updateMessageStatus({
    body: { messageId: message, status: 'READ' },
  });
  await bob.services.message.updateMessageStatus({ body: { messageId: sent, status: 'READ' } });
  const { subscriptionId: id = '' } = subscription;
  await bob.services.subscription.deleteSubscription({ id });
  return { forum, thread, spam, reply, message, thanks: sent };
}

/** Uploads the text of a message in one part, and sends it. */
async function post(
  syn: Synapse,
  message: { recipients: string[]; subject: string; inReplyTo?: string },
  text: string,
): Promise<string> {
  const content = Buffer.from(text);
  const md5 = createHash('md5').update(content).digest('hex');
  const { file } = syn.services;
  const { uploadId } = await file.createMultipartUpload({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      contentMD5Hex: md5,
      contentType: 'text/plain; charset=utf-8',
      fileName: 'message.txt',
      fileSizeBytes: content.length,
      partSizeBytes: 5 * 1024 * 1024,
      generatePreview: false,
    },
  });
  const { partPresignedUrls } = await file.getMultipartUploadUrlBatch({
    uploadId,
    body: { uploadId, partNumbers: [1] },
  });
  const { uploadPresignedUrl = '', signedHeaders = {} } = partPresignedUrls[0] ?? {};
  await fetch(uploadPresignedUrl, {
    method: 'PUT',
    body: content,
    headers: signedHeaders as Record<string, string>,
  });
  await file.addMultipartUploadPart({ uploadId, partNumber: 1, partMD5Hex: md5 });
  const { resultFileHandleId } = await file.completeMultipartUpload({ uploadId });
  const { id = '' } = await syn.services.message.sendMessage({
    body: { ...message, fileHandleId: resultFileHandleId },
  });
  return id;
}

/** What the operations of the service show of the story. */
async function stateOf({ clients, alice, bob, carol, study, team }: Stage, ids: Ids) {
  const { discussion, subscription } = alice.services;
  const page = { limit: 20, offset: 0 };
  const inboxes = [];
  for (const syn of [alice, bob, carol]) {
    inboxes.push(
      await syn.services.message.listInboxMessages({ inboxFilter: 'READ,UNREAD,ARCHIVED' }),
    );
  }
  const state = {
    threads: await discussion.listForumThreads({
      ...page,
      forumId: ids.forum,
      filter: 'NO_FILTER',
    }),
    replies: await discussion.listThreadReplies({
      ...page,
      threadId: ids.thread,
      filter: 'NO_FILTER',
    }),
    subscribers: [
      await subscription.listSubscribers({ body: { objectType: 'FORUM', objectId: ids.forum } }),
      await subscription.listSubscribers({ body: { objectType: 'THREAD', objectId: ids.thread } }),
    ],
    inboxes,
    texts: [
      await textAt(await bob.services.message.getMessageFileUrl({ messageId: ids.message })),
      await textAt(await carol.services.message.getMessageFileUrl({ messageId: ids.thanks })),
    ],
    mails: clients.server.mails.map(({ to, subject, html }) => ({ to, subject, html })),
  };
  const known = { ...ids, study, team, studyNumber: study.slice(3) };
  return withoutKeys(comparable(withoutKeys(state), known));
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** Keys and files of texts have names that differ each time, and so has the project. */
function withoutKeys(state: unknown): unknown {
  return JSON.parse(
    JSON.stringify(state, (key, value: unknown) =>
      key === 'messageKey' || key === 'fileHandleId' || key === 'lastActivity' ? undefined : value,
    ).replaceAll(/Project \d+ of \d+/g, 'Project'),
  );
}

describe('a study is discussed', () => {
  const first = withClients();
  const second = withClients();
  let ours: Stage;
  let theirs: Stage;
  beforeAll(async () => {
    [ours, theirs] = await Promise.all([setStage(first), setStage(second)]);
  });

  test('through this client as through the operations of the service, with few calls', async () => {
    const { result: ids, calls } = await callsOf(first.server, () => withClient(ours));
    const raw = await withOperations(theirs);
    expect(await stateOf(ours, ids)).toEqual(await stateOf(theirs, raw));

    expect(calls).toEqual({
      'discussion.getProjectForum': 1,
      'discussion.createThread': 2,
      'discussion.pinThread': 1,
      'discussion.deleteThread': 1,
      'discussion.listForumThreads': 1,
      'discussion.getThreadMessageUrl': 1,
      'discussion.createReply': 1,
      'discussion.updateReplyMessage': 1,
      'subscription.createSubscription': 1,
      'subscription.deleteSubscription': 1,
      // Two messages: names, then a file and the message itself for each.
      'userProfile.listUserGroupHeadersByAliases': 1,
      'file.createMultipartUpload': 2,
      'file.getMultipartUploadUrlBatch': 2,
      'PUT /storage': 2,
      'file.addMultipartUploadPart': 2,
      'file.completeMultipartUpload': 2,
      'message.sendMessage': 2,
      // Reading them, and the text of the thread.
      'message.listInboxMessages': 2,
      'file.getFileHandleBatch': 2,
      'GET /storage': 3,
      'message.updateMessageStatus': 2,
    });
  });

  test('with mails to those who subscribed or were mentioned', () => {
    const mails = first.server.mails.map(({ to, subject }) => `${to}: ${subject}`);
    expect(mails).toEqual([
      "bob@example.org: Synapse Notification: New thread 'Outliers in night 3 🧬'",
      "alice@example.org: Synapse Notification: New reply created in thread 'Outliers in night 3 🧬'",
      'bob@example.org: Re: Report',
    ]);
  });
});
