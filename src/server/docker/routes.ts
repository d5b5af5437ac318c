import { parseEntityId } from '../entities/entityIds.js';
import { paginated, pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { dockerBearerToken } from './bearerToken.js';
import { addCommit, listTags } from './dockerCommits.js';
import { receiveRegistryEvents, requireRegistry } from './registryEvents.js';

/** Serves the tags of Docker repositories and the endpoints for registries. */
export function dockerRoutes(router: Router, world: World): void {
  router.post('/repo/v1/entity/{id}/dockerCommit', ({ caller, path, body }) =>
    addCommit(world, caller, parseEntityId(path.id), body),
  );
  router.get('/repo/v1/entity/{id}/dockerTag', ({ caller, path, query }) =>
    paginated(listTags(world, caller, parseEntityId(path.id), query), pageWindow(query)),
  );
  router.post('/dockerRegistryListener/v1/events', async ({ caller, headers, body }) => {
    await requireRegistry(world, caller, headers);
    receiveRegistryEvents(world, body);
  });
  router.get('/docker/v1/bearerToken', ({ headers, query }) =>
    dockerBearerToken(world, headers, query),
  );
}
