import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord, pathOf } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { findSettingFor } from './projectSettings.js';
import { uriEncode } from './sigV4.js';
import { storagePrefix } from './storageKeys.js';
import {
  defaultLocationId,
  findStorageLocation,
  getStorageLocation,
  locationTypes,
} from './storageLocations.js';

const packageName = 'org.sagebionetworks.repo.model.file.';

/** Id of an entity that the caller may see. @throws 400, 403, 404 */
export function requireReadable(world: World, caller: Caller, entityId: string): string {
  return requireAccess(world, caller, parseEntityId(entityId), 'READ').id;
}

/** Ids of the locations that files below an entity may go to; the first is the default. */
export function locationIds(world: World, entityId: string): readonly number[] {
  const locations = findSettingFor(world, entityId)?.locations ?? [];
  return locations.length === 0 ? [defaultLocationId] : locations;
}

/** The locations that files below an entity may go to, as a short list. */
export function listDestinations(world: World, entityId: string): M.UploadDestinationLocation[] {
  return locationIds(world, entityId).flatMap((id) => {
    const location = findStorageLocation(world, id);
    if (!location) return [];
    const { description, uploadType } = location;
    return [{ storageLocationId: id, uploadType, description }];
  });
}

/** The upload destination of a location. @throws 404, 400 */
export function getDestination(
  world: World,
  entityId: string,
  storageLocationId: number,
): M.UploadDestination {
  const location = getStorageLocation(world, storageLocationId);
  const common = {
    storageLocationId,
    uploadType: location.uploadType,
    banner: location.banner,
  };
  switch (location.concreteType) {
    case locationTypes.s3:
      return {
        ...common,
        concreteType: `${packageName}S3UploadDestination`,
        baseKey: location.baseKey,
        stsEnabled: location.stsEnabled,
      };
    case locationTypes.externalS3:
      return {
        ...common,
        concreteType: `${packageName}ExternalS3UploadDestination`,
        bucket: location.bucket,
        baseKey: location.baseKey,
        stsEnabled: location.stsEnabled,
        // The buckets are on this server, so clients must use its endpoint.
        endpointUrl: location.endpointUrl ?? world.urls.base() + storagePrefix.slice(0, -1),
      };
    case locationTypes.externalGoogleCloud:
      return {
        ...common,
        concreteType: `${packageName}ExternalGoogleCloudUploadDestination`,
        bucket: location.bucket,
        baseKey: location.baseKey,
      };
    case locationTypes.external:
      return {
        ...common,
        concreteType: `${packageName}ExternalUploadDestination`,
        url: externalUrl(world, entityId, location),
      };
    case locationTypes.externalObject:
      return {
        ...common,
        concreteType: `${packageName}ExternalObjectStoreUploadDestination`,
        endpointUrl: location.endpointUrl,
        bucket: location.bucket,
        keyPrefixUUID: world.uuid(),
      };
    case locationTypes.proxy:
      throw badRequest(
        `Cannot handle upload destination location setting of type: ${locationTypes.proxy}`,
      );
  }
}

/** A new URL for one file: the base, the names of the containers if configured, and a UUID. */
function externalUrl(
  world: World,
  entityId: string,
  location: M.ExternalStorageLocationSetting,
): string {
  const base = (location.url ?? '').replace(/\/?$/, '/');
  const folders =
    location.supportsSubfolders === true
      ? pathOf(world, getEntityRecord(world, entityId))
          .slice(1)
          .map(({ name }) => `${uriEncode(name)}/`)
      : [];
  return `${base}${folders.join('')}${world.uuid()}`;
}
