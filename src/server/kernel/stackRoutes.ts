import type { World } from '../world.js';
import { forbidden } from './serviceError.js';
import type { Caller } from './caller.js';
import { parseConditions } from '../conditions/parseConditions.js';
import type { RequestLog } from './requestLog.js';
import type { Router } from './router.js';

/** Version that this server reports; real ones report the release of the stack. */
const version = 'embedded';

/** Serves what the service tells about itself. */
export function stackRoutes(router: Router, world: World): void {
  const info = { version, stackInstance: 'local' };
  router.get('/repo/v1/version', () => info);
  router.get('/repo/v1/status', () => ({
    status: world.conditions.readOnly ? 'READ_ONLY' : 'READ_WRITE',
  }));
  // The Python client asks each of its endpoints for nothing in particular when it starts.
  for (const base of ['/repo/v1', '/auth/v1', '/file/v1']) {
    router.extra('GET', base, () => info, { scopes: [] });
  }
}

/** Serves the switches of the server itself, outside of the API. */
export function adminRoutes(router: Router, world: World, log: RequestLog): void {
  const { conditions } = world;

  router.extra('GET', '/admin/conditions', ({ caller }) => {
    requireAdmin(caller);
    return { ...conditions.settings, faultHits: conditions.faultHits() };
  });
  router.extra('PUT', '/admin/conditions', ({ body, caller }) => {
    requireAdmin(caller);
    conditions.set(parseConditions(body));
    return conditions.settings;
  });
  router.extra('DELETE', '/admin/conditions', ({ caller }) => {
    requireAdmin(caller);
    conditions.reset();
    return conditions.settings;
  });

  router.extra('GET', '/admin/requests', ({ caller }) => {
    requireAdmin(caller);
    return { total: log.total, counts: log.counts(), requests: log.entries };
  });
  router.extra('DELETE', '/admin/requests', ({ caller }) => {
    requireAdmin(caller);
    log.clear();
    return { total: 0 };
  });
}

function requireAdmin(caller: Caller): void {
  if (!caller.isAdmin) {
    throw forbidden('Only an administrator may do this.');
  }
}
