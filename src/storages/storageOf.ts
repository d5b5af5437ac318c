import type * as M from '../../generated/models.js';
import { objectStoreStorage } from './s3/objectStoreStorage.js';
import { stsStorage } from './s3/stsStorage.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import { sftpStorage } from './sftp/sftpStorage.js';
import type { Storage } from './storage.js';
import { synapseStorage } from './synapse/synapseStorage.js';

/** Files at any other address. They can be read, and nothing can be put there. */
const addressStorage: Storage = { open: synapseStorage.open };

/** The storages of file handles, by the last word of their concrete type. */
const ofHandles: Readonly<Record<string, Storage>> = {
  S3FileHandle: stsStorage,
  GoogleCloudFileHandle: synapseStorage,
  ExternalObjectStoreFileHandle: objectStoreStorage,
};

/** The storages of upload destinations, by the last word of their concrete type. */
const ofDestinations: Readonly<Record<string, Storage>> = {
  S3UploadDestination: synapseStorage,
  ExternalS3UploadDestination: stsStorage,
  ExternalGoogleCloudUploadDestination: synapseStorage,
  ExternalObjectStoreUploadDestination: objectStoreStorage,
};

/** The storage that has the content of a file handle. */
export function storageOfHandle(handle: M.FileHandle): Storage {
  if ('externalURL' in handle && isSftpUrl(handle.externalURL)) return sftpStorage;
  return ofHandles[kindOf(handle)] ?? addressStorage;
}

/** The storage that files for a destination are put into. */
export function storageOfDestination(destination: M.UploadDestination): Storage {
  if ('url' in destination && isSftpUrl(destination.url)) return sftpStorage;
  return ofDestinations[kindOf(destination)] ?? addressStorage;
}

function kindOf({ concreteType }: { concreteType: string }): string {
  return concreteType.slice(concreteType.lastIndexOf('.') + 1);
}
