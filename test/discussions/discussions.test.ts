import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  NotFoundError,
  type DiscussionThread,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
let study: Project & Stored;
beforeAll(async () => {
  const retry = { baseDelay: 1, maxDelay: 5 };
  [alice, bob] = await Promise.all([
    clients.open('alice', { retry }),
    clients.open('bob', { retry }),
  ]);
  study = await shared();
});
afterEach(() => clients.server.conditions.reset());

/** A project of alice that bob can read. */
async function shared(): Promise<Project & Stored> {
  const project = await clients.project(alice);
  await alice.setPermissions(project, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
  return project;
}

const longText = 'Ünïcödé 🧬 @bob syn123\r\n'.repeat(50_000);

describe('a thread', () => {
  test('is created, read with its text, changed and listed', async () => {
    const forum = await alice.discussions.forum(study);
    const created = await alice.discussions.create(study, { title: 'Ünï 🧬', text: longText });
    expect(created).toMatchObject({ title: 'Ünï 🧬', forumId: forum.id, projectId: study.id });
    expect((await alice.discussions.get(created)).text).toBeUndefined();
    expect((await alice.discussions.get(created.id, { text: true })).text).toBe(longText);
    const changed = await alice.discussions.update(created, { title: 'New', text: 'Shorter' });
    expect(changed).toMatchObject({ id: created.id, title: 'New', isEdited: true });
    expect(await alice.discussions.text(changed)).toBe('Shorter');
    const listed = await bob.discussions.threads(forum, { text: true }).toArray();
    expect(listed.find(({ id }) => id === created.id)).toMatchObject({ text: 'Shorter' });
  });

  test('can have a title of 140 characters, and no other title that Synapse refuses is sent', async () => {
    const create = (title: string, text = 'x'): Promise<unknown> =>
      alice.discussions.create(study, { title, text });
    await create('x'.repeat(140));
    const calls = await clients.calls(async () => {
      await expect(create('x'.repeat(141))).rejects.toThrow(
        '141 characters, but Synapse allows 140',
      );
      await expect(create('')).rejects.toThrow(ArgumentError);
      await expect(create(' \t')).rejects.toThrow(ArgumentError);
      await expect(create('\ud800')).rejects.toThrow('half a character');
      await expect(create('x', '')).rejects.toThrow('no text');
      await expect(create('x', 'a\udc00')).rejects.toThrow('half a character (at 1)');
      await expect(alice.discussions.update('1', {})).rejects.toThrow('give a title or a text');
      await expect(alice.discussions.update('1', { title: '' })).rejects.toThrow('no title');
      await expect(alice.discussions.reply('1', '')).rejects.toThrow('no text');
      expect(() => alice.discussions.search('1', ' ')).toThrow('no words');
    });
    expect(calls).toEqual([]);
  });

  test('is listed over many pages in the order that is asked for', async () => {
    const project = await clients.project(alice);
    const forum = await alice.discussions.forum(project);
    expect(await alice.discussions.threads(forum).toArray()).toEqual([]);
    const titles = Array.from({ length: 45 }, (_, i) => `Thread ${String(i).padStart(2, '0')}`);
    const threads: DiscussionThread[] = [];
    for (const title of titles) {
      threads.push(await alice.discussions.create(forum, { title, text: title }));
    }
    await alice.discussions.pin(threads[3] ?? '');
    const byTitle = await alice.discussions
      .threads(forum, { sortBy: 'THREAD_TITLE', text: true })
      .toArray();
    expect(byTitle.map(({ title }) => title)).toEqual(titles);
    expect(byTitle.map(({ text }) => text)).toEqual(titles);
    const down = alice.discussions.threads(forum, {
      sortBy: 'THREAD_TITLE',
      sortDirection: 'DESC',
    });
    expect((await down.toArray()).map(({ title }) => title)).toEqual(titles.toReversed());
    const [first] = await alice.discussions.threads(forum).toArray();
    expect(first).toMatchObject({ title: 'Thread 03', isPinned: true });
    expect(await alice.discussions.threadCount(forum)).toBe(45);
    await alice.discussions.unpin(threads[3] ?? '');
    expect((await alice.discussions.get(threads[3] ?? '')).isPinned).toBe(false);
  });

  test('is deleted and restored by a moderator', async () => {
    const thread = await bob.discussions.create(study, { title: 'Spam', text: 'Buy!' });
    const refusal = bob.discussions.delete(thread);
    await expect(refusal).rejects.toThrow(AuthorizationError);
    await expect(refusal).rejects.toThrow(/MODERATE.*Ask one who has it: alice \(\d+\)\.$/);
    await expect(bob.discussions.pin(thread.id)).rejects.toThrow('alice');
    await expect(bob.discussions.delete('999999')).rejects.toThrow(NotFoundError);
    await alice.discussions.delete(thread);
    await expect(bob.discussions.get(thread)).rejects.toThrow(NotFoundError);
    const deleted = await alice.discussions.threads(study, { filter: 'DELETED_ONLY' }).toArray();
    expect(deleted.map(({ id }) => id)).toEqual([thread.id]);
    expect(await alice.discussions.threadCount(study, { filter: 'DELETED_ONLY' })).toBe(1);
    await alice.discussions.restore(thread);
    expect(await bob.discussions.get(thread)).toMatchObject({ isDeleted: false });
  });

  test('of another user is not changed', async () => {
    const thread = await alice.discussions.create(study, { title: 'Mine', text: 'x' });
    await expect(bob.discussions.update(thread, { text: 'y' })).rejects.toThrow(AuthorizationError);
    await expect(bob.discussions.update('999999', { text: 'y' })).rejects.toThrow(NotFoundError);
  });

  test.each([
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
    ['given up by a gateway', { status: 504 }],
  ])(
    'whose request is %s is created once, also when it looks like an earlier one',
    async (_, loss) => {
      const forum = await alice.discussions.forum(await clients.project(alice));
      const same = { title: 'Same', text: 'Same text' };
      const first = await alice.discussions.create(forum, same);
      const faults = [{ operation: 'discussion.createThread', times: 1, ...loss }];
      clients.server.conditions.set({ faults });
      const second = await alice.discussions.create(forum, same);
      const ids = (await alice.discussions.threads(forum).toArray()).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set([first.id, second.id]));
      expect(ids).toHaveLength(2);
    },
  );
});

describe('replies', () => {
  test('are posted, read, changed, listed and deleted', async () => {
    const thread = await alice.discussions.create(study, { title: 'Replies', text: 'x' });
    expect(await alice.discussions.replies(thread).toArray()).toEqual([]);
    const first = await bob.discussions.reply(thread, longText);
    const second = await alice.discussions.reply(thread.id, 'Second');
    expect(await alice.discussions.getReply(first, { text: true })).toMatchObject({
      threadId: thread.id,
      text: longText,
    });
    await expect(alice.discussions.updateReply(first, 'x')).rejects.toThrow(AuthorizationError);
    await bob.discussions.updateReply(first, 'First');
    const texts = async (options = {}): Promise<unknown[]> =>
      (await alice.discussions.replies(thread, { text: true, ...options }).toArray()).map(
        ({ text }) => text,
      );
    expect(await texts()).toEqual(['First', 'Second']);
    expect(await texts({ sortDirection: 'DESC' })).toEqual(['Second', 'First']);
    await expect(bob.discussions.deleteReply(second)).rejects.toThrow('MODERATE');
    await alice.discussions.deleteReply(second);
    expect(await texts()).toEqual(['First']);
    expect(await texts({ filter: 'NO_FILTER' })).toEqual(['First', 'Second']);
    expect(await alice.discussions.replyCount(thread)).toBe(1);
    expect(await alice.discussions.replyCount(thread, { filter: 'NO_FILTER' })).toBe(2);
    await expect(alice.discussions.reply('999999', 'x')).rejects.toThrow(NotFoundError);
  });

  test('are listed over many pages', async () => {
    const thread = await alice.discussions.create(study, { title: 'Many', text: 'x' });
    for (let i = 0; i < 105; i += 1) await alice.discussions.reply(thread, `Reply ${i}`);
    const replies = await alice.discussions.replies(thread).toArray();
    expect(new Set(replies.map(({ id }) => id)).size).toBe(105);
  });

  test.each([
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
  ])('whose request is %s are created once', async (_, loss) => {
    const thread = await alice.discussions.create(study, { title: 'Once', text: 'x' });
    await alice.discussions.reply(thread, '+1');
    await bob.discussions.reply(thread, '+1');
    const faults = [{ operation: 'discussion.createReply', times: 1, ...loss }];
    clients.server.conditions.set({ faults });
    const { createdBy } = await alice.discussions.reply(thread, '+1');
    expect(createdBy).toBe(thread.createdBy);
    expect(await alice.discussions.replyCount(thread)).toBe(3);
  });
});

describe('a forum', () => {
  test('is given by its id, itself, or its project', async () => {
    const forum = await alice.discussions.forum(study.id);
    expect(await alice.discussions.forum(forum.id)).toEqual(forum);
    const calls = await clients.calls(async () => {
      await alice.discussions.threadCount(forum);
      await alice.discussions.threadCount(study);
    });
    expect(calls).toEqual([
      'discussion.getForumThreadCount',
      'discussion.getProjectForum',
      'discussion.getForumThreadCount',
    ]);
    await expect(alice.discussions.forum('syn9999999')).rejects.toThrow(NotFoundError);
    await expect(alice.discussions.forum('my study')).rejects.toThrow(ArgumentError);
  });

  test('is searched, in threads and replies', async () => {
    const thread = await alice.discussions.create(study, { title: 'Zebra', text: 'stripes' });
    const reply = await bob.discussions.reply(thread, 'a zebra');
    const matches = await bob.discussions.search(study, 'zebra').toArray();
    const place = { forumId: thread.forumId, threadId: thread.id };
    expect(matches).toEqual([place, { ...place, replyId: reply.id }]);
    expect(await bob.discussions.search(study, 'elephant').toArray()).toEqual([]);
  });

  test('has moderators', async () => {
    const { ownerId } = await alice.users.get();
    expect(await bob.discussions.moderators(study).toArray()).toContain(ownerId);
  });

  test('knows the threads that mention an entity', async () => {
    const other = await clients.project(alice);
    expect(await alice.discussions.threadsAbout(other).toArray()).toEqual([]);
    const text = `See ${other.id} and @bob.`;
    const thread = await alice.discussions.create(study, { title: 'About', text });
    const [found] = await alice.discussions.threadsAbout(other, { text: true }).toArray();
    expect(found).toMatchObject({ id: thread.id, text });
    expect(await alice.discussions.threadCounts([other, study.id])).toEqual(
      new Map([
        [other.id, 1],
        [study.id, 0],
      ]),
    );
    expect(await alice.discussions.threadCounts([])).toEqual(new Map());
  });
});

test('a post that was not read has no text to find', async () => {
  await expect(alice.discussions.text({})).rejects.toThrow(ArgumentError);
});
