import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';
import { storage } from './filesClient.js';

const server = withSessions();
let project: Stored;
let forum: Required<M.Forum>;
let count = 0;

type Thread = M.DiscussionThreadBundle &
  Required<Pick<M.DiscussionThreadBundle, 'etag' | 'id' | 'messageKey' | 'title'>>;
type Reply = M.DiscussionReplyBundle & Required<Pick<M.DiscussionReplyBundle, 'id' | 'messageKey'>>;

/** A project that Bob may read, with its forum. */
async function newForum(): Promise<{ project: Stored; forum: Required<M.Forum> }> {
  const { alice } = server;
  count += 1;
  const made = await alice.create('project', { name: `Forum ${count}` });
  const acl = (await alice.get(`/entity/${made.id}/acl`)).body as Required<M.AccessControlList>;
  const resourceAccess = [
    ...acl.resourceAccess,
    { principalId: server.userId('bob'), accessType: ['READ'] },
  ];
  await alice.put(`/entity/${made.id}/acl`, { ...acl, resourceAccess });
  const answer = await alice.get(`/project/${made.id}/forum`);
  expect(answer).toMatchObject({ status: 200 });
  return { project: made, forum: answer.body as Required<M.Forum> };
}

beforeAll(async () => {
  ({ project, forum } = await newForum());
});

async function createThread(
  fields: M.CreateDiscussionThread = {},
  session: Session = server.bob,
): Promise<Thread> {
  count += 1;
  const answer = await session.post('/thread', {
    forumId: forum.id,
    title: `Thread ${count}`,
    messageMarkdown: 'What do you think?',
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Thread;
}

async function reply(
  thread: Thread,
  messageMarkdown = 'I agree.',
  session: Session = server.bob,
): Promise<Reply> {
  const answer = await session.post('/reply', { threadId: thread.id, messageMarkdown });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Reply;
}

async function textOf(
  kind: 'reply' | 'thread',
  messageKey: string,
  session: Session = server.bob,
): Promise<string> {
  const answer = await session.get(
    `/${kind}/messageUrl?messageKey=${encodeURIComponent(messageKey)}`,
  );
  expect(answer).toMatchObject({ status: 200 });
  const { messageUrl = '' } = answer.body as M.MessageURL;
  return (await storage(messageUrl)).body.toString();
}

describe('a forum', () => {
  test('belongs to its project', async () => {
    const { alice, bob, carol } = server;
    expect(forum).toEqual({
      id: expect.stringMatching(/^\d+$/),
      projectId: project.id,
      etag: expect.any(String),
    });
    expect((await bob.get(`/project/${project.id}/forum`)).body).toEqual(forum);
    expect((await bob.get(`/forum/${forum.id}`)).body).toEqual(forum);
    for (const path of [`/project/${project.id}/forum`, `/forum/${forum.id}`]) {
      expect(await carol.get(path)).toMatchObject({ status: 403 });
    }
    expect(await alice.get('/forum/999999')).toMatchObject({ status: 404 });
    expect(await alice.get('/project/syn999999/forum')).toMatchObject({ status: 404 });
    const folder = await alice.create('folder', { name: 'f', parentId: project.id });
    expect(await alice.get(`/project/${folder.id}/forum`)).toMatchObject({ status: 400 });
    expect((await bob.get(`/forum/${forum.id}/moderators?limit=10&offset=0`)).body).toEqual({
      results: [String(server.userId('alice'))],
      totalNumberOfResults: 1,
    });
  });

  test('goes with its project', async () => {
    const { alice } = server;
    const other = await newForum();
    const thread = await createThread({ forumId: other.forum.id }, alice);
    await reply(thread, 'x', alice);
    const topics = { objectType: 'THREAD', idList: [thread.id] };
    const subscribed = async () =>
      ((await alice.post('/subscription/list', topics)).body as M.SubscriptionPagedResults)
        .totalNumberOfResults;
    expect(await subscribed()).toBe(1);
    await alice.delete(`/entity/${other.project.id}`);
    expect(await alice.get(`/thread/${thread.id}`)).toMatchObject({ status: 404 });
    await alice.put(`/trashcan/purge/${other.project.id}`);
    expect(await alice.get(`/forum/${other.forum.id}`)).toEqual(
      refusal(404, `Forum: '${other.forum.id}' does not exist`),
    );
    expect(await subscribed()).toBe(0);
  });

  test('is searched for any of the words', async () => {
    const { bob, carol } = server;
    const thread = await createThread({ title: 'Zebra stripes', messageMarkdown: 'black white' });
    const answer = await reply(thread, 'Stripes of a ZEBRA');
    const path = `/forum/${forum.id}/search`;
    const place = { forumId: forum.id, threadId: thread.id };
    expect((await bob.post(path, { searchString: 'zebra  stripes' })).body).toEqual({
      matches: [place, { ...place, replyId: answer.id }],
    });
    expect((await bob.post(path, { searchString: 'elephant white' })).body).toEqual({
      matches: [place],
    });
    expect(await bob.post(path, { searchString: ' ' })).toMatchObject({ status: 400 });
    expect(await bob.post(path, { searchString: 'x', nextPageToken: 'x' })).toMatchObject({
      status: 400,
    });
    expect(await carol.post(path, { searchString: 'zebra' })).toMatchObject({ status: 403 });
  });
});

describe('the mails about posts', () => {
  /** Who got a mail while something was done, with the subjects. */
  async function mailedBy(work: () => Promise<unknown>): Promise<string[]> {
    const before = server.synapse.mails.length;
    await work();
    return server.synapse.mails
      .slice(before)
      .map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`);
  }

  test('go to subscribers, but not to the author', async () => {
    const { alice, bob } = server;
    const { forum: own } = await newForum();
    await alice.post('/subscription', { objectId: own.id, objectType: 'FORUM' });
    await bob.post('/subscription', { objectId: own.id, objectType: 'FORUM' });
    let thread: Thread | undefined;
    const title = 'A'.repeat(60);
    const threadMails = await mailedBy(async () => {
      thread = await createThread({ forumId: own.id, title, messageMarkdown: '<b>' });
    });
    const short = `${'A'.repeat(50)}...`;
    expect(threadMails).toEqual([`alice: Synapse Notification: New thread '${short}'`]);
    const { html, link } = server.synapse.mails.at(-1) ?? {};
    expect(html).toContain('&lt;b&gt;');
    expect(link).toContain(`threadId=${thread?.id}`);
    if (thread === undefined) return;
    const posted = thread;
    expect(await mailedBy(() => reply(posted, 'x', alice))).toEqual([
      `bob: Synapse Notification: New reply created in thread '${short}'`,
    ]);
  });

  test('go to those who are mentioned and can read the project', async () => {
    const mails = await mailedBy(() =>
      createThread({ messageMarkdown: 'Hello @alice, @carol, @nobody and a@alice.org.' }),
    );
    expect(mails.map((mail) => mail.split(':')[0])).toEqual(['alice']);
  });
});

describe('a thread', () => {
  test('is edited only by its author', async () => {
    const { alice, bob, carol, anonymous } = server;
    const bobId = String(server.userId('bob'));
    const thread = await createThread({ title: 'First', messageMarkdown: '# Ü' });
    expect(thread).toEqual({
      id: expect.stringMatching(/^\d+$/),
      forumId: forum.id,
      projectId: project.id,
      title: 'First',
      createdBy: bobId,
      createdOn: expect.any(String),
      modifiedOn: thread.createdOn,
      lastActivity: thread.createdOn,
      etag: expect.any(String),
      messageKey: expect.any(String),
      numberOfViews: 0,
      numberOfReplies: 0,
      activeAuthors: [bobId],
      isEdited: false,
      isDeleted: false,
      isPinned: false,
    });
    expect(await textOf('thread', thread.messageKey)).toBe('# Ü');
    const path = `/thread/${thread.id}`;
    expect(await carol.get(path)).toMatchObject({ status: 403 });
    const key = encodeURIComponent(thread.messageKey);
    expect(await carol.get(`/thread/messageUrl?messageKey=${key}`)).toMatchObject({ status: 403 });
    expect(await alice.get('/thread/messageUrl?messageKey=x')).toMatchObject({ status: 404 });
    expect(await alice.put(`${path}/title`, { title: 'Mine' })).toMatchObject({ status: 403 });
    expect(await alice.put(`${path}/message`, { messageMarkdown: 'x' })).toMatchObject({
      status: 403,
    });
    expect(await bob.put(`${path}/title`, { title: 'Second' })).toMatchObject({
      status: 201,
      body: { title: 'Second', isEdited: true, messageKey: thread.messageKey },
    });
    const edited = await bob.put(`${path}/message`, { messageMarkdown: 'new' });
    expect(edited).toMatchObject({ status: 201, body: { title: 'Second', isEdited: true } });
    const { etag, messageKey } = edited.body as Thread;
    expect(etag).not.toBe(thread.etag);
    expect(await textOf('thread', messageKey)).toBe('new');
    for (const title of [undefined, 'x'.repeat(141), {}]) {
      expect(await bob.put(`${path}/title`, { title })).toMatchObject({ status: 400 });
    }
    expect(await bob.put(`${path}/message`, {})).toMatchObject({ status: 400 });
    const body = { forumId: forum.id, title: 't', messageMarkdown: 'm' };
    expect(await carol.post('/thread', body)).toMatchObject({ status: 403 });
    expect(await anonymous.post('/thread', body)).toMatchObject({ status: 403 });
    for (const [change, status] of [
      [{ title: null }, 400],
      [{ title: 'x'.repeat(141) }, 400],
      [{ messageMarkdown: null }, 400],
      [{ forumId: null }, 400],
      [{ forumId: '999999' }, 404],
    ] as const) {
      expect(await bob.post('/thread', { ...body, ...change })).toMatchObject({ status });
    }
    expect(await bob.get(path)).toMatchObject({ body: { title: 'Second', messageKey } });
  });

  test('counts the users who have seen it', async () => {
    const { alice, bob } = server;
    const thread = await createThread();
    const views = async (session: Session) =>
      ((await session.get(`/thread/${thread.id}`)).body as Thread).numberOfViews;
    expect([await views(bob), await views(bob), await views(alice)]).toEqual([0, 1, 1]);
  });

  test('is managed by moderators', async () => {
    const { alice, bob } = server;
    const thread = await createThread();
    const answer = await reply(thread);
    const path = `/thread/${thread.id}`;
    for (const action of ['pin', 'unpin', 'restore']) {
      expect(await bob.put(`${path}/${action}`)).toMatchObject({ status: 403 });
    }
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.put(`${path}/pin`)).toMatchObject({ status: 204, body: '' });
    expect(await bob.get(path)).toMatchObject({ body: { isPinned: true } });
    expect(await alice.put(`${path}/unpin`)).toMatchObject({ status: 204 });
    expect(await bob.get(path)).toMatchObject({ body: { isPinned: false } });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await bob.get(path)).toMatchObject({ status: 404 });
    expect(await bob.get(`/reply/${answer.id}`)).toMatchObject({ status: 404 });
    expect(await alice.get(path)).toMatchObject({ status: 200, body: { isDeleted: true } });
    expect(await bob.put(`${path}/title`, { title: 'x' })).toMatchObject({ status: 404 });
    const more = { threadId: thread.id, messageMarkdown: 'x' };
    expect(await bob.post('/reply', more)).toMatchObject({ status: 404 });
    expect(await alice.put(`${path}/restore`)).toMatchObject({ status: 200, body: '' });
    expect(await bob.get(path)).toMatchObject({ status: 200, body: { isDeleted: false } });
    expect(await alice.delete('/thread/999999')).toMatchObject({ status: 404 });
  });

  test('shows in the list of its forum', async () => {
    const { alice, bob } = server;
    const other = await newForum();
    const forumId = other.forum.id;
    const a = await createThread({ forumId, title: 'a' });
    const b = await createThread({ forumId, title: 'B' });
    const c = await createThread({ forumId, title: 'c' });
    await reply(a);
    await alice.put(`/thread/${b.id}/pin`);
    await alice.delete(`/thread/${c.id}`);
    const list = async (session: Session, query: string) => {
      const answer = await session.get(`/forum/${forumId}/threads?limit=20&offset=0&${query}`);
      const { body, status } = answer;
      return status === 200
        ? (body as M.PaginatedResultsOfDiscussionThreadBundle).results.map(({ title }) => title)
        : status;
    };
    expect(await list(bob, 'filter=EXCLUDE_DELETED')).toEqual(['B', 'a']);
    const byReplies = 'filter=EXCLUDE_DELETED&sort=NUMBER_OF_REPLIES&ascending=false';
    expect(await list(bob, byReplies)).toEqual(['a', 'B']);
    const byTitle = 'filter=NO_FILTER&sort=THREAD_TITLE&ascending=true';
    expect(await list(alice, byTitle)).toEqual(['a', 'B', 'c']);
    expect(await list(alice, 'filter=DELETED_ONLY')).toEqual(['c']);
    expect(await list(bob, 'filter=NO_FILTER')).toBe(403);
    expect(await list(bob, 'filter=EXCLUDE_DELETED&ascending=true')).toBe(400);
    expect(await list(bob, 'filter=SOME')).toBe(400);
    expect(await list(bob, '')).toBe(400);
    const path = `/forum/${forumId}/threads?filter=EXCLUDE_DELETED`;
    expect(await bob.get(`${path}&limit=21&offset=0`)).toMatchObject({ status: 400 });
    expect(await bob.get(`${path}&limit=1&offset=1`)).toMatchObject({
      body: { results: [{ title: 'a' }], totalNumberOfResults: 3 },
    });
    const counted = (filter: string) => alice.get(`/forum/${forumId}/threadcount?filter=${filter}`);
    expect(await counted('EXCLUDE_DELETED')).toMatchObject({ body: { count: 2 } });
    expect(await counted('NO_FILTER')).toMatchObject({ body: { count: 3 } });
  });

  test('is found through the entities that it speaks of', async () => {
    const { alice, bob, carol } = server;
    const folder = await alice.create('folder', { name: 'spoken of', parentId: project.id });
    const thread = await createThread({ messageMarkdown: `see ${folder.id} and syn1` });
    await createThread({ messageMarkdown: `${folder.id}0 is another` });
    const path = `/entity/${folder.id}/threads?limit=20&offset=0`;
    expect(await bob.get(path)).toMatchObject({
      status: 200,
      body: { results: [{ id: thread.id }], totalNumberOfResults: 1 },
    });
    expect(await carol.get(path)).toMatchObject({ status: 403 });
    const idList = [folder.id, 'syn999999'];
    const counts = (session: Session) => session.post('/entity/threadcounts', { idList });
    expect((await counts(bob)).body).toEqual({
      list: [{ entityId: folder.id, count: 1 }],
    });
    expect((await counts(carol)).body).toEqual({ list: [] });
    expect(
      (await bob.post(`/entity/${folder.id}/bundle2`, { includeThreadCount: true })).body,
    ).toEqual({ threadCount: 1 });
    await alice.delete(`/thread/${thread.id}`);
    expect((await counts(bob)).body).toEqual({ list: [] });
  });
});

describe('a reply', () => {
  test('is edited only by its author', async () => {
    const { alice, bob, carol, anonymous } = server;
    const thread = await createThread({}, alice);
    const first = await reply(thread, 'one');
    const bobId = String(server.userId('bob'));
    expect(first).toEqual({
      id: expect.stringMatching(/^\d+$/),
      threadId: thread.id,
      forumId: forum.id,
      projectId: project.id,
      createdBy: bobId,
      createdOn: expect.any(String),
      modifiedOn: first.createdOn,
      etag: expect.any(String),
      messageKey: expect.any(String),
      isEdited: false,
      isDeleted: false,
    });
    await reply(thread, 'two');
    expect(await alice.get(`/thread/${thread.id}`)).toMatchObject({
      body: { numberOfReplies: 2, activeAuthors: [bobId, String(server.userId('alice'))] },
    });
    const path = `/reply/${first.id}`;
    expect((await alice.get(path)).body).toEqual(first);
    expect(await carol.get(path)).toMatchObject({ status: 403 });
    expect(await textOf('reply', first.messageKey)).toBe('one');
    expect(await alice.get('/reply/messageUrl?messageKey=x')).toMatchObject({ status: 404 });
    expect(await alice.put(`${path}/message`, { messageMarkdown: 'x' })).toMatchObject({
      status: 403,
    });
    expect(await bob.put(`${path}/message`, {})).toMatchObject({ status: 400 });
    const edited = await bob.put(`${path}/message`, { messageMarkdown: 'uno' });
    expect(edited).toMatchObject({ status: 201, body: { isEdited: true } });
    expect(await textOf('reply', (edited.body as Reply).messageKey)).toBe('uno');
    const list = `/thread/${thread.id}/replies?limit=20&offset=0&filter=`;
    expect((await bob.get(`${list}EXCLUDE_DELETED`)).body).toMatchObject({
      results: [edited.body, { createdBy: bobId }],
    });
    expect(
      (await bob.get(`${list}EXCLUDE_DELETED&sort=CREATED_ON&ascending=false`)).body,
    ).toMatchObject({ results: [{}, { id: first.id }] });
    expect(await bob.get(`${list}EXCLUDE_DELETED&sort=CREATED_ON`)).toMatchObject({ status: 400 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await bob.get(path)).toMatchObject({ status: 404 });
    expect(await bob.put(`${path}/message`, { messageMarkdown: 'x' })).toMatchObject({
      status: 404,
    });
    for (const session of [alice, bob]) {
      expect((await session.get(`${list}DELETED_ONLY`)).body).toMatchObject({
        results: [{ id: first.id, isDeleted: true }],
      });
    }
    expect(await bob.get(`/thread/${thread.id}/replycount?filter=EXCLUDE_DELETED`)).toMatchObject({
      body: { count: 1 },
    });
    const body = { threadId: thread.id, messageMarkdown: 'x' };
    expect(await carol.post('/reply', body)).toMatchObject({ status: 403 });
    expect(await anonymous.post('/reply', body)).toMatchObject({ status: 403 });
    expect(await bob.post('/reply', { threadId: thread.id })).toMatchObject({ status: 400 });
    expect(await bob.post('/reply', { messageMarkdown: 'x' })).toMatchObject({ status: 400 });
    expect(await bob.post('/reply', { ...body, threadId: '999999' })).toMatchObject({
      status: 404,
    });
  });
});

describe('a subscription', () => {
  test('is managed by its owner', async () => {
    const { alice, bob, carol, anonymous } = server;
    const thread = await createThread();
    const topic = { objectId: thread.id, objectType: 'THREAD' };
    const subscribers = (session: Session) => session.post('/subscription/subscribers', topic);
    expect((await subscribers(alice)).body).toEqual({
      subscribers: [String(server.userId('bob'))],
    });
    const made = await alice.post('/subscription', topic);
    expect(made).toMatchObject({
      status: 201,
      body: { ...topic, subscriberId: String(server.userId('alice')) },
    });
    expect((await alice.post('/subscription', topic)).body).toEqual(made.body);
    expect(await alice.post('/subscription/subscribers/count', topic)).toMatchObject({
      status: 200,
      body: { count: 2 },
    });
    expect(await carol.post('/subscription', topic)).toMatchObject({ status: 403 });
    expect(await subscribers(carol)).toMatchObject({ status: 403 });
    expect(await anonymous.post('/subscription', topic)).toMatchObject({ status: 403 });
    const path = `/subscription/${(made.body as Required<M.Subscription>).subscriptionId}`;
    expect((await alice.get(path)).body).toEqual(made.body);
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect((await subscribers(bob)).body).toEqual({ subscribers: [String(server.userId('bob'))] });
    for (const [change, status] of [
      [{ objectId: null }, 400],
      [{ objectType: null }, 400],
      [{ objectType: 'WEATHER' }, 400],
      [{ objectId: '999999' }, 404],
      [{ objectType: 'FORUM', objectId: '999999' }, 404],
      [{ objectType: 'DATA_ACCESS_SUBMISSION' }, 403],
    ] as const) {
      expect(await alice.post('/subscription', { ...topic, ...change })).toMatchObject({ status });
    }
  });

  test('shows in the lists of its owner', async () => {
    const { alice } = server;
    expect(await alice.delete('/subscription/all')).toMatchObject({ status: 204, body: '' });
    const first = await createThread({}, alice);
    const second = await createThread({}, alice);
    await alice.post('/subscription', { objectId: forum.id, objectType: 'FORUM' });
    const listed = ({ body }: { body: unknown }) => {
      const { results, totalNumberOfResults } = body as M.SubscriptionPagedResults;
      return [results.map(({ objectId }) => objectId), totalNumberOfResults];
    };
    const path = '/subscription/all?objectType=THREAD&offset=0';
    expect(listed(await alice.get(`${path}&limit=10`))).toEqual([[first.id, second.id], 2]);
    expect(listed(await alice.get(`${path}&limit=1&sortBy=OBJECT_ID&sortDirection=DESC`))).toEqual([
      [second.id],
      2,
    ]);
    for (const query of ['limit=-1', 'limit=5&sortBy=TASTE']) {
      expect(await alice.get(`${path}&${query}`)).toMatchObject({ status: 400 });
    }
    const list = { objectType: 'THREAD', idList: [second.id, '999999'] };
    expect(listed(await alice.post('/subscription/list', list))).toEqual([[second.id], 1]);
    expect(await alice.post('/subscription/list', { idList: [] })).toMatchObject({ status: 400 });
    const all = (objectType: string) =>
      alice.post(`/subscription/all?objectType=${objectType}`, undefined);
    expect(await all('THREAD')).toEqual(refusal(404, "Thread: '0' does not exist"));
    expect(await all('DATA_ACCESS_SUBMISSION')).toMatchObject({ status: 403 });
    expect(
      await server.admin.post('/subscription/all?objectType=DATA_ACCESS_SUBMISSION', undefined),
    ).toMatchObject({ status: 201, body: { objectType: 'DATA_ACCESS_SUBMISSION' } });
    expect(await server.anonymous.get(`${path}&limit=10`)).toMatchObject({ status: 403 });
    await alice.delete('/subscription/all');
    expect(listed(await alice.get(`${path}&limit=10`))).toEqual([[], 0]);
  });
});
