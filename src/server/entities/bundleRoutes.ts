import { requireAccess } from '../access/requireAccess.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { createBundle, readBundle, updateBundle } from './entityBundles.js';
import { fileHandlesOf, requireFile } from './entityFiles.js';
import { parseEntityId, parseEntityReference, parseVersionNumber } from './entityIds.js';
import { writeOptions } from './entityRoutes.js';

/** Serves bundles and the files of entities. */
export function bundleRoutes(router: Router, world: World): void {
  router.post('/repo/v1/entity/{id}/bundle2', ({ path, caller, body }) => {
    const { id, version } = parseEntityReference(path.id);
    return readBundle(world, caller, { id, number: version }, body);
  });
  router.post('/repo/v1/entity/{id}/version/{versionNumber}/bundle2', ({ path, caller, body }) =>
    readBundle(
      world,
      caller,
      { id: parseEntityId(path.id), number: parseVersionNumber(path.versionNumber) },
      body,
    ),
  );
  router.post('/repo/v1/entity/bundle2/create', ({ caller, body, query }) =>
    createBundle(world, caller, body, writeOptions(query)),
  );
  router.put('/repo/v1/entity/{id}/bundle2', ({ path, caller, body, query }) => {
    const id = parseEntityId(path.id);
    requireAccess(world, caller, id, 'UPDATE');
    return updateBundle(world, caller, id, body, writeOptions(query));
  });
  fileRoutes(router, world);
}

function fileRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/filehandles', ({ path, caller }) => ({
    list: fileHandlesOf(world, requireFile(world, caller, parseEntityId(path.id))),
  }));
  router.get('/repo/v1/entity/{id}/version/{versionNumber}/filehandles', ({ path, caller }) => {
    const number = parseVersionNumber(path.versionNumber);
    return {
      list: fileHandlesOf(world, requireFile(world, caller, parseEntityId(path.id), number)),
    };
  });
}
