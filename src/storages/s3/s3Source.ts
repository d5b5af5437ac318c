import type * as M from '../../../generated/models.js';
import type { DownloadSource } from '../../transfer/downloadSource.js';
import { presignS3 } from './presignS3.js';
import { s3Error } from './s3Error.js';
import { openS3Store, type S3Place } from './s3Store.js';
import type { StorageContext } from '../storageContext.js';

/** An object of a bucket, to be downloaded with URLs that we sign ourselves. */
export async function openS3Source(
  ctx: StorageContext,
  handle: M.FileHandle,
  place: S3Place & { key: string },
): Promise<DownloadSource> {
  const { bucket, key } = place;
  const store = await openS3Store(ctx, place);
  const { endpoint, region } = store;
  let signed: string | undefined;
  return {
    id: handle.id ?? key.replaceAll('/', '_'),
    handle,
    canRefresh: true,
    url: async () => {
      try {
        signed ??= presignS3({ endpoint, region, bucket, key }, await store.credentials());
        return signed;
      } catch (error) {
        throw s3Error(`Cannot download ${key} from the bucket ${bucket}`, error, endpoint);
      }
    },
    refused: (url) => {
      if (url === signed) signed = undefined;
    },
  };
}
