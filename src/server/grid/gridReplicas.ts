import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { putGrid, requireGrid } from './gridRecords.js';

/**
 * Creates a copy of a grid that the caller, or an agent for the caller, works on.
 *
 * @throws 404, 403
 */
export function createReplica(
  world: World,
  caller: Caller,
  sessionId: string | undefined,
  options: { readonly isAgentReplica?: boolean } = {},
): M.GridReplica & { readonly replicaId: number } {
  const grid = requireGrid(world, caller, sessionId);
  const replicaId = (grid.session.lastReplicaIdClient ?? 0) + 1;
  const replica = {
    gridSessionId: grid.session.sessionId,
    replicaId,
    createdBy: String(caller.userId),
    isAgentReplica: options.isAgentReplica ?? false,
    createdOn: world.timestamp(),
  };
  putGrid(world, {
    ...grid,
    session: { ...grid.session, lastReplicaIdClient: replicaId },
    replicas: [...grid.replicas, replica],
  });
  return replica;
}

/** @throws 404, 403 for the grid of another user */
export function requireReplica(
  world: World,
  caller: Caller,
  sessionId: string | undefined,
  replicaId: number | undefined,
): M.GridReplica {
  const { replicas } = requireGrid(world, caller, sessionId);
  const replica = replicas.find((known) => known.replicaId === replicaId);
  if (replica === undefined) {
    throw notFound('Grid replica not found.');
  }
  return replica;
}
