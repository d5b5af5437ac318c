import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session } from './entitySession.js';
import { storage } from './filesClient.js';

let now = Date.parse('2030-05-15T12:00:00.000Z');
const server = withSessions({ now: () => new Date(now) });

type Message = M.MessageToUser & Required<Pick<M.MessageToUser, 'fileHandleId' | 'id'>>;
type User = 'alice' | 'bob' | 'carol';

// Every test has its own minute, hence all ten messages.
beforeEach(() => {
  now += 60_000;
});

function ids(...users: User[]): string[] {
  return users.map((user) => String(server.userId(user)));
}

async function post(
  session: Session,
  fields: M.MessageToUser,
  path = '/message',
): Promise<{ status: number; body: unknown }> {
  now += 1;
  const fileHandleId = await session.createHandle(md5s.a);
  return session.post(path, { fileHandleId, ...fields });
}

async function send(session: Session, fields: M.MessageToUser): Promise<Message> {
  const answer = await post(session, fields);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Message;
}

async function inbox(session: Session, query = ''): Promise<M.MessageBundle[]> {
  const answer = await session.get(`/message/inbox?limit=100&${query}`);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as M.PaginatedResultsOfMessageBundle).results;
}

describe('a message', () => {
  test('reaches its recipients alone', async () => {
    const { alice, bob, carol, anonymous } = server;
    const message = await send(alice, { recipients: ids('bob'), subject: 'Hello' });
    expect(message).toEqual({
      id: expect.stringMatching(/^\d+$/),
      createdBy: ids('alice')[0],
      createdOn: expect.any(String),
      fileHandleId: expect.any(String),
      recipients: ids('bob'),
      subject: 'Hello',
      inReplyToRoot: message.id,
      withUnsubscribeLink: false,
      withProfileSettingLink: true,
      isNotificationMessage: false,
    });
    const status = { messageId: message.id, recipientId: ids('bob')[0], status: 'UNREAD' };
    expect((await inbox(bob))[0]).toEqual({ message, status });
    const path = `/message/${message.id}`;
    const url = `https://files.example.org/${md5s.a}`;
    for (const session of [alice, bob]) {
      expect((await session.get(path)).body).toEqual(message);
      expect(await session.get(`${path}/file?redirect=false`)).toMatchObject({ body: url });
    }
    for (const session of [carol, anonymous, server.admin]) {
      expect(await session.get(path)).toMatchObject({ status: 403 });
      expect(await session.get(`${path}/file`)).toMatchObject({ status: 403 });
      expect(await session.get(`${path}/conversation`)).toMatchObject({ body: { results: [] } });
    }
    expect((await inbox(carol)).map((bundle) => bundle.message?.id)).not.toContain(message.id);
    const where = `/file/v1/file/${message.fileHandleId}?redirect=false`;
    const association = `fileAssociateType=MessageAttachment&fileAssociateId=${message.id}`;
    expect(await bob.get(`${where}&${association}`)).toMatchObject({ status: 200, body: url });
    expect(await carol.get(`${where}&${association}`)).toMatchObject({ status: 403 });
    expect(await alice.delete(`/file/v1/fileHandle/${message.fileHandleId}`)).toMatchObject({
      status: 409,
    });
    expect(await alice.get('/message/999999')).toMatchObject({ status: 404 });
  });

  test('to a team reaches its members', async () => {
    const { alice, bob, carol } = server;
    const team = (await alice.post('/team', { name: 'Mail team' })).body as { id: string };
    await server.admin.put(`/team/${team.id}/member/${server.userId('bob')}`);
    const message = await send(alice, { recipients: [team.id], subject: 'All' });
    for (const session of [alice, bob]) {
      expect((await inbox(session)).map((bundle) => bundle.message?.id)).toContain(message.id);
    }
    // By default, every user may write to a team.
    const acl = (await alice.get(`/team/${team.id}/acl`)).body as Required<M.AccessControlList>;
    expect(await post(carol, { recipients: [team.id] })).toMatchObject({ status: 201 });
    const resourceAccess = acl.resourceAccess.filter((entry) => entry.principalId !== 273_948);
    await alice.put('/team/acl', { ...acl, resourceAccess });
    const unread = async (session: Session) =>
      (await inbox(session)).map(({ message: { id } = {} }) => id);
    // A team that may not be written to does not get the message, and the sender a mail about it.
    const lost = await send(carol, { recipients: [team.id, '273948', ...ids('bob')] });
    expect(await unread(alice)).not.toContain(lost.id);
    expect(await unread(bob)).toContain(lost.id);
    const mail = server.synapse.mails.at(-1);
    expect(mail).toMatchObject({
      to: 'carol@example.org',
      subject: `Message ${lost.id} Delivery Failure(s)`,
    });
    expect(mail?.html).toContain('carol may not send messages to the group (Mail team)');
    expect(mail?.html).toContain('(AUTHENTICATED_USERS)');
  });

  test('is archived by each recipient', async () => {
    const { alice, bob } = server;
    const { id } = await send(alice, { recipients: ids('bob', 'carol') });
    const mark = (session: Session, fields: object) =>
      session.put('/message/status', { messageId: id, ...fields });
    const seen = async (session: Session, filter: string) =>
      (await inbox(session, `inboxFilter=${filter}`)).some(({ message }) => message?.id === id);
    expect(await mark(bob, { status: 'READ' })).toMatchObject({ status: 200, body: '' });
    expect([await seen(bob, 'UNREAD'), await seen(bob, 'READ,ARCHIVED')]).toEqual([false, true]);
    expect(await seen(server.carol, 'UNREAD')).toBe(true);
    expect(await mark(bob, { status: 'ARCHIVED', recipientId: ids('bob')[0] })).toMatchObject({
      status: 200,
    });
    // Everybody marks their own copy, whatever the request says.
    expect(await mark(bob, { status: 'ARCHIVED', recipientId: ids('carol')[0] })).toMatchObject({
      status: 200,
    });
    expect(await seen(server.carol, 'UNREAD')).toBe(true);
    expect(await mark(alice, { status: 'READ' })).toEqual(
      refusal(403, `Cannot change status of message (${id})`),
    );
    expect(await mark(bob, {})).toMatchObject({ status: 400 });
    expect(await mark(bob, { status: 'EATEN' })).toMatchObject({ status: 400 });
    expect(await seen(bob, 'ARCHIVED')).toBe(true);
    expect(await bob.get('/message/inbox?inboxFilter=EATEN')).toMatchObject({ status: 400 });
  });

  test('is answered in a conversation', async () => {
    const { alice, bob, carol } = server;
    const first = await send(alice, { recipients: ids('bob'), subject: 'A' });
    const second = await send(bob, { recipients: ids('alice'), inReplyTo: first.id, subject: 'B' });
    const third = await send(alice, { recipients: ids('bob'), inReplyTo: second.id });
    expect(third).toMatchObject({ inReplyTo: second.id, inReplyToRoot: first.id });
    const listed = async (session: Session, path: string) => {
      const answer = await session.get(path);
      expect(answer).toMatchObject({ status: 200 });
      return (answer.body as M.PaginatedResultsOfMessageToUser).results.map(({ id }) => id);
    };
    const path = `/message/${second.id}/conversation`;
    expect(await listed(bob, path)).toEqual([third.id, second.id, first.id]);
    expect(await listed(bob, `${path}?descending=false&limit=2`)).toEqual([first.id, second.id]);
    expect(await listed(bob, `${path}?orderBy=SUBJECT`)).toEqual([second.id, first.id, third.id]);
    expect(await listed(bob, `${path}?orderBy=SENDER`)).toEqual([second.id, third.id, first.id]);
    for (const query of ['orderBy=toString', 'limit=-1', 'offset=-1']) {
      expect(await bob.get(`${path}?${query}`)).toMatchObject({ status: 400 });
    }
    expect((await listed(bob, '/message/outbox'))[0]).toBe(second.id);
    const forward = { recipients: ids('carol') };
    expect(await carol.post(`/message/${first.id}/forward`, forward)).toMatchObject({
      status: 403,
    });
    const forwarded = await bob.post(`/message/${first.id}/forward`, forward);
    expect(forwarded).toMatchObject({
      status: 201,
      body: {
        createdBy: ids('bob')[0],
        fileHandleId: first.fileHandleId,
        subject: 'A',
        inReplyTo: first.id,
      },
    });
    const { id } = forwarded.body as Message;
    expect(await carol.get(`/message/${id}/file`)).toMatchObject({ status: 307 });
    expect(await carol.get(`/message/${first.id}`)).toMatchObject({ status: 403 });
    // A reply needs no access to the message.
    expect(await post(carol, { recipients: ids('bob'), inReplyTo: first.id })).toMatchObject({
      status: 201,
      body: { inReplyToRoot: first.id },
    });
  });

  test('reaches the creator of an entity', async () => {
    const { alice, bob } = server;
    const project = await alice.create('project', { name: 'Asked about' });
    const answer = await post(bob, { subject: 'May I?' }, `/entity/${project.id}/message`);
    expect(answer).toMatchObject({ status: 201, body: { recipients: ids('alice') } });
    expect(await post(bob, {}, '/entity/syn999999/message')).toMatchObject({ status: 404 });
  });

  test.each<[M.MessageToUser, number]>([
    [{}, 400],
    [{ recipients: [] }, 400],
    [{ recipients: ['x'] }, 400],
    [{ recipients: ['999999999'] }, 400],
    [{ recipients: Array.from({ length: 51 }, (_, index) => String(index)) }, 400],
    [{ recipients: ['1'], inReplyTo: '999999' }, 400],
    [{ recipients: ['1'], fileHandleId: '999999' }, 404],
  ])('is not made from %j', async (fields, status) => {
    const { alice } = server;
    const before = (await alice.get('/message/outbox')).body;
    expect(await post(alice, fields)).toEqual(refusal(status, expect.any(String)));
    expect((await alice.get('/message/outbox')).body).toEqual(before);
  });

  test('has a file of its sender', async () => {
    const { alice, bob, anonymous } = server;
    const recipients = ids('bob');
    const fileHandleId = await bob.createHandle(md5s.b);
    expect(await post(alice, { recipients, fileHandleId })).toMatchObject({ status: 403 });
    expect(await alice.post('/message', { recipients })).toMatchObject({ status: 400 });
    for (const path of ['/message/inbox', '/message/outbox']) {
      expect(await anonymous.get(path)).toMatchObject({ status: 403 });
    }
    expect(await anonymous.post('/message', { recipients, fileHandleId })).toMatchObject({
      status: 403,
    });
  });

  test('is one of ten in a minute', async () => {
    const { alice } = server;
    const recipients = ids('bob');
    for (let index = 0; index < 10; index += 1) {
      await send(alice, { recipients });
    }
    expect(await post(alice, { recipients })).toEqual(
      refusal(429, 'Please slow down.  You may send a maximum of 10 message(s) every 60 second(s)'),
    );
    await send(server.bob, { recipients });
    now += 60_000;
    await send(alice, { recipients });
    for (let index = 0; index < 11; index += 1) {
      await send(server.admin, { recipients });
    }
  });

  test('is deleted by an administrator', async () => {
    const { admin, alice, bob } = server;
    const { id } = await send(alice, { recipients: ids('bob') });
    expect(await alice.delete(`/admin/message/${id}`)).toMatchObject({ status: 403 });
    expect(await admin.delete(`/admin/message/${id}`)).toMatchObject({ status: 200, body: '' });
    expect(await alice.get(`/message/${id}`)).toMatchObject({ status: 404 });
    expect((await inbox(bob)).map(({ message }) => message?.id)).not.toContain(id);
    expect(await admin.delete(`/admin/message/${id}`)).toMatchObject({ status: 200 });
  });
});

describe('mail', () => {
  test('from the address of a user becomes a message', async () => {
    const { admin, alice, bob } = server;
    const mail = {
      envelope: { from: 'alice@example.org', recipients: ['bob@synapse.org'] },
      headers: { Subject: 'By mail' },
      plain: 'the text',
    };
    expect(await alice.post('/cloudMailInMessage', mail)).toMatchObject({
      status: 401,
      body: 'Missing required basic authentication credentials.',
    });
    expect(await admin.post('/cloudMailInMessage', mail)).toMatchObject({ status: 204, body: '' });
    const [received] = await inbox(bob);
    expect(received?.message).toMatchObject({ createdBy: ids('alice')[0], subject: 'By mail' });
    const url = await bob.get(`/message/${received?.message?.id ?? ''}/file?redirect=false`);
    const stored = await storage(String(url.body));
    expect(JSON.parse(stored.body.toString())).toEqual({ plain: 'the text' });
    for (const envelope of [
      { from: 'nobody@example.org', recipients: ['bob@synapse.org'] },
      { from: 'alice@example.org', recipients: ['nobody@synapse.org'] },
      { from: 'alice@example.org', recipients: ['bob@example.org'] },
      { from: 'alice@example.org' },
    ]) {
      expect(await admin.post('/cloudMailInMessage', { ...mail, envelope })).toMatchObject({
        status: 400,
      });
    }
  });

  test('is authorized when sender and recipient are known', async () => {
    const { admin } = server;
    const header = { from: 'alice@example.org', to: 'bob@synapse.org' };
    const path = '/cloudMailInAuthorization';
    expect(await admin.post(path, header)).toMatchObject({ status: 204, body: '' });
    expect(await server.anonymous.post(path, header)).toMatchObject({ status: 204 });
    expect(await admin.post(path, { ...header, from: 'x@y.z' })).toMatchObject({ status: 400 });
    expect(await admin.post(path, { from: header.from })).toMatchObject({ status: 400 });
  });
});
