import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { checkAnnotations, type AnnotationMap } from './annotationValues.js';
import { entityHooks } from './entityHooks.js';
import {
  getVersionRecord,
  type CurrentEntity,
  type EntityRecord,
  type VersionRecord,
} from './entityRecords.js';
import { checkEtag, putEntity, refuseBuiltIn, stamped } from './entityWrites.js';

/** The annotations of a version as the API shows them. */
export function annotationsModel(
  world: World,
  record: EntityRecord,
  version: VersionRecord,
  options: { readonly includeDerived?: boolean } = {},
): M.Annotations {
  const derived =
    options.includeDerived === true
      ? (entityHooks(world).annotationShape({ record, version })?.derived ?? {})
      : {};
  return {
    id: record.id,
    etag: record.etag,
    // Annotations that users set override derived ones.
    annotations: { ...derived, ...version.annotations },
  };
}

/**
 * Replaces the annotations of the current version.
 *
 * @throws 403 without UPDATE, 412 for a stale etag, 400 for invalid content
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/annotations2.html
 */
export function updateAnnotations(
  world: World,
  caller: Caller,
  id: string,
  body: M.Annotations,
): CurrentEntity {
  const record = requireAccess(world, caller, id, 'UPDATE');
  if (body.id === undefined) {
    throw badRequest('The id of the annotations is required.');
  }
  checkEtag(record, body.etag);
  return storeAnnotations(world, caller, record, checkAnnotations(body.annotations));
}

/** Adds annotations to the current version and replaces those with the same key. */
export function mergeAnnotations(
  world: World,
  caller: Caller,
  id: string,
  added: M.Annotations['annotations'],
): CurrentEntity {
  const record = requireAccess(world, caller, id, 'UPDATE');
  const merged = { ...getVersionRecord(world, record).annotations, ...added };
  return storeAnnotations(world, caller, record, checkAnnotations(merged));
}

/** Stores checked annotations, without checking permissions or the etag. */
export function storeAnnotations(
  world: World,
  caller: Caller,
  record: EntityRecord,
  annotations: AnnotationMap,
): CurrentEntity {
  refuseBuiltIn(record.id);
  const previous = { record, version: getVersionRecord(world, record) };
  const touched = stamped(world, caller, record);
  const entity = { record: touched.record, version: { ...touched.version, annotations } };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: 'update', caller, entity, previous });
  return entity;
}
