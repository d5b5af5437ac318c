import { pageWindow, tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import {
  createSubscription,
  deleteAllSubscriptions,
  deleteSubscription,
  ownSubscription,
  ownSubscriptions,
  subscribersOf,
  subscribeToAll,
  subscriptionModel,
  subscriptionsTo,
} from './subscriptions.js';

/** Serves subscriptions to forums and threads. */
export function subscriptionRoutes(router: Router, world: World): void {
  router.post('/repo/v1/subscription', ({ caller, body }) =>
    subscriptionModel(createSubscription(world, caller, body)),
  );
  router.post('/repo/v1/subscription/all', ({ query, caller }) =>
    subscriptionModel(subscribeToAll(world, caller, query.objectType)),
  );
  router.get('/repo/v1/subscription/all', ({ query, caller }) => {
    const found = ownSubscriptions(world, caller, query);
    const { offset, limit } = pageWindow(query);
    return {
      results: found.slice(offset, offset + limit).map(subscriptionModel),
      totalNumberOfResults: found.length,
    };
  });
  router.delete('/repo/v1/subscription/all', ({ caller }) => deleteAllSubscriptions(world, caller));
  router.post('/repo/v1/subscription/list', ({ caller, body }) => {
    const found = subscriptionsTo(world, caller, body);
    return { results: found.map(subscriptionModel), totalNumberOfResults: found.length };
  });
  router.get('/repo/v1/subscription/{id}', ({ path, caller }) =>
    subscriptionModel(ownSubscription(world, caller, path.id)),
  );
  router.delete('/repo/v1/subscription/{id}', ({ path, caller }) =>
    deleteSubscription(world, caller, path.id),
  );
  router.post('/repo/v1/subscription/subscribers', ({ query, caller, body }) => {
    const { page, ...token } = tokenPage(subscribersOf(world, caller, body), query.nextPageToken);
    return { subscribers: page, ...token };
  });
  router.post('/repo/v1/subscription/subscribers/count', ({ caller, body }) => ({
    count: subscribersOf(world, caller, body).length,
  }));
}
