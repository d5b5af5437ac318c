import { accessRoutes } from './access/routes.js';
import { activityRoutes } from './activities/routes.js';
import { authRoutes } from './auth/routes.js';
import { downloadListRoutes } from './downloadList/routes.js';
import { entitiesRoutes } from './entities/routes.js';
import { favoriteRoutes } from './favorites/routes.js';
import { fileRoutes } from './files/routes.js';
import type { Router } from './kernel/router.js';
import { teamsRoutes } from './teams/routes.js';
import { trashRoutes } from './trash/routes.js';
import { usersRoutes } from './users/routes.js';
import type { World } from './world.js';

/** Registers what a domain folder serves. */
export type Routes = (router: Router, world: World) => void;

/** Everything that the server models, one line a domain. */
export const allRoutes: readonly Routes[] = [
  authRoutes,
  usersRoutes,
  entitiesRoutes,
  accessRoutes,
  activityRoutes,
  trashRoutes,
  fileRoutes,
  teamsRoutes,
  favoriteRoutes,
  downloadListRoutes,
];
