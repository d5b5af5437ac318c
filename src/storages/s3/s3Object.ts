import type * as M from '../../../generated/models.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { UrlObject } from '../http/urlObject.js';
import type { StorageContext } from '../storageContext.js';
import { presignS3 } from './presignS3.js';
import { s3Error } from './s3Error.js';
import type { S3Place } from './bucket.js';
import { openS3Store } from './s3Store.js';

/** Opens an object in a bucket, to read it with URLs that this client signs. */
export async function openS3Object(
  ctx: StorageContext,
  handle: M.FileHandle,
  place: S3Place & { key: string },
): Promise<StoredObject> {
  const { bucket, key } = place;
  const store = await openS3Store(ctx, place);
  const { endpoint, region } = store;
  let signed: string | undefined;
  const source = {
    url: async () => {
      try {
        signed ??= presignS3({ endpoint, region, bucket, key }, await store.credentials());
        return signed;
      } catch (error) {
        throw s3Error(`Cannot download ${key} from the bucket ${bucket}`, error, endpoint);
      }
    },
    refused: (url: string) => {
      if (url === signed) signed = undefined;
    },
  };
  return new UrlObject(ctx.storage, source, { id: handle.id ?? key.replaceAll('/', '_'), handle });
}
