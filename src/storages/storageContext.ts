import type { EntityService, FileService } from '../../generated/services.js';
import type { Cache } from '../cache/cache.js';
import type { TransferContext, TransferService } from '../transfer/transferContext.js';
import type { StsTokens } from './s3/stsTokens.js';

/** How to log in to an SFTP server, and how to know it. */
export interface SftpSettings {
  username?: string;
  /** With a private key, the passphrase of that. */
  password?: string;
  /** The file of a private key. */
  privateKey?: string;
  /** Fingerprint of the server's key as `ssh-keygen -l` shows it: `SHA256:...`. @default looked up in `known_hosts` */
  hostKey?: string;
  /** @default '~/.ssh/known_hosts', '/etc/ssh/ssh_known_hosts' */
  knownHosts?: string;
}

/** What the configuration file says about storages that Synapse itself has no access to. */
export interface StorageSettings {
  sftp(url: string): SftpSettings;
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
  /** Beside the copies of files, uploads that run are written down there. */
  readonly cache: Pick<Cache, 'root' | 'isUsed'>;
  readonly log: (message: string) => void;
}
