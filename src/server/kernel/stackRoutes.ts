import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import { forbidden, ServiceError, unauthorized } from './serviceError.js';
import type { Caller } from './caller.js';
import { parseConditions } from '../conditions/parseConditions.js';
import type { RequestLog } from './requestLog.js';
import type { Router } from './router.js';

/** The version that this server reports; the service reports the release of its stack. */
const version = 'embedded';

/** Serves the version and status of the service. */
export function stackRoutes(router: Router, world: World): void {
  const info = { version, stackInstance: 'local' };
  router.get('/repo/v1/version', () => info);
  const { conditions } = world;
  const status = (): M.StackStatus => ({
    ...conditions.stackStatus,
    ...(conditions.readOnly && { status: 'READ_ONLY' }),
  });
  router.get('/repo/v1/status', status);
  router.extra('GET', '/repo/v1/admin/synapse/status', status);
  router.extra(
    'PUT',
    '/repo/v1/admin/synapse/status',
    ({ body, caller }) => {
      requireAdmin(caller);
      conditions.stackStatus = body as M.StackStatus;
      return conditions.stackStatus;
    },
    { body: 'StackStatus' },
  );
  // The Python client requests the base path of each endpoint when it starts.
  for (const base of ['/repo/v1', '/auth/v1', '/file/v1']) {
    router.extra('GET', base, () => info);
  }
  router.extra('GET', '/repo/v1/testing/exception', ({ caller, query }) =>
    raiseException(caller, query),
  );
}

/** The paths that are answered whatever the status is. */
const openPath = /\/(?:admin|migration|version|status)(?:\/|$)/;

/** @throws 503 with the message of the administrators, while the service is not open to users */
export function requireOpenStack({ conditions }: World, pathname: string): void {
  const { status, currentMessage } = conditions.stackStatus;
  if (status !== 'READ_WRITE' && !openPath.test(pathname)) {
    throw new ServiceError(503, currentMessage || 'Synapse is down for maintenance.');
  }
}

/** The statuses of errors that are not errors of the server, by the class of the exception. */
const statuses: Readonly<Record<string, number>> = {
  'java.lang.IllegalArgumentException': 400,
  'org.sagebionetworks.repo.model.UnauthorizedException': 403,
};

/**
 * Fails as the service does when it meets an exception, so that an administrator can try what a
 * client makes of it.
 *
 * @throws 401 for another user, or the error that is asked for
 */
function raiseException(
  caller: Caller,
  query: Readonly<Record<string, string | undefined>>,
): never {
  if (!caller.isAdmin) {
    throw unauthorized('Unauthorized.');
  }
  const unknown = 'java.lang.IllegalStateException';
  const { ex: name = unknown, exMsg: message = unknown } = query;
  throw new ServiceError(Object.hasOwn(statuses, name) ? (statuses[name] ?? 500) : 500, message);
}

/** Serves the admin endpoints of the server, which are not a part of the API. */
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
