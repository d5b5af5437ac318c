import type { EntityService, FileService } from '../../generated/services.js';
import type { Cache } from '../cache/cache.js';
import type { StorageWire } from '../transfer/storageWire.js';
import type { StorageState } from './storageState.js';
import type { TransferService } from './synapse/transferService.js';

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
export interface StorageContext {
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
  /** One for all transfers of a client: it bounds how many connections they use together. */
  readonly storage: StorageWire;
  readonly state: StorageState;
  readonly storageSettings: StorageSettings;
  /** Its folder also holds the records of uploads that run. */
  readonly cache: Pick<Cache, 'root' | 'isUsed'>;
  readonly log: (message: string) => void;
}
