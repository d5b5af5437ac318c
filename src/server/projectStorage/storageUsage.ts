import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import {
  entityTables,
  getEntityRecord,
  subtreeOf,
  type EntityRecord,
} from '../entities/entityRecords.js';
import { defaultLocationId, getStorageLocation } from '../files/storageLocations.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireAct } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

function limits(world: World): Collection<M.ProjectStorageLocationLimit> {
  return world.store.collection<M.ProjectStorageLocationLimit>('projectStorageLimits');
}

/** Total size of the files of a project in bytes, including all versions, by storage location. */
export function storedBytes(world: World, project: EntityRecord): Map<number, number> {
  const { versionsOf } = entityTables(world);
  const seen = new Set<string>();
  const bytes = new Map<number, number>();
  for (const { id } of subtreeOf(world, project)) {
    for (const { fields } of versionsOf.find(id)) {
      const handle = world.files.find(fields.dataFileHandleId ?? '');
      if (handle === undefined || seen.has(handle.id) || !('contentSize' in handle)) {
        continue;
      }
      seen.add(handle.id);
      const location = handle.storageLocationId ?? defaultLocationId;
      bytes.set(location, (bytes.get(location) ?? 0) + (handle.contentSize ?? 0));
    }
  }
  return bytes;
}

/** @throws 404, 403 without READ, 400 when it is not a project */
export function storageUsage(
  world: World,
  caller: Caller,
  projectId: string,
): M.ProjectStorageUsage {
  const project = requireAccess(world, caller, parseEntityId(projectId), 'READ');
  requireProject(project);
  const bytes = storedBytes(world, project);
  const limited = [...limits(world).values()].filter((limit) => limit.projectId === project.id);
  const locations = new Set([
    defaultLocationId,
    ...bytes.keys(),
    ...limited.map(({ storageLocationId }) => storageLocationId),
  ]);
  return {
    projectId: project.id,
    locations: [...locations].map((storageLocationId) => {
      const sumFileBytes = bytes.get(storageLocationId) ?? 0;
      const limit = limited.find((known) => known.storageLocationId === storageLocationId);
      const maxAllowedFileBytes = limit?.maxAllowedFileBytes;
      return {
        storageLocationId,
        sumFileBytes,
        maxAllowedFileBytes,
        isOverLimit: maxAllowedFileBytes !== undefined && sumFileBytes > maxAllowedFileBytes,
      };
    }),
  };
}

/**
 * Sets the storage limit of a project in a location. Without a number there is no limit.
 *
 * @throws 403 for callers outside the ACT, 404, 400
 */
export function setLimit(
  world: World,
  caller: Caller,
  projectId: string,
  body: M.ProjectStorageLocationLimit,
): M.ProjectStorageLocationLimit {
  requireAct(caller);
  const project = getEntityRecord(world, parseEntityId(projectId));
  requireProject(project);
  if (parseEntityId(body.projectId) !== project.id) {
    throw badRequest('The projectId in the body does not match the one in the path.');
  }
  const { storageLocationId, maxAllowedFileBytes } = body;
  if (maxAllowedFileBytes !== undefined && maxAllowedFileBytes < 0) {
    throw badRequest('The maxAllowedFileBytes may not be negative.');
  }
  if (storageLocationId !== defaultLocationId) {
    getStorageLocation(world, storageLocationId);
  }
  const limit = { ...body, projectId: project.id };
  limits(world).put(`${project.id}/${storageLocationId}`, limit);
  return limit;
}

function requireProject({ id, type }: EntityRecord): void {
  if (type !== 'project') {
    throw badRequest(`${id} is not a project.`);
  }
}
