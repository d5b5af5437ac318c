import { accessRoutes } from './access/routes.js';
import { activityRoutes } from './activities/routes.js';
import { authRoutes } from './auth/routes.js';
import { discussionRoutes } from './discussion/routes.js';
import { downloadListRoutes } from './downloadList/routes.js';
import { entitiesRoutes } from './entities/routes.js';
import { evaluationsRoutes } from './evaluations/routes.js';
import { favoriteRoutes } from './favorites/routes.js';
import { fileRoutes } from './files/routes.js';
import { jsonSchemaRoutes } from './jsonSchema/routes.js';
import type { Router } from './kernel/router.js';
import { tableRoutes } from './tables/routes.js';
import { messagesRoutes } from './messages/routes.js';
import { teamsRoutes } from './teams/routes.js';
import { accessRequirementRoutes } from './requirements/routes.js';
import { trashRoutes } from './trash/routes.js';
import { usersRoutes } from './users/routes.js';
import { wikiRoutes } from './wiki/routes.js';
import { verificationRoutes } from './verification/routes.js';
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
  tableRoutes,
  teamsRoutes,
  wikiRoutes,
  evaluationsRoutes,
  messagesRoutes,
  discussionRoutes,
  favoriteRoutes,
  downloadListRoutes,
  jsonSchemaRoutes,
  accessRequirementRoutes,
  verificationRoutes,
];
