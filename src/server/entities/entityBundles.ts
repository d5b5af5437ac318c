import type * as M from '../../../generated/models.js';
import { aclModel, benefactorAcl, findOwnAcl } from '../access/entityAcls.js';
import { setAcl } from '../access/aclWrites.js';
import { entityPermissions } from '../access/entityPermissions.js';
import { requireAccess } from '../access/requireAccess.js';
import { activityModel, getActivityRecord } from '../activities/activityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { createEntity, type CreateOptions } from './createEntity.js';
import { annotationsModel, mergeAnnotations } from './entityAnnotations.js';
import { permittedFileHandles } from './entityFiles.js';
import { entityHooks } from './entityHooks.js';
import { numericId, parseEntityId } from './entityIds.js';
import { entityPath } from './entityLookups.js';
import { entityModel } from './entityModels.js';
import { entityTables, getVersionRecord, type CurrentEntity } from './entityRecords.js';
import { updateEntity } from './updateEntity.js';

/** Computes one part of a bundle; `undefined` omits it. */
type Part = (world: World, caller: Caller, entity: CurrentEntity) => Partial<M.EntityBundle>;

const parts: Readonly<Record<keyof M.EntityBundleRequest, Part>> = {
  includeEntity: (world, _caller, { record, version }) => ({
    entity: entityModel(world, record, version),
    entityType: record.type,
  }),
  includeAnnotations: (world, _caller, { record, version }) => ({
    annotations: annotationsModel(world, record, version),
  }),
  includePermissions: (world, caller, { record }) => ({
    permissions: entityPermissions(world, caller, record.id),
  }),
  includeEntityPath: (world, caller, { record }) => ({ path: entityPath(world, caller, record) }),
  includeHasChildren: (world, _caller, { record }) => ({
    hasChildren: entityTables(world).byParent.count(record.id) > 0,
  }),
  includeAccessControlList: (world, _caller, { record }) => {
    const acl = findOwnAcl(world, record.id);
    return acl === undefined ? {} : { accessControlList: aclModel(acl) };
  },
  includeFileHandles: (world, caller, { version }) => ({
    fileHandles: permittedFileHandles(world, caller, version),
  }),
  includeTableBundle: (world, caller, entity) => {
    const tableBundle = entityHooks(world).bundlePart('tableBundle', entity, caller);
    return tableBundle === undefined ? {} : { tableBundle };
  },
  includeRootWikiId: (world, caller, entity) => {
    const rootWikiId = entityHooks(world).bundlePart('rootWikiId', entity, caller);
    return rootWikiId === undefined ? {} : { rootWikiId };
  },
  includeBenefactorACL: (world, _caller, { record }) => ({
    benefactorAcl: aclModel(benefactorAcl(world, record)),
  }),
  includeDOIAssociation: (world, caller, entity) => {
    const doiAssociation = entityHooks(world).bundlePart('doiAssociation', entity, caller);
    return doiAssociation === undefined ? {} : { doiAssociation };
  },
  includeFileName: (world, _caller, { version }) => {
    const handleId = version.fields.dataFileHandleId;
    const fileName = handleId === undefined ? undefined : world.files.find(handleId)?.fileName;
    return fileName === undefined ? {} : { fileName };
  },
  includeThreadCount: (world, caller, entity) => ({
    threadCount: entityHooks(world).bundlePart('threadCount', entity, caller) ?? 0,
  }),
  includeRestrictionInformation: (world, caller, { record }) => ({
    restrictionInformation: {
      objectId: numericId(record.id),
      ...entityHooks(world).restrictions(record, caller),
    },
  }),
  includeActivity: (world, _caller, { version }) =>
    version.activityId === undefined
      ? {}
      : { activity: activityModel(getActivityRecord(world, version.activityId)) },
};

const partNames = Object.keys(parts) as (keyof M.EntityBundleRequest)[];

/**
 * The requested parts of an entity.
 *
 * @throws 404, 403 without READ
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
 */
export function readBundle(
  world: World,
  caller: Caller,
  target: { readonly id: string; readonly number?: number | undefined },
  request: M.EntityBundleRequest,
): M.EntityBundle {
  const record = requireAccess(world, caller, target.id, 'READ');
  const entity = { record, version: getVersionRecord(world, record, target.number) };
  const bundle: M.EntityBundle = {};
  for (const name of partNames) {
    if (request[name] === true) {
      Object.assign(bundle, parts[name](world, caller, entity));
    }
  }
  return bundle;
}

/**
 * Creates an entity with its annotations and ACL.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/bundle2/create.html
 */
export function createBundle(
  world: World,
  caller: Caller,
  body: M.EntityBundleCreate,
  options: CreateOptions,
): M.EntityBundle {
  if (body.entity === undefined) {
    throw badRequest('Invalid request: no entity to create');
  }
  const { record } = createEntity(world, caller, body.entity, options);
  return finishBundle(world, caller, record.id, body);
}

/**
 * Updates an entity, its annotations and its ACL, as far as they are given.
 *
 * @throws 400 when a part belongs to another entity
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/bundle2.html
 */
export function updateBundle(
  world: World,
  caller: Caller,
  id: string,
  body: M.EntityBundleCreate,
  options: CreateOptions,
): M.EntityBundle {
  requireSameId(id, body.entity?.id, 'Entity');
  requireSameId(id, body.annotations?.id, 'Annotations');
  requireSameId(id, body.accessControlList?.id, 'ACL');
  if (body.entity !== undefined) {
    updateEntity(world, caller, { ...body.entity, id }, options);
  }
  return finishBundle(world, caller, id, body);
}

function requireSameId(id: string, given: string | undefined, what: string): void {
  if (given !== undefined && parseEntityId(given) !== id) {
    throw badRequest(`${what} does not match requested entity ID`);
  }
}

function finishBundle(
  world: World,
  caller: Caller,
  id: string,
  body: M.EntityBundleCreate,
): M.EntityBundle {
  if (body.annotations !== undefined) {
    mergeAnnotations(world, caller, id, body.annotations.annotations);
  }
  if (body.accessControlList !== undefined) {
    setAcl(world, caller, id, body.accessControlList);
  }
  return readBundle(
    world,
    caller,
    { id },
    {
      includeEntity: body.entity !== undefined,
      includeAnnotations: body.annotations !== undefined,
      includeAccessControlList: body.accessControlList !== undefined,
    },
  );
}
