import type { EntityService, FileService } from '../../generated/services.js';
import type { TransferContext, TransferService } from '../transfer/transferContext.js';
import type { StsTokens } from './stsTokens.js';

/** What the configuration file says about storages that Synapse itself has no access to. */
export interface StorageSettings {
  /** User name and password for an SFTP server. */
  sftp(url: string): { username?: string; password?: string };
  /** The AWS profile of an object store's bucket. */
  awsProfile(endpointUrl: string, bucket: string): string;
  /** Whether files of buckets with temporary credentials go there directly. */
  transfer(): { useBotoSts: boolean };
}

/** What these functions need of a client. */
export interface StorageContext extends TransferContext {
  readonly services: {
    readonly file: TransferService &
      Pick<
        FileService,
        | 'createExternalFileHandle'
        | 'createExternalS3FileHandle'
        | 'getDefaultUploadDestination'
        | 'getUploadDestination'
      >;
    readonly entity: Pick<EntityService, 'getEntityStsCredentials'>;
  };
  readonly stsTokens: StsTokens;
  readonly storageSettings: StorageSettings;
  readonly log: (message: string) => void;
}
