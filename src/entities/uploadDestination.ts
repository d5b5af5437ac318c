import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { UploadError } from '../errors.js';

// The settings of a container change rarely; many files are stored in one container.
const lifetimeMs = 60_000;

interface Known {
  destination: Promise<M.UploadDestination>;
  until: number;
}
const known = new WeakMap<Context, Map<string, Known>>();

/** Where files of a container are uploaded to. */
export interface UploadStorage {
  /** The type of the file handles that come of it. */
  concreteType: M.S3FileHandle['concreteType'] | M.GoogleCloudFileHandle['concreteType'];
  storageLocationId: number | undefined;
}

/**
 * The storage into which files of a container are uploaded.
 *
 * @throws {@link UploadError} when it is of a kind that does not take multipart uploads.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/uploadDestination.html
 */
export async function uploadStorage(
  ctx: Context,
  parentId: string,
  options: CallOptions,
): Promise<UploadStorage> {
  const destination = await destinationOf(ctx, parentId, options);
  const { storageLocationId, banner } = destination;
  if (banner) ctx.log(banner);
  switch (destination.concreteType) {
    case 'org.sagebionetworks.repo.model.file.S3UploadDestination':
    case 'org.sagebionetworks.repo.model.file.ExternalS3UploadDestination':
      return {
        concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
        storageLocationId,
      };
    case 'org.sagebionetworks.repo.model.file.ExternalGoogleCloudUploadDestination':
      return {
        concreteType: 'org.sagebionetworks.repo.model.file.GoogleCloudFileHandle',
        storageLocationId,
      };
    default: {
      const kind = destination.concreteType.replace(/^.*\.(.*?)UploadDestination$/, '$1');
      throw new UploadError(
        `Files in ${parentId} are kept in a storage of the kind ${kind} (storage location ${String(storageLocationId)}), which this client cannot upload to.`,
      );
    }
  }
}

function destinationOf(
  ctx: Context,
  parentId: string,
  options: CallOptions,
): Promise<M.UploadDestination> {
  const map = known.get(ctx) ?? new Map<string, Known>();
  known.set(ctx, map);
  const found = map.get(parentId);
  if (found !== undefined && found.until > Date.now()) return found.destination;
  const destination = ctx.services.file.getDefaultUploadDestination({ id: parentId }, options);
  map.set(parentId, { destination, until: Date.now() + lifetimeMs });
  // A failure, or an abort by whoever asked first, is nobody else's answer.
  destination.catch(() => map.delete(parentId));
  return destination;
}
