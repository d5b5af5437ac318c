import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { setLimit, storageUsage } from './storageUsage.js';

/** Serves how much projects store, and how much they may. */
export function projectStorageRoutes(router: Router, world: World): void {
  router.get('/repo/v1/project/{projectId}/storage/usage', ({ caller, path }) =>
    storageUsage(world, caller, path.projectId),
  );
  router.put('/repo/v1/project/{projectId}/storage/limit', ({ caller, path, body }) =>
    setLimit(world, caller, path.projectId, body),
  );
}
