import type * as Sdk from '@aws-sdk/client-s3';
import type * as M from '../../../generated/models.js';
import { DownloadError } from '../../errors.js';
import { loadOptional } from '../../loadOptional.js';
import { getStsStorageToken } from './getStsStorageToken.js';
import type { S3Credentials } from './presignS3.js';
import type { S3Place, S3Store } from './bucket.js';
import { s3Error } from './s3Error.js';
import { parseServerUrl } from '../../net/serverUrl.js';
import type { StorageContext } from '../storageContext.js';

/** Maximum number of buckets whose connections are kept. */
const maximumStores = 100;

/** Open buckets, the one opened longest ago first. */
const createStores = (): Map<string, Promise<S3Store>> => new Map();

/** Opens a bucket, or returns the one that is already open. */
export async function openS3Store(ctx: StorageContext, place: S3Place): Promise<S3Store> {
  const { stsTokens } = ctx.state;
  const known = ctx.state.of(createStores);
  const { bucket, endpointUrl, access } = place;
  // An SDK client caches credentials, which belong to one Synapse user.
  const key = JSON.stringify([stsTokens.generation, bucket, endpointUrl, access]);
  const found = known.get(key);
  if (found !== undefined) return found;
  for (const oldest of known.keys()) {
    if (known.size < maximumStores) break;
    known.delete(oldest);
  }
  const store = open(ctx, place).catch((error: unknown) => {
    throw s3Error(`Cannot use the bucket ${bucket}`, error, endpointUrl ?? bucket);
  });
  known.set(key, store);
  store.catch(() => known.delete(key));
  return store;
}

async function open(
  ctx: StorageContext,
  { bucket, endpointUrl, access }: S3Place,
): Promise<S3Store> {
  // Loaded on use, because it is large and few users keep files in their own buckets.
  const sdk = await loadOptional('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const common: Sdk.S3ClientConfig = {
    forcePathStyle: true,
    // Content-MD5 protects the upload. Not every store supports the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 30_000, socketTimeout: 60_000 },
    ...('entityId' in access
      ? { credentials: () => stsCredentials(ctx, access) }
      : // Without a profile, the default credential chain of AWS tools is used.
        access.profile !== 'default' && { profile: access.profile }),
  };
  if (endpointUrl !== undefined) parseServerUrl(endpointUrl, 'object store');
  const isAws = endpointUrl === undefined || /(^|\.)amazonaws\.com$/.test(hostOf(endpointUrl));
  const region = isAws
    ? await bucketRegion(sdk, common, bucket)
    : (process.env['AWS_REGION'] ?? 'us-east-1');
  const endpoint = isAws ? `https://s3.${region}.amazonaws.com` : endpointUrl;
  const client = new sdk.S3Client({ ...common, region, endpoint });
  return { sdk, client, bucket, endpoint, region, credentials: () => client.config.credentials() };
}

async function stsCredentials(
  ctx: StorageContext,
  { entityId, permission }: { entityId: string; permission: M.StsPermission },
): Promise<S3Credentials & { expiration: Date }> {
  const token = await getStsStorageToken(ctx, entityId, { permission });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = token;
  if (accessKeyId === undefined || secretAccessKey === undefined || expiration === undefined) {
    throw new DownloadError(`Synapse gave incomplete credentials for ${entityId}.`);
  }
  const until = new Date(expiration);
  return {
    accessKeyId,
    secretAccessKey,
    expiration: until,
    sessionToken,
  };
}

/** AWS includes the region of a bucket in every response, also in refusals. */
async function bucketRegion(
  sdk: S3Store['sdk'],
  common: Sdk.S3ClientConfig,
  bucket: string,
): Promise<string> {
  const client = new sdk.S3Client({ ...common, region: 'us-east-1' });
  try {
    const { BucketRegion } = await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }));
    return BucketRegion ?? 'us-east-1';
  } catch (error) {
    const { $response } = error as { $response?: { headers?: Record<string, string> } };
    const region = $response?.headers?.['x-amz-bucket-region'];
    if (region === undefined) throw error;
    return region;
  } finally {
    client.destroy();
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}
