import type * as M from '../../generated/models.js';
import { externalStorage } from './externalStorage.js';
import { objectStoreStorage } from './s3/objectStoreStorage.js';
import { stsStorage } from './s3/stsStorage.js';
import type { Storage } from './storage.js';
import { storageOfAddress } from './storageOfAddress.js';
import { synapseStorage } from './synapse/synapseStorage.js';
import { shortName } from '../values/shortName.js';

/** Files that Synapse signs URLs for, without upload or copy. */
const signedStorage: Storage = { open: synapseStorage.open };

/** The storages of file handles, by the last word of their concrete type. */
const ofHandles: ReadonlyMap<string, Storage> = new Map(
  Object.entries({
    S3FileHandle: stsStorage,
    GoogleCloudFileHandle: synapseStorage,
    ExternalFileHandle: externalStorage,
    ExternalObjectStoreFileHandle: objectStoreStorage,
    ProxyFileHandle: signedStorage,
  }),
);

/** The storages of upload destinations, by the last word of their concrete type. */
const ofDestinations: ReadonlyMap<string, Storage> = new Map(
  Object.entries({
    S3UploadDestination: synapseStorage,
    ExternalS3UploadDestination: stsStorage,
    ExternalGoogleCloudUploadDestination: synapseStorage,
    ExternalObjectStoreUploadDestination: objectStoreStorage,
  }),
);

/** Returns the storage with the content of a file handle. */
export function storageOfHandle(handle: M.FileHandle): Storage {
  return ofHandles.get(kindOf(handle)) ?? signedStorage;
}

/** Returns the storage of an upload destination. */
export function storageOfDestination(destination: M.UploadDestination): Storage {
  const address = 'url' in destination ? (destination.url ?? '') : '';
  return ofDestinations.get(kindOf(destination)) ?? storageOfAddress(address);
}

function kindOf({ concreteType }: { concreteType: string }): string {
  return shortName(concreteType);
}
