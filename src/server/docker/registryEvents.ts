import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { managedRegistryHost } from '../entities/dockerNames.js';
import { parseEntityId } from '../entities/entityIds.js';
import { childrenOf, getEntityRecord, getVersionRecord } from '../entities/entityRecords.js';
import { putEntity } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireAdmin } from '../permissions/requireLogin.js';
import { findPrincipalByAlias, fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { putCommit } from './dockerCommits.js';

/**
 * Processes the events of the managed registry. A push records a commit, and the first push creates
 * the repository entity. Only administrators may send events.
 *
 * @throws 403 for other callers, 400 for an event that is not a push to a project
 */
export function receiveRegistryEvents(
  world: World,
  caller: Caller,
  { events = [] }: M.DockerRegistryEventList,
): void {
  requireAdmin(caller);
  for (const event of events) {
    if (event.action === 'push') {
      receivePush(world, caller, event);
    }
  }
}

function receivePush(
  world: World,
  caller: Caller,
  { target = {}, request, actor }: M.DockerRegistryEvent,
): void {
  const { repository = '', tag, digest } = target;
  if (request?.host !== undefined && request.host !== managedRegistryHost) {
    throw badRequest(`Unexpected registry host: ${request.host.slice(0, 200)}`);
  }
  const project = getEntityRecord(world, parseEntityId(repository.split('/')[0] ?? ''));
  const pusher = findPrincipalByAlias(world, actor?.name ?? '')?.id ?? caller.userId;
  if (project.type !== 'project' || !hasAccess(world, caller, project.id, 'CREATE')) {
    throw badRequest(`${project.id} is not a project that a repository can be in.`);
  }
  const repositoryName = `${managedRegistryHost}/${repository}`;
  const known = childrenOf(world, project.id).find(
    (child) => getVersionRecord(world, child).fields.repositoryName === repositoryName,
  );
  const entityId =
    known?.id ?? createRepository(world, caller, { project: project.id, repositoryName, pusher });
  putCommit(world, entityId, {
    tag,
    digest,
  });
}

interface NewRepository {
  readonly project: string;
  readonly repositoryName: string;
  readonly pusher: number;
}

/** Users cannot create managed repositories; only a push creates them. */
function createRepository(
  world: World,
  caller: Caller,
  { project, repositoryName, pusher }: NewRepository,
): string {
  const id = `syn${world.store.sequence('entities')()}`;
  const now = world.timestamp();
  const createdBy = pusher === fixedPrincipals.anonymous ? caller.userId : pusher;
  const entity = {
    record: {
      id,
      type: 'dockerrepo' as const,
      name: id,
      parentId: project,
      etag: world.uuid(),
      createdBy,
      createdOn: now,
      currentVersion: 1,
      lastVersion: 1,
    },
    version: {
      entityId: id,
      number: 1,
      label: '1',
      modifiedBy: createdBy,
      modifiedOn: now,
      fields: { repositoryName, isManaged: true },
      annotations: {},
    },
  };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: 'create', caller, entity });
  return id;
}
