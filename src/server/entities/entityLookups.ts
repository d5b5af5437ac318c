import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { parseEntityReference, rootId } from './entityIds.js';
import { entityHeader } from './entityModels.js';
import { aliasKey } from './entityNames.js';
import {
  entityTables,
  findVersionRecord,
  getEntityRecord,
  pathOf,
  type EntityRecord,
} from './entityRecords.js';
import { entityTypes } from './entityTypes.js';

/** Maximum number of versions found by one MD5. */
const maxMd5Matches = 200;
/** Maximum number of headers in one request. */
const maxHeaders = 1000;

/**
 * The headers of the entities that the caller may read. Others are omitted.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/header.html
 */
export function headersOf(
  world: World,
  caller: Caller,
  references: readonly M.Reference[],
): M.PaginatedResultsOfEntityHeader {
  if (references.length > maxHeaders) {
    throw badRequest(`At most ${maxHeaders} headers can be requested at once.`);
  }
  const results = references.flatMap(({ targetId, targetVersionNumber }) => {
    if (targetId === undefined) {
      throw badRequest('Reference.targetId cannot be null');
    }
    const { id, version } = parseEntityReference(targetId);
    return readableHeader(world, caller, id, targetVersionNumber ?? version);
  });
  return { totalNumberOfResults: results.length, results };
}

function readableHeader(
  world: World,
  caller: Caller,
  id: string,
  number: number | undefined,
): M.EntityHeader[] {
  if (!hasAccess(world, caller, id, 'READ')) {
    return [];
  }
  const record = getEntityRecord(world, id);
  const version = findVersionRecord(world, id, number ?? record.currentVersion);
  return version === undefined ? [] : [entityHeader(world, record, version)];
}

/**
 * The versions whose file has an MD5.
 *
 * @see https://rest-docs.synapse.org/rest/GET/entity/md5/md5.html
 */
export function headersByMd5(
  world: World,
  caller: Caller,
  md5: string,
): M.PaginatedResultsOfEntityHeader {
  const results = entityTables(world)
    .versionsByMd5.find(md5.trim().toLowerCase())
    .flatMap((version) => readableHeader(world, caller, version.entityId, version.number))
    .slice(0, maxMd5Matches);
  return { totalNumberOfResults: results.length, results };
}

/** The project with an alias. @throws 404 */
export function idByAlias(world: World, alias: string): M.EntityId {
  const record = entityTables(world).byAlias.first(aliasKey(alias));
  if (record === undefined) {
    throw notFound(`Did not find a match for alias: ${alias}`);
  }
  return { id: record.id };
}

/** The managed repository with a name. @throws 404 */
export function idByRepositoryName(world: World, caller: Caller, name: string): M.EntityId {
  if (name.trim() === '') {
    throw badRequest('The repositoryName is required and must not be the empty string.');
  }
  const record = findManagedRepository(world, name);
  if (record === undefined) {
    throw notFound(`A repository named ${name} does not exist or it is not a managed repository.`);
  }
  return { id: requireAccess(world, caller, record.id, 'READ').id };
}

/** The repository of the managed registry with a name, also in the trash can. */
export function findManagedRepository(world: World, name: string): EntityRecord | undefined {
  const { entities, versions } = entityTables(world);
  const version = versions
    .index('managedRepository', ({ fields }) =>
      fields.isManaged === true ? fields.repositoryName : undefined,
    )
    .first(name);
  return version === undefined ? undefined : entities.get(version.entityId);
}

/**
 * From the root to the entity itself.
 *
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/path.html
 */
export function entityPath(world: World, caller: Caller, record: EntityRecord): M.EntityPath {
  return {
    path: pathOf(world, record).map((step) => ({
      id: step.id,
      // The path includes the root folder, although users may not read it.
      name:
        step.id === rootId || hasAccess(world, caller, step.id, 'READ') ? step.name : 'Redacted',
      type: entityTypes[step.type].concreteType,
    })),
  };
}
