import type * as M from '../../generated/models.js';
import type { EntityRef } from '../values/ids.js';
import { locationKinds, type LocationKind } from './locationKinds.js';

interface LocationTexts {
  /** Shown to everyone who uploads to the location, each time. */
  banner?: string;
  /** Shown where users choose among several locations. */
  description?: string;
}

/** Synapse's own bucket. */
export interface SynapseS3Input extends LocationTexts {
  kind: 'synapseS3';
  /** Whether it gives temporary credentials, to read from. Each such location gets a base key of its own. @default false */
  stsEnabled?: boolean;
}

/** An S3 bucket of your own, which Synapse reads and writes. */
export interface ExternalS3Input extends LocationTexts {
  kind: 'externalS3';
  bucket: string;
  /** The beginning of all keys, without a slash at its end. @default none */
  baseKey?: string;
  /** Whether it gives temporary credentials. @default false */
  stsEnabled?: boolean;
  /** The address of an S3 service other than AWS. @default AWS */
  endpointUrl?: string;
}

/** A Google Cloud bucket of your own, which Synapse reads and writes. */
export interface ExternalGoogleCloudInput extends LocationTexts {
  kind: 'externalGoogleCloud';
  bucket: string;
  /** The beginning of all keys, without a slash at its end. @default none */
  baseKey?: string;
}

/** An SFTP server. Synapse does not access it. */
export interface ExternalSftpInput extends LocationTexts {
  kind: 'externalSftp';
  /** The folder for uploads: `sftp://host/path`, without a password. */
  url: string;
  /** Whether the folders of Synapse become folders on the server. @default false */
  supportsSubfolders?: boolean;
}

/** A web server. Synapse does not access it, and this client does not upload to it. */
export interface ExternalHttpsInput extends LocationTexts {
  kind: 'externalHttps';
  /** The folder of the files: `https://host/path`, without a password. */
  url: string;
  /** Whether the folders of Synapse become folders on the server. @default false */
  supportsSubfolders?: boolean;
}

/** A bucket at an S3 service that Synapse does not access. Clients use credentials of their own. */
export interface ExternalObjectStoreInput extends LocationTexts {
  kind: 'externalObjectStore';
  /** The address of the S3 service, such as `https://s3.example.org`. */
  endpointUrl: string;
  bucket: string;
}

/** A server that gives out the files of a storage, to those who have an address that Synapse signed. */
export interface ProxyInput extends LocationTexts {
  kind: 'proxy';
  /** The address of the server: `https://host/path`. */
  proxyUrl: string;
  /** The key that Synapse signs addresses with, which the server knows too; 36 characters or more. */
  secretKey: string;
  /** A project or folder: who may create in it may also register files of this location. @default only the creator */
  benefactorId?: EntityRef;
}

/** The settings of a storage location to create, by `kind`. */
export type StorageLocationInput =
  | SynapseS3Input
  | ExternalS3Input
  | ExternalGoogleCloudInput
  | ExternalSftpInput
  | ExternalHttpsInput
  | ExternalObjectStoreInput
  | ProxyInput;

/**
 * A storage location: its `storageLocationId`, its `kind`, and its settings as the REST API names them. The `secretKey` of a proxy can
 * be read, but is not enumerable: it is not printed, and not copied with the other members.
 */
export type StorageLocation =
  | (M.S3StorageLocationSetting & { kind: 'synapseS3'; storageLocationId: number })
  | (M.ExternalS3StorageLocationSetting & { kind: 'externalS3'; storageLocationId: number })
  | (M.ExternalGoogleCloudStorageLocationSetting & {
      kind: 'externalGoogleCloud';
      storageLocationId: number;
    })
  | (M.ExternalStorageLocationSetting & {
      kind: 'externalSftp' | 'externalHttps';
      storageLocationId: number;
    })
  | (M.ExternalObjectStorageLocationSetting & {
      kind: 'externalObjectStore';
      storageLocationId: number;
    })
  | (M.ProxyStorageLocationSettings & { kind: 'proxy'; storageLocationId: number })
  /** Of a type that this version of the client does not know; `concreteType` and `uploadType` tell which. */
  | (M.StorageLocationSetting & { kind: 'other'; storageLocationId: number });

/** What the REST API calls a storage location, in the form of this package. */
export function toStorageLocation(setting: M.StorageLocationSetting): StorageLocation {
  const location = { kind: kindOf(setting), ...setting } as StorageLocation;
  if ('secretKey' in location) Object.defineProperty(location, 'secretKey', { enumerable: false });
  return location;
}

/** SFTP and web servers have the same type, and differ in how files are uploaded. */
function kindOf({ concreteType, uploadType }: M.StorageLocationSetting): LocationKind | 'other' {
  const ofType = Object.entries(locationKinds).filter(([, kind]) => kind.type === concreteType);
  const found =
    ofType.length > 1 ? ofType.filter(([, kind]) => kind.uploadType === uploadType) : ofType;
  const [name] = found[0] ?? [];
  return (name as LocationKind | undefined) ?? 'other';
}
