import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { forumOf } from './discussionCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();
let count = 0;
let topic: M.Topic & { objectId: string };

beforeEach(async () => {
  const { alice } = server;
  count += 1;
  const project = await alice.create('project', { name: `Followed ${count}` });
  topic = { objectType: 'FORUM', objectId: (await forumOf(alice, project.id)).id };
  expect(await alice.delete('/subscription/all')).toMatchObject({ status: 204 });
});

function subscribe(): Promise<M.Subscription & { subscriptionId: string }> {
  return ok(server.alice.post('/subscription', topic));
}

function all(): Promise<M.SubscriptionPagedResults> {
  return ok(server.alice.get('/subscription/all?limit=10&offset=0&objectType=FORUM'));
}

describe('SubscriptionControllerAutowiredTest', () => {
  test('testCreate: a subscription names its topic and its subscriber', async () => {
    const subscriberId = String(server.userId('alice'));
    expect(await subscribe()).toMatchObject({ ...topic, subscriberId });
  });

  test('testGet: a subscription is read as it was made', async () => {
    const subscription = await subscribe();
    const { subscriptionId } = subscription;
    expect(await ok(server.alice.get(`/subscription/${subscriptionId}`))).toEqual(subscription);
  });

  test('testGetAll: the list has every subscription to topics of a type', async () => {
    const subscription = await subscribe();
    expect(await all()).toEqual({ results: [subscription], totalNumberOfResults: 1 });
  });

  test('testDelete: a subscription may be deleted twice', async () => {
    const { subscriptionId } = await subscribe();
    const path = `/subscription/${subscriptionId}`;
    expect(await server.alice.delete(path)).toMatchObject({ status: 204 });
    expect(await all()).toEqual({ results: [], totalNumberOfResults: 0 });
    expect(await server.alice.delete(path)).toMatchObject({ status: 204 });
  });

  test('testGetList: subscriptions are found by their topics', async () => {
    const subscription = await subscribe();
    const request = { objectType: 'FORUM', idList: [topic.objectId] };
    expect(await ok(server.alice.post('/subscription/list', request))).toEqual({
      results: [subscription],
      totalNumberOfResults: 1,
    });
  });
});
