import { requireAccess } from '../access/requireAccess.js';
import { exactReply } from '../kernel/exactJson.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { checkAnnotations } from './annotationValues.js';
import { annotationsModel, storeAnnotations, updateAnnotations } from './entityAnnotations.js';
import { entityHooks } from './entityHooks.js';
import { parseEntityId, parseEntityReference, parseVersionNumber } from './entityIds.js';
import { annotationsFromJson, entityJson } from './entityJson.js';
import { entityTypes } from './entityTypes.js';
import { getVersionRecord } from './entityRecords.js';
import { checkEtag } from './entityWrites.js';

/** Serves annotations, and entities with their annotations as flat JSON. */
export function annotationRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/annotations2', ({ path, caller, query }) => {
    const { id, version } = parseEntityReference(path.id);
    const record = requireAccess(world, caller, id, 'READ');
    return annotationsModel(world, record, getVersionRecord(world, record, version), {
      includeDerived: query.includeDerived,
    });
  });
  router.put('/repo/v1/entity/{id}/annotations2', ({ path, caller, body }) => {
    const { record, version } = updateAnnotations(world, caller, parseEntityId(path.id), body);
    return annotationsModel(world, record, version);
  });
  router.get('/repo/v1/entity/{id}/version/{versionNumber}/annotations2', ({ path, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const number = parseVersionNumber(path.versionNumber);
    return annotationsModel(world, record, getVersionRecord(world, record, number));
  });
  router.get('/repo/v1/entity/{id}/derivedKeys', ({ path, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const version = getVersionRecord(world, record);
    const shape = entityHooks(world).annotationShape({ record, version });
    return { keys: Object.keys(shape?.derived ?? {}) };
  });
  jsonRoutes(router, world);
}

function jsonRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/json', ({ path, caller, query }) => {
    const { id, version } = parseEntityReference(path.id);
    const record = requireAccess(world, caller, id, 'READ');
    const json = entityJson(world, record, getVersionRecord(world, record, version), {
      includeDerived: query.includeDerivedAnnotations,
      exactNumbers: true,
    });
    return exactReply(json);
  });
  router.get('/repo/v1/entity/{id}/version/{versionNumber}/json', ({ path, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'READ');
    const number = parseVersionNumber(path.versionNumber);
    const version = getVersionRecord(world, record, number);
    return exactReply(entityJson(world, record, version, { exactNumbers: true }));
  });
  router.put('/repo/v1/entity/{id}/json', ({ path, caller, body }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'UPDATE');
    for (const key of ['id', 'etag', 'concreteType']) {
      if (!Object.hasOwn(body, key)) {
        throw badRequest(`Expected JSON to include key: '${key}'`);
      }
    }
    const { etag, concreteType } = body;
    if (concreteType !== entityTypes[record.type].concreteType) {
      throw badRequest(
        `The value of 'concreteType' does not match the type of Entity: '${record.id}'`,
      );
    }
    const annotations = checkAnnotations(annotationsFromJson(record.type, body));
    checkEtag(record, String(etag));
    const updated = storeAnnotations(world, caller, record, annotations);
    return exactReply(entityJson(world, updated.record, updated.version, { exactNumbers: true }));
  });
}
