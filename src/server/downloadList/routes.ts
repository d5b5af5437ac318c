import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { addBatch, clearList, removeBatch } from './downloadListItems.js';
import {
  addToLegacyList,
  clearLegacyList,
  createOrder,
  getOrder,
  legacyList,
  listOrders,
  removeFromLegacyList,
} from './legacyList.js';

/** Serves download lists of entities, and the older ones of file handles. */
export function downloadListRoutes(router: Router, world: World): void {
  router.post('/repo/v1/download/list/add', ({ caller, body }) => ({
    numberOfFilesAdded: addBatch(world, caller, body.batchToAdd),
  }));
  router.post('/repo/v1/download/list/remove', ({ caller, body }) => ({
    numberOfFilesRemoved: removeBatch(world, caller, body.batchToRemove),
  }));
  router.delete('/repo/v1/download/list', ({ caller }) => clearList(world, caller));
  legacyRoutes(router, world);
}

function legacyRoutes(router: Router, world: World): void {
  router.get('/file/v1/download/list', ({ caller }) => legacyList(world, caller));
  router.post('/file/v1/download/list/add', ({ caller, body }) =>
    addToLegacyList(world, caller, body.list),
  );
  router.post('/file/v1/download/list/remove', ({ caller, body }) =>
    removeFromLegacyList(world, caller, body.list),
  );
  router.delete('/file/v1/download/list', ({ caller }) => clearLegacyList(world, caller));
  router.post('/file/v1/download/order', ({ caller, query }) =>
    createOrder(world, caller, query.zipFileName),
  );
  router.get('/file/v1/download/order/{orderId}', ({ caller, path }) =>
    getOrder(world, caller, path.orderId),
  );
  router.post('/file/v1/download/order/history', ({ caller, body }) =>
    tokenPage(listOrders(world, caller), body.nextPageToken),
  );
}
