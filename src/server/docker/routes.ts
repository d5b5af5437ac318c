import { createHmac } from 'node:crypto';

import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { paginated, pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { addCommit, listTags } from './dockerCommits.js';
import { receiveRegistryEvents } from './registryEvents.js';

/** Serves the tags of Docker repositories and the endpoints for registries. */
export function dockerRoutes(router: Router, world: World): void {
  router.post('/repo/v1/entity/{id}/dockerCommit', ({ caller, path, body }) =>
    addCommit(world, caller, parseEntityId(path.id), body),
  );
  router.get('/repo/v1/entity/{id}/dockerTag', ({ caller, path, query }) =>
    paginated(listTags(world, caller, parseEntityId(path.id), query), pageWindow(query)),
  );
  router.post('/dockerRegistryListener/v1/events', ({ caller, body }) =>
    receiveRegistryEvents(world, caller, body),
  );
  router.get('/docker/v1/bearerToken', ({ caller, query }) => ({
    token: cannedToken(world, caller, query.service, query.scope ?? []),
  }));
}

/** Returns a canned token with the right format. No registry accepts it. */
function cannedToken(
  world: World,
  caller: Caller,
  service: string,
  scope: readonly string[],
): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'www.synapse.org', sub: String(caller.userId), aud: service, scope };
  const text = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  const signature = createHmac('sha256', world.secret('docker')).update(text).digest('base64url');
  return `${text}.${signature}`;
}
