import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AuthorizationError,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let study: Project & Stored;
beforeAll(async () => {
  alice = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
});
afterEach(async () => {
  clients.server.conditions.reset();
  await alice.subscriptions.unsubscribeAll();
});

async function newForum() {
  study = await clients.project(alice);
  return alice.discussions.forum(study);
}

describe('a subscription', () => {
  test('to a forum is made by its project, once', async () => {
    const forum = await newForum();
    const made = await alice.subscriptions.subscribe('FORUM', study);
    expect(made).toMatchObject({ objectType: 'FORUM', objectId: forum.id });
    expect(await alice.subscriptions.subscribe('FORUM', forum)).toEqual(made);
    expect(await alice.subscriptions.isSubscribed('FORUM', forum.id)).toBe(true);
    expect(await alice.subscriptions.list('FORUM').toArray()).toEqual([made]);
    expect(await alice.subscriptions.list('THREAD').toArray()).toEqual([]);
    const { ownerId } = await alice.users.get();
    expect(await alice.subscriptions.subscribers('FORUM', study).toArray()).toEqual([ownerId]);
    expect(await alice.subscriptions.subscriberCount('FORUM', forum)).toBe(1);
    expect(await alice.subscriptions.unsubscribe('FORUM', study)).toBe(true);
    expect(await alice.subscriptions.unsubscribe('FORUM', study)).toBe(false);
    expect(await alice.subscriptions.isSubscribed('FORUM', forum)).toBe(false);
  });

  test('to a thread is made by its author, and found by a reply', async () => {
    const thread = await alice.discussions.create(await newForum(), { title: 'T', text: 'x' });
    const reply = await alice.discussions.reply(thread, 'y');
    expect(await alice.subscriptions.isSubscribed('THREAD', reply)).toBe(true);
    const [own] = await alice.subscriptions.list('THREAD', { objects: [thread] }).toArray();
    await alice.subscriptions.delete(own ?? '');
    expect(await alice.subscriptions.isSubscribed('THREAD', thread)).toBe(false);
    // Deleting a subscription again is not an error.
    await alice.subscriptions.delete(own ?? '');
  });

  test('is one of many', async () => {
    const forum = await newForum();
    const ids: string[] = [];
    for (let i = 0; i < 120; i += 1) {
      ids.push((await alice.discussions.create(forum, { title: `T${i}`, text: 'x' })).id);
    }
    const oldest = { sortDirection: 'ASC' } as const;
    const all = await alice.subscriptions.list('THREAD', oldest).toArray();
    expect(all.map(({ objectId }) => objectId)).toEqual(ids);
    const some = await alice.subscriptions.list('THREAD', { ...oldest, objects: ids }).toArray();
    expect(some).toHaveLength(120);
    expect(await alice.subscriptions.list('THREAD', { objects: [] }).toArray()).toEqual([]);
  });

  test('is sent again when its answer is lost', async () => {
    const forum = await newForum();
    const faults = [{ operation: 'subscription.createSubscription', times: 1, loseAnswer: true }];
    clients.server.conditions.set({ faults });
    await alice.subscriptions.subscribe('FORUM', forum);
    expect(await alice.subscriptions.subscriberCount('FORUM', forum)).toBe(1);
  });

  test('needs access to an object that exists', async () => {
    const forum = await newForum();
    const carol = await clients.open('carol');
    await expect(carol.subscriptions.subscribe('FORUM', forum)).rejects.toThrow(AuthorizationError);
    await expect(alice.subscriptions.subscribe('THREAD', '99999')).rejects.toThrow(NotFoundError);
    await expect(alice.subscriptions.subscribeAll('THREAD')).rejects.toThrow(NotFoundError);
    const all = 'DATA_ACCESS_SUBMISSION';
    await expect(alice.subscriptions.subscribeAll(all)).rejects.toThrow(AuthorizationError);
    const admin = await clients.open('admin');
    expect(await admin.subscriptions.subscribeAll(all)).toMatchObject({ objectType: all });
  });
});
