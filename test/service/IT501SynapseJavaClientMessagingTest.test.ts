import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Session } from '../server/entitySession.js';
import { storage } from '../server/filesClient.js';
import {
  conversationOf,
  sendMessage,
  unread,
  uploadText,
  type StoredMessage,
} from './messageCalls.js';
import { ok } from './teamCalls.js';

let now = Date.parse('2030-05-15T12:00:00.000Z');
const server = withSessions({ now: () => new Date(now) });
const body = 'Blah blah blah\n';
let oneId: string;
let twoId: string;
let oneToTwo: StoredMessage;
let twoToOne: StoredMessage;

// Every test has its own minute, and messages of its own.
beforeEach(async () => {
  const { admin, alice, bob } = server;
  for (const session of [alice, bob]) {
    for (const { id = '' } of await unread(session)) {
      await admin.delete(`/admin/message/${id}`);
    }
  }
  now += 60_000;
  oneId = String(server.userId('alice'));
  twoId = String(server.userId('bob'));
  const fileHandleId = await uploadText(alice, body);
  oneToTwo = await sendMessage(alice, { fileHandleId, recipients: [twoId], subject: 'one' });
  now += 1;
  // The reply names the file of the message that it replies to.
  twoToOne = await sendMessage(bob, {
    fileHandleId,
    recipients: [oneId],
    inReplyTo: oneToTwo.id,
    subject: 'two',
  });
  now += 1;
});

async function contentOf(session: Session, id: string): Promise<string> {
  const url = await ok<string>(session.get(`/message/${id}/file?redirect=false`));
  return (await storage(url)).body.toString();
}

async function outboxOf(session: Session): Promise<M.MessageToUser | undefined> {
  const { results } = await ok<M.PaginatedResultsOfMessageToUser>(
    session.get('/message/outbox?limit=100&descending=true'),
  );
  return results[0];
}

describe('IT501SynapseJavaClientMessagingTest', () => {
  test('testGetInbox: a reply with the file of the message arrives', async () => {
    expect(await unread(server.alice)).toEqual([twoToOne]);
    expect(await unread(server.bob)).toEqual([oneToTwo]);
    expect(twoToOne.fileHandleId).toBe(oneToTwo.fileHandleId);
  });

  test('testGetOutbox: the sender sees what was sent', async () => {
    expect(await outboxOf(server.alice)).toEqual(oneToTwo);
    expect(await outboxOf(server.bob)).toEqual(twoToOne);
  });

  test('testGetMessage: sender and receiver read both messages', async () => {
    for (const session of [server.alice, server.bob]) {
      expect((await session.get(`/message/${oneToTwo.id}`)).body).toEqual(oneToTwo);
      expect((await session.get(`/message/${twoToOne.id}`)).body).toEqual(twoToOne);
    }
  });

  test('testForwardMessage: a forwarded message arrives too', async () => {
    const { alice } = server;
    const forward = { recipients: twoToOne.recipients };
    const forwarded = await ok(alice.post(`/message/${oneToTwo.id}/forward`, forward));
    expect(await unread(alice)).toEqual([forwarded, twoToOne]);
  });

  test('testGetConversation: both sides see both messages, newest first', async () => {
    expect(await conversationOf(server.alice, oneToTwo.id)).toEqual([twoToOne, oneToTwo]);
    expect(await conversationOf(server.bob, twoToOne.id)).toEqual([twoToOne, oneToTwo]);
  });

  test('testUpdateStatus: a message that was read leaves the inbox', async () => {
    const status = { messageId: twoToOne.id, status: 'READ' };
    expect(await server.alice.put('/message/status', status)).toMatchObject({ status: 200 });
    expect(await unread(server.alice)).toEqual([]);
  });

  test('testTooManyMessages: a user who sends too many is asked to slow down', async () => {
    const { fileHandleId, recipients } = oneToTwo;
    const statuses: number[] = [];
    for (let index = 0; index < 11; index += 1) {
      const answer = await server.alice.post('/message', { fileHandleId, recipients });
      statuses.push(answer.status);
    }
    expect(statuses.indexOf(429)).toBe(9);
  });

  test('testDownloadMessageToFile: the receiver reads the text through a URL', async () => {
    expect(await contentOf(server.bob, oneToTwo.id)).toBe(body);
  });

  test('testDownloadMessage: the receiver is redirected to the text', async () => {
    const answer = await server.bob.get(`/message/${oneToTwo.id}/file`);
    expect(answer.status).toBe(307);
    const text = (await storage(answer.headers.get('location') ?? '')).body.toString();
    expect(text).toBe(body);
  });

  test('testGetMessageTemporaryUrl: the URL of the text is a URL', async () => {
    const url = await ok<string>(server.bob.get(`/message/${oneToTwo.id}/file?redirect=false`));
    expect(URL.canParse(url)).toBe(true);
  });

  test('testDownloadExtendedCharacterMessage: a text keeps all its characters', async () => {
    const text = 'G\u00E9rard Depardieu, Camille Saint-Sa\u00EBns and \u4E2D\u6587';
    const fileHandleId = await uploadText(server.alice, text);
    const sent = await sendMessage(server.alice, { fileHandleId, recipients: [twoId] });
    expect(await contentOf(server.bob, sent.id)).toBe(text);
  });

  test('testSendMessageToEntityOwner: the owner of a project gets the message', async () => {
    const { alice, bob } = server;
    const project = await alice.create('project', { name: `Project ${now}` });
    const fields = { ...twoToOne, recipients: undefined };
    const message = await ok<StoredMessage>(bob.post(`/entity/${project.id}/message`, fields));
    expect(message.recipients).toEqual([oneId]);
    expect((await unread(alice))[0]).toEqual(message);
  });
});
