import type * as M from '../../../generated/models.js';
import { createReplica, requireReplica } from '../grid/gridReplicas.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';

/**
 * Prepares the context of an agent session: creates a replica for the agent when the user works on
 * a grid.
 *
 * @throws 404, 403, 400
 */
export function prepareContext(
  world: World,
  caller: Caller,
  context: M.SessionContext,
): M.SessionContext {
  const { gridSessionId, usersReplicaId, agentsReplicaId } = context;
  if (agentsReplicaId !== undefined) {
    throw badRequest('The agentsReplicaId must be null');
  }
  requireReplica(world, caller, gridSessionId, usersReplicaId);
  const { replicaId } = createReplica(world, caller, gridSessionId, { isAgentReplica: true });
  return { ...context, agentsReplicaId: replicaId };
}
