import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { searchEntities, suggestTerms } from './searchEntities.js';

/** Serves the search for entities. */
export function searchRoutes(router: Router, world: World): void {
  router.post('/repo/v1/search', ({ caller, body }) => searchEntities(world, caller, body));
  router.post('/repo/v1/suggestion', ({ caller, body }) => suggestTerms(world, caller, body));
}
