import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { setLimit, storageUsage } from './storageUsage.js';

/** Serves the storage usage and limits of projects. */
export function projectStorageRoutes(router: Router, world: World): void {
  router.get('/repo/v1/project/{projectId}/storage/usage', ({ caller, path }) =>
    storageUsage(world, caller, path.projectId),
  );
  router.put('/repo/v1/project/{projectId}/storage/limit', ({ caller, path, body }) =>
    setLimit(world, caller, path.projectId, body),
  );
}
