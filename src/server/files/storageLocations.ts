import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { trimCharacters } from '../kernel/trimCharacters.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

const packageName = 'org.sagebionetworks.repo.model.project.';

/** Concrete types of storage locations. */
export const locationTypes = {
  s3: `${packageName}S3StorageLocationSetting`,
  externalS3: `${packageName}ExternalS3StorageLocationSetting`,
  externalGoogleCloud: `${packageName}ExternalGoogleCloudStorageLocationSetting`,
  external: `${packageName}ExternalStorageLocationSetting`,
  externalObject: `${packageName}ExternalObjectStorageLocationSetting`,
  proxy: `${packageName}ProxyStorageLocationSettings`,
} as const;

/** Id of the default storage location, which always exists. */
export const defaultLocationId = 1;
/** Bucket of the default location. */
export const defaultBucket = 'synapse-local-storage';

/** A stored storage location. */
export type LocationRecord = M.StorageLocationSetting & {
  readonly storageLocationId: number;
  readonly uploadType: M.UploadType;
  readonly createdBy: number;
  readonly createdOn: string;
};

type LocationWorld = Pick<World, 'service'>;

interface LocationTables {
  readonly locations: Collection<LocationRecord>;
  readonly byBucket: Index<LocationRecord>;
  readonly byCreator: Index<LocationRecord>;
  readonly byContent: Index<LocationRecord>;
  readonly nextId: () => number;
}

function tables(world: LocationWorld): LocationTables {
  return world.service(makeLocationTables);
}

function makeLocationTables({ store }: World): LocationTables {
  const locations = store.collection<LocationRecord>('storageLocations');
  return {
    locations,
    byBucket: locations.index('bucket', (location) =>
      isBucketLocation(location) ? location.bucket : undefined,
    ),
    byCreator: locations.index('creator', ({ createdBy }) => String(createdBy)),
    byContent: locations.index('content', contentKey),
    nextId: store.sequence('storageLocations', defaultLocationId + 1),
  };
}

const defaultLocation: LocationRecord = {
  concreteType: locationTypes.s3,
  storageLocationId: defaultLocationId,
  uploadType: 'S3',
  createdBy: 1,
  createdOn: '2010-01-01T00:00:00.000Z',
};

/** The location with this id; the default one when none is given. */
export function findStorageLocation(
  world: LocationWorld,
  id: number | undefined = defaultLocationId,
): LocationRecord | undefined {
  if (id === defaultLocationId) return defaultLocation;
  return tables(world).locations.get(String(id));
}

/** The location with this id; the default one when none is given. @throws 404 */
export function getStorageLocation(world: LocationWorld, id: number | undefined): LocationRecord {
  const location = findStorageLocation(world, id);
  if (!location) throw notFound('The resource you are attempting to access cannot be found');
  return location;
}

/** Locations that a user created, oldest first. */
export function listStorageLocations(world: LocationWorld, userId: number): LocationRecord[] {
  return tables(world)
    .byCreator.find(String(userId))
    .sort((a, b) => a.storageLocationId - b.storageLocationId);
}

/** Whether this server serves a bucket: its own, or one that a storage location names. */
export function hasBucket(world: LocationWorld, bucket: string): boolean {
  return bucket === defaultBucket || tables(world).byBucket.count(bucket) > 0;
}

/** Whether a location offers temporary credentials. */
export function isStsLocation(
  location: LocationRecord | undefined,
): location is Extract<LocationRecord, M.StsStorageLocationSetting> {
  return (
    (location?.concreteType === locationTypes.s3 ||
      location?.concreteType === locationTypes.externalS3) &&
    location.stsEnabled === true
  );
}

/**
 * Bucket that files of a location go to.
 *
 * @throws 400 when the service does not store files in the location
 */
export function bucketOf(location: LocationRecord): string {
  switch (location.concreteType) {
    case locationTypes.s3:
      return defaultBucket;
    case locationTypes.externalS3:
    case locationTypes.externalGoogleCloud:
      return location.bucket;
    default:
      throw badRequest(
        `Cannot get bucket from storage location setting type class ${location.concreteType}`,
      );
  }
}

/** The prefix of keys in a location, if any. */
export function baseKeyOf(location: LocationRecord): string | undefined {
  return 'baseKey' in location ? location.baseKey : undefined;
}

/**
 * Creates a storage location (`POST /repo/v1/storageLocation`). If the user has an equal one
 * already, it is returned instead.
 *
 * @throws 400, 403
 */
export function createStorageLocation(
  world: World,
  caller: Caller,
  setting: M.StorageLocationSetting,
): LocationRecord {
  if (caller.isAnonymous) throw forbidden('Anonymous cannot create storage locations.');
  const checked = checkLocation(world, caller, setting);
  const { locations, byContent, nextId } = tables(world);
  const content = {
    ...checked,
    uploadType: checked.uploadType ?? ('NONE' as const),
    createdBy: caller.userId,
  };
  const existing = byContent.first(contentKey(content));
  if (existing) return existing;
  const record: LocationRecord = {
    ...content,
    storageLocationId: nextId(),
    etag: world.uuid(),
    createdOn: world.timestamp(),
  };
  locations.put(String(record.storageLocationId), record);
  return record;
}

/** A key that is equal for locations with the same client-set properties. */
function contentKey(location: Omit<LocationRecord, 'createdOn' | 'storageLocationId'>): string {
  const added = ['storageLocationId', 'etag', 'createdOn'];
  return JSON.stringify(
    Object.entries(location)
      .filter(([name]) => !added.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function checkLocation(
  world: World,
  caller: Caller,
  setting: M.StorageLocationSetting,
): M.StorageLocationSetting {
  switch (setting.concreteType) {
    case locationTypes.s3:
      if (setting.baseKey !== undefined) {
        throw badRequest('Cannot specify baseKey when creating an S3StorageLocationSetting');
      }
      return {
        ...setting,
        uploadType: 'S3',
        ...(setting.stsEnabled === true && { baseKey: `${caller.userId}/${world.uuid()}` }),
      };
    case locationTypes.externalS3:
      checkBucketLocation(world, caller, setting);
      return { ...setting, uploadType: 'S3' };
    case locationTypes.externalGoogleCloud:
      checkBucketLocation(world, caller, setting);
      return { ...setting, uploadType: 'GOOGLECLOUDSTORAGE' };
    case locationTypes.external:
      checkUrl(setting.url, 'url');
      return setting;
    case locationTypes.externalObject: {
      const endpointUrl = trimCharacters(setting.endpointUrl, '/ \t');
      checkUrl(endpointUrl, 'endpointUrl');
      checkBucketName(setting.bucket);
      return { ...setting, endpointUrl };
    }
    case locationTypes.proxy:
      checkProxy(setting);
      return setting;
  }
}

function checkProxy(setting: M.ProxyStorageLocationSettings): void {
  const { proxyUrl, secretKey } = setting;
  if (proxyUrl === undefined) throw badRequest('proxyUrl is required.');
  if (secretKey === undefined) throw badRequest('secretKey is required.');
  const minimum = 36;
  if (secretKey.length < minimum) {
    throw badRequest(
      `SecretKey must be at least: ${minimum} characters but was: ${secretKey.length}`,
    );
  }
  if (!URL.canParse(proxyUrl)) throw badRequest(`proxyUrl is malformed: ${proxyUrl}`);
  if (new URL(proxyUrl).protocol !== 'https:')
    throw badRequest('proxyUrl protocol must be be HTTPS');
}

function isBucketLocation(
  location: M.StorageLocationSetting,
): location is M.ExternalS3StorageLocationSetting | M.ExternalGoogleCloudStorageLocationSetting {
  return (
    location.concreteType === locationTypes.externalS3 ||
    location.concreteType === locationTypes.externalGoogleCloud
  );
}

function checkBucketLocation(
  world: World,
  caller: Caller,
  { bucket, baseKey }: { bucket: string; baseKey?: string },
): void {
  checkBucketName(bucket);
  if (baseKey?.endsWith('/')) throw badRequest('Base keys cannot end with trailing slashes');
  if (bucket === defaultBucket) {
    throw badRequest(`Did not find S3 bucket ${bucket}.`);
  }
  // The first user who names a bucket creates and owns it, because there is no other way to create
  // one here. The service requires an `owner.txt` in the bucket instead, which users of this server
  // could not upload.
  const owners = tables(world).byBucket.find(bucket);
  if (owners.length === 0 || caller.isAdmin) return;
  if (owners.some(({ createdBy }) => createdBy === caller.userId)) return;
  throw badRequest(
    `Bucket ${bucket} belongs to another user. For security purposes, Synapse needs to establish ` +
      `that you have permission to write to the bucket.`,
  );
}

function checkBucketName(bucket: string): void {
  if (!/^(?=.{3,63}$)[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/.test(bucket)) {
    throw badRequest('Invalid Bucket Name');
  }
}

/**
 * Checks an external URL.
 *
 * @throws 400
 */
export function checkUrl(url: string | undefined, name: string): void {
  if (url === undefined) throw badRequest(`${name} is required.`);
  const valid =
    /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(url) &&
    URL.canParse(url) &&
    (url.toLowerCase().startsWith('file:') || /^[^:]+:\/\/[^/?#]/.test(url));
  if (!valid) throw badRequest(`The External URL is not a valid url: ${url}`);
}
