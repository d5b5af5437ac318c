import type * as M from '../../generated/models.js';
import { objectStoreStorage } from './s3/objectStoreStorage.js';
import { stsStorage } from './s3/stsStorage.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import { sftpStorage } from './sftp/sftpStorage.js';
import type { Storage } from './storage.js';
import { synapseStorage } from './synapse/synapseStorage.js';

/** Files that Synapse knows the address of and nothing else: nothing is put there. */
const addressStorage: Storage = { open: synapseStorage.open };

/** Where the content of a file handle is, by the last word of its concrete type. */
const ofHandles: Readonly<Record<string, Storage>> = {
  S3FileHandle: stsStorage,
  GoogleCloudFileHandle: synapseStorage,
  ExternalObjectStoreFileHandle: objectStoreStorage,
};

/** Where uploads to a destination go, likewise. */
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
