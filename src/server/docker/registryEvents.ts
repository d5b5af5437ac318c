import type { IncomingHttpHeaders } from 'node:http';

import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { basicCredentials } from '../auth/basicCredentials.js';
import { basicLogin } from '../auth/basicLogin.js';
import { badCredentials } from '../auth/authErrors.js';
import { managedRegistryHosts } from '../entities/dockerNames.js';
import { entityHooks } from '../entities/entityHooks.js';
import { findManagedRepository } from '../entities/entityLookups.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import { putEntity } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import { callerOf } from '../users/callerOf.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { putCommit } from './dockerCommits.js';

/** The type of what a push stores; events about the layers of an image are ignored. */
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

/** The credentials of the registry in a development stack of the service. */
const registry = { name: 'user', password: 'pass' } as const;

/**
 * Checks that a request comes from the managed registry. Administrators may send events too, with
 * HTTP Basic or a token, because no registry uses this server.
 *
 * @throws 401
 */
export async function requireRegistry(
  world: World,
  caller: Caller,
  headers: IncomingHttpHeaders,
): Promise<void> {
  if (caller.isAdmin) return;
  const credentials = basicCredentials(headers);
  if (credentials === undefined) {
    throw badCredentials('Missing required credentials in the authorization header.');
  }
  const { name, password } = credentials;
  if (name === registry.name && password === registry.password) return;
  const { userId } = await basicLogin(world, credentials);
  if (!callerOf(world, userId).isAdmin) throw badCredentials();
}

/**
 * Processes the events of the managed registry. A push records a commit, and the first push creates
 * the repository entity. As on the service, events that cannot be processed have no effect, and the
 * registry is not told.
 */
export function receiveRegistryEvents(
  world: World,
  { events = [] }: M.DockerRegistryEventList,
): void {
  try {
    world.store.transaction(() => {
      for (const event of events) {
        if (event.action === 'push') receivePush(world, event);
      }
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
}

/** @throws 400, 403, 404 */
function receivePush(world: World, { target, request, actor }: M.DockerRegistryEvent): void {
  const { mediaType, repository = '', tag, digest } = target ?? {};
  if (mediaType === undefined || request?.host === undefined) {
    throw badRequest('The event has no media type or no host.');
  }
  const { host } = request;
  if (mediaType !== manifestType || !managedRegistryHosts.includes(host)) return;
  const pusher = pusherOf(world, actor?.name ?? '');
  const repositoryName = `${host}/${repository}`;
  const record =
    findManagedRepository(world, repositoryName) ??
    createRepository(world, pusher, { projectId: projectIdOf(repository), repositoryName });
  putCommit(world, pusher, record, { tag, digest });
}

/** The registry names users by their ids. */
function pusherOf(world: World, name: string): Caller {
  if (getUser(world, name) === undefined) throw badRequest(`There is no user ${name}.`);
  return callerOf(world, Number(name));
}

function projectIdOf(repository: string): string {
  const [id = ''] = repository.split('/');
  if (!id.startsWith('syn')) throw badRequest("Repository path must start with 'syn'.");
  if (!/^syn\d{1,18}$/.test(id)) {
    throw badRequest("Repository path must start with project ID: 'syn', followed by a number.");
  }
  return id;
}

/** Users cannot create managed repositories; only a push creates them. */
function createRepository(
  world: World,
  caller: Caller,
  { projectId, repositoryName }: { projectId: string; repositoryName: string },
): EntityRecord {
  if (getEntityRecord(world, projectId).type !== 'project') {
    throw badRequest('Parent must be a project.');
  }
  requireAccess(world, caller, projectId, 'CREATE');
  const id = `syn${world.store.sequence('entities')()}`;
  const now = world.timestamp();
  const entity = {
    record: {
      id,
      type: 'dockerrepo' as const,
      name: id,
      parentId: projectId,
      etag: world.uuid(),
      createdBy: caller.userId,
      createdOn: now,
      currentVersion: 1,
      lastVersion: 1,
    },
    version: {
      entityId: id,
      number: 1,
      label: '1',
      modifiedBy: caller.userId,
      modifiedOn: now,
      fields: { repositoryName, isManaged: true },
      annotations: {},
    },
  };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: 'create', caller, entity });
  return entity.record;
}
