import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { adminUserRoutes } from './adminUsers.js';
import { certificationRoutes } from './certificationRoutes.js';
import { groupHeaderRoutes } from './groupHeaders.js';
import { profileRoutes } from './profiles.js';

/** Serves users and groups. */
export function usersRoutes(router: Router, world: World): void {
  profileRoutes(router, world);
  groupHeaderRoutes(router, world);
  certificationRoutes(router, world);
  adminUserRoutes(router, world);
}
