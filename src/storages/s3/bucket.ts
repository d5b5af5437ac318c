import type * as Sdk from '@aws-sdk/client-s3';
import type * as M from '../../../generated/models.js';
import type { S3Credentials } from './presignS3.js';

/** A bucket, and the credentials for it: temporary ones, or those of a profile of the AWS configuration. */
export interface S3Place {
  bucket: string;
  /** @default AWS */
  endpointUrl?: string | undefined;
  access: { entityId: string; permission: M.StsPermission } | { profile: string };
}

/** An open bucket. */
export interface S3Store {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.S3Client;
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  credentials(): Promise<S3Credentials>;
}
