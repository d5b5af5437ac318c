import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { annotationRoutes } from './annotationRoutes.js';
import { bundleRoutes } from './bundleRoutes.js';
import { entityRoutes } from './entityRoutes.js';
import { legacyRoutes } from './legacyRoutes.js';

/** Serves entities, except for access, provenance and the trash. */
export function entitiesRoutes(router: Router, world: World): void {
  entityRoutes(router, world);
  annotationRoutes(router, world);
  bundleRoutes(router, world);
  legacyRoutes(router, world);
}
