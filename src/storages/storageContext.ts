import type { EntityService, FileService } from '../../generated/services.js';
import type { Cache } from '../cache/cache.js';
import type { StorageWire } from '../transfer/storageWire.js';
import type { StorageState } from './storageState.js';
import type { TransferService } from './synapse/transferService.js';

/** The login for an SFTP server, and how to verify its host key. */
export interface SftpSettings {
  username?: string;
  /** With a private key, its passphrase. */
  password?: string;
  /** The file of a private key. */
  privateKey?: string;
  /** Fingerprint of the server's key as `ssh-keygen -l` shows it: `SHA256:...`. @default looked up in `known_hosts` */
  hostKey?: string;
  /** @default '~/.ssh/known_hosts', '/etc/ssh/ssh_known_hosts' */
  knownHosts?: string;
}

/** The settings of the configuration file for storages that Synapse cannot access. */
export interface StorageSettings {
  sftp(url: string): SftpSettings;
  /** The AWS profile of an object store's bucket. */
  awsProfile(endpointUrl: string, bucket: string): string;
  /** Whether to transfer files of buckets with temporary credentials directly. */
  transfer(): { useBotoSts: boolean };
}

/** The part of the client that the storage functions use. */
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
  /** Shared by all transfers of a client: it limits their total number of connections. */
  readonly storage: StorageWire;
  readonly state: StorageState;
  readonly storageSettings: StorageSettings;
  /** Its folder also contains the records of running uploads. */
  readonly cache: Pick<Cache, 'root' | 'isUsed'>;
  readonly log: (message: string) => void;
}
