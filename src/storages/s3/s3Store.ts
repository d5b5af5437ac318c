import type * as Sdk from '@aws-sdk/client-s3';
import type * as M from '../../../generated/models.js';
import { DownloadError } from '../../errors.js';
import { loadOptional } from '../../loadOptional.js';
import { getStsStorageToken } from './getStsStorageToken.js';
import type { S3Credentials } from './presignS3.js';
import { s3Error } from './s3Error.js';
import type { StorageContext } from '../storageContext.js';

/** A bucket, and who may use it: the holder of temporary credentials, or of a profile of the AWS configuration. */
export interface S3Place {
  bucket: string;
  /** @default AWS */
  endpointUrl?: string | undefined;
  access: { entityId: string; permission: M.StsPermission } | { profile: string };
}

/** A bucket that can be used. */
export interface S3Store {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.S3Client;
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  credentials(): Promise<S3Credentials>;
}

/** Buckets whose connections are kept. */
const maximumStores = 100;
const stores = new WeakMap<StorageContext['stsTokens'], Map<string, Promise<S3Store>>>();

/** Opens a bucket; the one that was opened before, where there is one. */
export async function openS3Store(ctx: StorageContext, place: S3Place): Promise<S3Store> {
  const known = stores.get(ctx.stsTokens) ?? new Map<string, Promise<S3Store>>();
  stores.set(ctx.stsTokens, known);
  const { bucket, endpointUrl, access } = place;
  // Credentials that a client of the SDK keeps are those of one user of Synapse.
  const key = JSON.stringify([ctx.stsTokens.generation, bucket, endpointUrl, access]);
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
  // Loaded here: it is large, and few people keep files in buckets of their own.
  const sdk = await loadOptional('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const common: Sdk.S3ClientConfig = {
    forcePathStyle: true,
    // Content-MD5 protects what is sent, and not every store knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 30_000, socketTimeout: 60_000 },
    ...('entityId' in access
      ? { credentials: () => stsCredentials(ctx, access) }
      : // Without a profile, everything is looked through that the AWS tools look through.
        access.profile !== 'default' && { profile: access.profile }),
  };
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
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

/** AWS says where a bucket is in every answer, whether or not it refuses. */
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
