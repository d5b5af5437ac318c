import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { findSettingFor } from './projectSettings.js';
import { createSession } from './storageKeys.js';
import {
  baseKeyOf,
  bucketOf,
  findStorageLocation,
  isStsLocation,
  locationTypes,
} from './storageLocations.js';

/** Lifetime of temporary credentials in milliseconds. */
const lifetime = 12 * 60 * 60_000;

/**
 * `GET /repo/v1/entity/{id}/sts`: returns keys for the bucket of a folder.
 *
 * @throws 400, 403, 404
 */
export function getStsCredentials(
  world: World,
  caller: Caller,
  request: { id: string; permission: M.StsPermission },
): M.StsCredentials {
  const entityId = parseEntityId(request.id);
  requireAccess(world, caller, entityId, 'READ');
  const setting = findSettingFor(world, entityId);
  const location = setting && findStorageLocation(world, setting.locations[0]);
  if (!isStsLocation(location)) {
    throw badRequest('Entity must have an STS-enabled storage location');
  }
  const canWrite = request.permission === 'read_write';
  if (canWrite && location.concreteType === locationTypes.s3) {
    throw badRequest('STS write access is not allowed in Synapse storage');
  }
  requireAccess(world, caller, entityId, 'DOWNLOAD');
  if (canWrite) {
    for (const accessType of ['UPDATE', 'CREATE', 'DELETE'] as const) {
      requireAccess(world, caller, entityId, accessType);
    }
  }
  const bucket = bucketOf(location);
  const baseKey = baseKeyOf(location);
  const expiresAt = world.now().getTime() + lifetime;
  const credentials = createSession(world, {
    userId: caller.userId,
    bucket,
    prefix: baseKey ?? '',
    canWrite,
    expiresAt,
  });
  return {
    bucket,
    ...(baseKey !== undefined && { baseKey }),
    ...credentials,
    expiration: new Date(expiresAt).toISOString(),
  };
}
