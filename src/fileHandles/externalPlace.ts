import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { locationIdOf, type StorageLocationRef } from '../storageLocations/locationIdOf.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { shortName } from '../values/shortName.js';

/** The storage location of an external file: given itself, or as that of a container. */
export interface ExternalPlaceInput {
  /** The storage location; instead of `parent`. */
  storageLocationId?: StorageLocationRef;
  /** A project or folder: the location is the one that uploads to it go to. */
  parent?: EntityRef;
}

/** The storage location of an external file, and its bucket. */
export interface ExternalPlace {
  storageLocationId?: number;
  bucket?: string;
}

interface Wanted extends ExternalPlaceInput {
  kind: string;
  bucket?: string;
}

/** The types of upload destinations with a bucket. */
const destinationTypes: Readonly<Record<string, string>> = {
  s3: 'ExternalS3UploadDestination',
  googleCloud: 'ExternalGoogleCloudUploadDestination',
};

/** @throws {@link ArgumentError} unless the location is given in one way */
export function checkPlace({ kind, storageLocationId, parent, bucket }: Wanted): void {
  if (storageLocationId !== undefined) locationIdOf(storageLocationId);
  if (parent !== undefined) containerOf(parent);
  if (storageLocationId !== undefined && parent !== undefined) {
    throw new ArgumentError('Give either the storageLocationId or the parent, not both.');
  }
  if (kind === 'url') return;
  if (storageLocationId === undefined && parent === undefined) {
    throw new ArgumentError(
      `An external file of the kind ${kind} needs its storageLocationId, or a parent that has one.`,
    );
  }
  if (kind in destinationTypes && bucket === undefined && parent === undefined) {
    throw new ArgumentError(`An external file of the kind ${kind} needs its bucket, or a parent.`);
  }
}

/** Finds the storage location, with the bucket of a parent. */
export async function externalPlace(
  ctx: Context,
  wanted: Wanted,
  call: CallOptions,
): Promise<ExternalPlace> {
  const { kind, storageLocationId, parent, bucket } = wanted;
  if (storageLocationId !== undefined) {
    return { storageLocationId: locationIdOf(storageLocationId), bucket };
  }
  if (parent === undefined) return { bucket };
  const id = containerOf(parent);
  if (kind in destinationTypes) return placeInBucket(ctx, id, wanted, call);
  // The service has no destinations for proxies, but lists their locations.
  const { list } = await ctx.services.file.listUploadDestinationLocations({ id }, call);
  return { storageLocationId: list[0]?.storageLocationId };
}

async function placeInBucket(
  { services }: Context,
  id: string,
  { kind, bucket: given }: Wanted,
  call: CallOptions,
): Promise<ExternalPlace> {
  const destination: M.UploadDestination = await services.file.getDefaultUploadDestination(
    { id },
    call,
  );
  const { storageLocationId } = destination;
  const bucket = 'bucket' in destination ? destination.bucket : undefined;
  const isKind = shortName(destination.concreteType) === destinationTypes[kind];
  if (isKind && (given === undefined || given === bucket)) return { storageLocationId, bucket };
  const where = isKind ? `the bucket ${bucket ?? ''}` : `another kind of storage`;
  throw new ArgumentError(
    `Uploads to ${id} go to storage location ${String(storageLocationId)}, which is ${where}. Give the storageLocationId of the file's own location.`,
  );
}
