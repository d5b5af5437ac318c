import { moveToTrash, deletePermanently } from '../trash/trashCan.js';
import { requireAccess } from '../access/requireAccess.js';
import type { Router } from '../kernel/router.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { createEntity } from './createEntity.js';
import { listChildren, lookupChild } from './entityChildren.js';
import { parseEntityId, parseEntityReference, parseVersionNumber } from './entityIds.js';
import {
  entityPath,
  headersByMd5,
  headersOf,
  idByAlias,
  idByRepositoryName,
} from './entityLookups.js';
import { entityHeader, entityModel } from './entityModels.js';
import { getVersionRecord } from './entityRecords.js';
import { deleteVersion, listVersions, replaceFileHandle } from './entityVersions.js';
import { updateEntity } from './updateEntity.js';

/** Serves entities, their versions and lookups. */
export function entityRoutes(router: Router, world: World): void {
  crudRoutes(router, world);
  versionRoutes(router, world);
  lookupRoutes(router, world);
}

/** An empty `generatedBy` is ignored. */
export function writeOptions(query: { readonly generatedBy?: string }): { generatedBy?: string } {
  return query.generatedBy === undefined || query.generatedBy === ''
    ? {}
    : { generatedBy: query.generatedBy };
}

function crudRoutes(router: Router, world: World): void {
  router.post('/repo/v1/entity', ({ caller, body, query }) => {
    const { record, version } = createEntity(world, caller, body, writeOptions(query));
    return entityModel(world, record, version);
  });
  router.get('/repo/v1/entity/{id}', ({ path, caller }) => {
    const { id, version } = parseEntityReference(path.id);
    const record = requireAccess(world, caller, id, 'READ');
    return entityModel(world, record, getVersionRecord(world, record, version));
  });
  router.put('/repo/v1/entity/{id}', ({ path, caller, body, query }) => {
    parseEntityId(path.id);
    const { record, version } = updateEntity(world, caller, body, {
      ...writeOptions(query),
      newVersion: query.newVersion,
    });
    return entityModel(world, record, version);
  });
  router.delete('/repo/v1/entity/{id}', ({ path, caller, query }) => {
    const id = parseEntityId(path.id);
    if (query.skipTrashCan === true) {
      deletePermanently(world, caller, id);
    } else {
      moveToTrash(world, caller, id);
    }
  });
}

function versionRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/version', ({ path, caller, query }) =>
    listVersions(world, caller, parseEntityId(path.id), {
      page: query,
      nameOf: (userId) => getPrincipal(world, userId)?.name ?? String(userId),
    }),
  );
  router.get('/repo/v1/entity/{id}/version/{versionNumber}', ({ path, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const number = parseVersionNumber(path.versionNumber);
    return entityModel(world, record, getVersionRecord(world, record, number));
  });
  router.delete('/repo/v1/entity/{id}/version/{versionNumber}', ({ path, caller }) =>
    deleteVersion(world, caller, parseEntityId(path.id), parseVersionNumber(path.versionNumber)),
  );
  router.put('/repo/v1/entity/{id}/version/{versionNumber}/filehandle', (call) => {
    const target = {
      id: parseEntityId(call.path.id),
      number: parseVersionNumber(call.path.versionNumber),
    };
    replaceFileHandle(world, call.caller, target, call.body);
  });
  router.get('/repo/v1/entity/{id}/type', ({ path, caller }) => {
    const { id, version } = parseEntityReference(path.id);
    const record = requireAccess(world, caller, id, 'READ');
    return entityHeader(world, record, getVersionRecord(world, record, version));
  });
  router.get('/repo/v1/entity/{id}/version/{versionNumber}/type', ({ path, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const number = parseVersionNumber(path.versionNumber);
    return entityHeader(world, record, getVersionRecord(world, record, number));
  });
}

function lookupRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/type', ({ query, caller }) => {
    const ids = query.batch.split(',').filter((id) => id.trim() !== '');
    return headersOf(
      world,
      caller,
      ids.map((targetId) => ({ targetId })),
    );
  });
  router.post('/repo/v1/entity/header', ({ caller, body }) =>
    headersOf(world, caller, body.references ?? []),
  );
  router.get('/repo/v1/entity/{id}/path', ({ path, caller }) =>
    entityPath(world, caller, requireAccess(world, caller, parseEntityId(path.id), 'READ')),
  );
  router.get('/repo/v1/entity/alias/{alias}', ({ path }) => idByAlias(world, path.alias));
  router.get('/repo/v1/entity/md5/{md5}', ({ path, caller }) =>
    headersByMd5(world, caller, path.md5),
  );
  router.get('/repo/v1/entity/dockerRepo/id', ({ query, caller }) =>
    idByRepositoryName(world, caller, query.repositoryName),
  );
  router.post('/repo/v1/entity/children', ({ caller, body }) => listChildren(world, caller, body));
  router.post('/repo/v1/entity/child', ({ caller, body }) => lookupChild(world, caller, body));
}
