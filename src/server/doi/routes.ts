import type * as M from '../../../generated/models.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { association, getDoi, objectUrl, type DoiObject } from './dois.js';

/** Serves DOIs. */
export function doiRoutes(router: Router, world: World): void {
  router.get('/repo/v1/doi', ({ caller, query }) => getDoi(world, caller, objectOf(query)));
  router.get('/repo/v1/doi/association', ({ caller, query }) =>
    association(getDoi(world, caller, objectOf(query))),
  );
  router.get('/repo/v1/doi/locate', ({ query }) => objectUrl(world, objectOf(query)));
}

interface DoiQuery {
  readonly id: string;
  readonly type: M.DoiObjectType;
  readonly version?: number;
  readonly portalId?: string;
}

function objectOf({ id, type, version, portalId }: DoiQuery): DoiObject {
  return {
    id,
    type,
    version,
    portalId,
  };
}
