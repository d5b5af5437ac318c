import type * as M from '../../../generated/models.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { defineGridJobs } from './gridJobs.js';
import { grids, notYours, putGrid, requireGrid, requireOwnGrid } from './gridRecords.js';

/**
 * Serves grids. Their rows come from record sets, queries and CSV files; editing them together over
 * a web socket is not modelled.
 */
export function gridRoutes(router: Router, world: World): void {
  defineGridJobs(world);
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
    getReplica(world, caller, path.sessionId, path.replicaId),
  );
  // A canned reply: the address has the right shape, but no web socket is behind it.
  router.post('/repo/v1/grid/session/{sessionId}/presigned/url', ({ caller, path, body }) => {
    if (body.replicaId === undefined) {
      throw badRequest('The replicaId is required.');
    }
    const { sessionId } = requireGrid(world, caller, path.sessionId).session;
    const { createdBy } = getReplica(world, caller, sessionId, body.replicaId);
    if (createdBy !== String(caller.userId)) {
      throw notYours();
    }
    const base = world.urls.base().replace(/^http/, 'ws');
    return { presignedUrl: `${base}/grid/${sessionId}?replicaId=${body.replicaId}` };
  });
}

function createReplica(world: World, caller: Caller, id: string): M.GridReplica {
  const grid = requireGrid(world, caller, id);
  const replicaId = (grid.session.lastReplicaIdClient ?? 0) + 1;
  const replica = {
    gridSessionId: grid.session.sessionId,
    replicaId,
    createdBy: String(caller.userId),
    isAgentReplica: false,
    createdOn: world.timestamp(),
  };
  putGrid(world, {
    ...grid,
    session: { ...grid.session, lastReplicaIdClient: replicaId },
    replicas: [...grid.replicas, replica],
  });
  return replica;
}

function getReplica(world: World, caller: Caller, id: string, replicaId: number): M.GridReplica {
  const { replicas } = requireGrid(world, caller, id);
  const replica = replicas.find((known) => known.replicaId === replicaId);
  if (replica === undefined) {
    throw notFound('Grid replica not found.');
  }
  return replica;
}
