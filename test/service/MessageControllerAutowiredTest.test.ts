import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { mailTo, sendCloudMail } from './cloudMail.js';
import {
  conversationOf,
  inboxOf,
  sendMessage,
  unread,
  uploadText,
  type StoredMessage,
} from './messageCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();
let fileHandleId: string;

beforeAll(async () => {
  fileHandleId = await uploadText(server.alice, 'This is text and not an image.');
});

beforeEach(async () => {
  for (const session of [server.alice, server.bob]) {
    for (const { id } of await unread(session)) {
      await ok(session.put('/message/status', { messageId: id, status: 'ARCHIVED' }));
    }
  }
});

function idOf(name: 'alice' | 'bob' | 'carol'): string {
  return String(server.userId(name));
}

function toBob(fields: M.MessageToUser = {}): Promise<StoredMessage> {
  return sendMessage(server.alice, { fileHandleId, recipients: [idOf('bob')], ...fields });
}

function outboxOf(session: Session): Promise<M.PaginatedResultsOfMessageToUser> {
  return ok(session.get('/message/outbox?orderBy=SEND_DATE&descending=true&limit=100&offset=0'));
}

describe('MessageControllerAutowiredTest', () => {
  test('testCreateMessage: a message has a sender, a date and the start of a conversation', async () => {
    const message = await toBob();
    expect(message).toMatchObject({
      id: expect.any(String),
      createdBy: idOf('alice'),
      createdOn: expect.any(String),
      inReplyToRoot: message.id,
    });
  });

  test('testCreateMessage_MissingField: a message without a file is refused', async () => {
    const { results: before } = await outboxOf(server.alice);
    const answer = await server.alice.post('/message', { recipients: [idOf('bob')] });
    expect(answer).toMatchObject({ status: 400 });
    expect((await outboxOf(server.alice)).results).toEqual(before);
  });

  test('testGetBoxes: a message is in the outbox of its sender and in the inbox of its reader', async () => {
    const before = (await outboxOf(server.alice)).totalNumberOfResults ?? 0;
    const message = await toBob();
    const outbox = await outboxOf(server.alice);
    expect(outbox.totalNumberOfResults).toBe(before + 1);
    expect(outbox.results[0]).toEqual(message);
    expect(await ok(server.bob.get('/message/inbox?limit=100'))).toEqual({
      results: [{ message, status: expect.objectContaining({ status: 'UNREAD' }) }],
      totalNumberOfResults: 1,
    });
    const filtered = await inboxOf(
      server.bob,
      'inboxFilter=UNREAD,READ,READ,READ,ARCHIVED&orderBy=SEND_DATE&descending=true',
    );
    expect(filtered.filter((bundle) => bundle.message?.id === message.id)).toEqual([
      expect.objectContaining({ message }),
    ]);
  });

  test('testGetMessage: only its sender and its reader read and forward a message', async () => {
    const { alice, bob, carol } = server;
    const message = await toBob();
    const path = `/message/${message.id}`;
    expect(await ok(alice.get(path))).toEqual(message);
    expect(await ok(bob.get(path))).toEqual(message);
    const denied = refusal(403, expect.stringContaining('not the sender or receiver'));
    expect(await carol.get(path)).toEqual(denied);
    expect(await carol.post(`${path}/forward`, { recipients: [idOf('carol')] })).toEqual(denied);
  });

  test('testForwardMessage: a forwarded message is in the inbox of its new reader', async () => {
    const { alice, bob } = server;
    const message = await toBob();
    const recipients = [idOf('alice')];
    const forwarded = await ok<StoredMessage>(
      bob.post(`/message/${message.id}/forward`, { recipients }),
    );
    expect(forwarded).toMatchObject({ createdBy: idOf('bob'), recipients, fileHandleId });
    expect(await unread(alice)).toEqual([forwarded]);
  });

  test('testGetConversation: both messages are in the conversation of their sender alone', async () => {
    const { alice, carol } = server;
    const first = await toBob();
    const second = await toBob({ recipients: [idOf('alice')], inReplyTo: first.id });
    expect(await conversationOf(alice, first.id)).toEqual(await conversationOf(alice, second.id));
    expect(
      await ok(
        alice.get(
          `/message/${first.id}/conversation?orderBy=SEND_DATE&descending=false&limit=100&offset=0`,
        ),
      ),
    ).toEqual({ results: [first, second], totalNumberOfResults: 2 });
    expect(await ok(carol.get(`/message/${first.id}/conversation?limit=100`))).toEqual({
      results: [],
      totalNumberOfResults: 0,
    });
  });

  test('testUpdateStatus: an archived message is not in the inbox, and strangers do not change it', async () => {
    const { bob, carol } = server;
    const message = await toBob();
    expect(await unread(bob)).toEqual([message]);
    const status = { messageId: message.id, recipientId: idOf('bob') };
    await ok(bob.put('/message/status', { ...status, status: 'ARCHIVED' }));
    expect(await unread(bob)).toEqual([]);
    expect(await carol.put('/message/status', { ...status, status: 'UNREAD' })).toMatchObject({
      status: 403,
    });
    expect(await unread(bob)).toEqual([]);
  });

  test('testCloudInMessage: a mail to the address of a user becomes a message', async () => {
    const mail = mailTo('bob', { headers: { Subject: 'subject' }, plain: 'a body' });
    expect(await sendCloudMail(server, '/cloudMailInMessage', mail)).toMatchObject({ status: 204 });
    expect(await unread(server.bob)).toMatchObject([
      { createdBy: idOf('alice'), recipients: [idOf('bob')], subject: 'subject' },
    ]);
  });
});
