import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { forumOf } from './discussionCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();

describe('ITSubscription', () => {
  test('test: a subscription to a forum is made, listed, counted and ended', async () => {
    const { alice } = server;
    const project = await alice.create('project', { name: 'Subscribed to' });
    const { id: objectId } = await forumOf(alice, project.id);
    const topic = { objectId, objectType: 'FORUM' };
    const subscription = await ok<Required<M.Subscription>>(alice.post('/subscription', topic));
    const subscriberId = String(server.userId('alice'));
    expect(subscription).toEqual({
      ...topic,
      subscriberId,
      subscriptionId: expect.any(String),
      createdOn: expect.any(String),
    });
    const path = `/subscription/${subscription.subscriptionId}`;
    expect((await alice.get(path)).body).toEqual(subscription);
    const all = '/subscription/all?objectType=FORUM&limit=10&offset=0';
    const page = { results: [subscription], totalNumberOfResults: 1 };
    expect((await alice.get(`${all}&sortBy=CREATED_ON&sortDirection=DESC`)).body).toEqual(page);
    const list = { objectType: 'FORUM', idList: [objectId] };
    expect((await alice.post('/subscription/list', list)).body).toEqual(page);
    expect((await alice.post('/subscription/subscribers', topic)).body).toEqual({
      subscribers: [subscriberId],
    });
    expect((await alice.post('/subscription/subscribers/count', topic)).body).toEqual({ count: 1 });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect((await alice.get(all)).body).toEqual({ results: [], totalNumberOfResults: 0 });
  });

  test('test: an administrator subscribes to all data access submissions', async () => {
    const path = '/subscription/all?objectType=DATA_ACCESS_SUBMISSION';
    expect(await server.admin.post(path, undefined)).toMatchObject({
      status: 201,
      body: { objectId: '0', objectType: 'DATA_ACCESS_SUBMISSION' },
    });
  });
});
