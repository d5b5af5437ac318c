import { parseEntityId } from '../entities/entityIds.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { moveToTrash, purgeFromTrash, restoreFromTrash, viewTrash } from './trashCan.js';

/** Serves the trash can. */
export function trashRoutes(router: Router, world: World): void {
  router.put('/repo/v1/trashcan/trash/{id}', ({ path, caller }) =>
    moveToTrash(world, caller, parseEntityId(path.id)),
  );
  router.put('/repo/v1/trashcan/restore/{id}', ({ path, caller }) =>
    restoreFromTrash(world, caller, parseEntityId(path.id)),
  );
  router.put('/repo/v1/trashcan/restore/{id}/{parentId}', ({ path, caller }) =>
    restoreFromTrash(world, caller, parseEntityId(path.id), parseEntityId(path.parentId)),
  );
  router.put('/repo/v1/trashcan/purge/{id}', ({ path, caller }) =>
    purgeFromTrash(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/trashcan/view', ({ query, caller }) => viewTrash(world, caller, query));
}
