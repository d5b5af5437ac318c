import { parseEntityId } from '../entities/entityIds.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { grids, notYours, requireGrid, requireOwnGrid } from './gridRecords.js';
import { createReplica, requireReplica } from './gridReplicas.js';

/**
 * Serves grids. Their rows come from record sets, queries and CSV files; collaborative editing over
 * a web socket is not modelled.
 */
export function gridRoutes(router: Router, world: World): void {
  router.get(
    '/repo/v1/grid/session/{sessionId}',
    ({ caller, path }) => requireGrid(world, caller, path.sessionId).session,
  );
  router.delete('/repo/v1/grid/session/{sessionId}', ({ caller, path }) => {
    grids(world).delete(requireOwnGrid(world, caller, path.sessionId).session.sessionId);
  });
  router.post('/repo/v1/grid/session/list', ({ caller, body }) => {
    requireLogin(caller);
    const own = [...grids(world).values()]
      .map(({ session }) => session)
      .filter(
        ({ startedBy, sourceEntityId }) =>
          startedBy === String(caller.userId) &&
          (body.sourceId === undefined || sourceEntityId === parseEntityId(body.sourceId)),
      );
    return tokenPage(own, body.nextPageToken);
  });
  router.post('/repo/v1/grid/session/{sessionId}/replica', ({ caller, path }) => ({
    replica: createReplica(world, caller, path.sessionId),
  }));
  router.get('/repo/v1/grid/session/{sessionId}/replica/{replicaId}', ({ caller, path }) =>
    requireReplica(world, caller, path.sessionId, path.replicaId),
  );
  // A canned reply: the URL has the right format, but there is no web socket.
  router.post('/repo/v1/grid/session/{sessionId}/presigned/url', ({ caller, path, body }) => {
    if (body.replicaId === undefined) {
      throw badRequest('The replicaId is required.');
    }
    const { sessionId } = requireGrid(world, caller, path.sessionId).session;
    const { createdBy } = requireReplica(world, caller, sessionId, body.replicaId);
    if (createdBy !== String(caller.userId)) {
      throw notYours();
    }
    const base = world.urls.base().replace(/^http/, 'ws');
    return { presignedUrl: `${base}/grid/${sessionId}?replicaId=${body.replicaId}` };
  });
}
