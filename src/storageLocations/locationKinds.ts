import type * as M from '../../generated/models.js';

/** A kind of storage location, as the REST API knows it. */
interface KindFacts {
  type: M.StorageLocationSetting['concreteType'];
  uploadType: M.UploadType;
  required: readonly string[];
  optional: readonly string[];
  /** The schemes of the addresses among its members. */
  schemes: readonly string[];
}

const texts = ['banner', 'description'];
const packageName = 'org.sagebionetworks.repo.model.project';

/** The kinds of storage locations. */
export const locationKinds = {
  synapseS3: {
    type: `${packageName}.S3StorageLocationSetting`,
    uploadType: 'S3',
    required: [],
    optional: ['stsEnabled', ...texts],
    schemes: [],
  },
  externalS3: {
    type: `${packageName}.ExternalS3StorageLocationSetting`,
    uploadType: 'S3',
    required: ['bucket'],
    optional: ['baseKey', 'stsEnabled', 'endpointUrl', ...texts],
    schemes: ['https', 'http'],
  },
  externalGoogleCloud: {
    type: `${packageName}.ExternalGoogleCloudStorageLocationSetting`,
    uploadType: 'GOOGLECLOUDSTORAGE',
    required: ['bucket'],
    optional: ['baseKey', ...texts],
    schemes: [],
  },
  externalSftp: {
    type: `${packageName}.ExternalStorageLocationSetting`,
    uploadType: 'SFTP',
    required: ['url'],
    optional: ['supportsSubfolders', ...texts],
    schemes: ['sftp'],
  },
  externalHttps: {
    type: `${packageName}.ExternalStorageLocationSetting`,
    uploadType: 'HTTPS',
    required: ['url'],
    optional: ['supportsSubfolders', ...texts],
    schemes: ['https'],
  },
  externalObjectStore: {
    type: `${packageName}.ExternalObjectStorageLocationSetting`,
    uploadType: 'S3',
    required: ['endpointUrl', 'bucket'],
    optional: texts,
    schemes: ['https', 'http'],
  },
  proxy: {
    type: `${packageName}.ProxyStorageLocationSettings`,
    uploadType: 'PROXYLOCAL',
    required: ['proxyUrl', 'secretKey'],
    optional: ['benefactorId', ...texts],
    schemes: ['https'],
  },
} as const satisfies Record<string, KindFacts>;

/** A kind of storage location. */
export type LocationKind = keyof typeof locationKinds;

/** The facts about a kind, if there is one of that name. */
export function factsOf(kind: string): KindFacts | undefined {
  return Object.hasOwn(locationKinds, kind) ? locationKinds[kind as LocationKind] : undefined;
}

/** The names of the kinds. */
export const kindNames = Object.keys(locationKinds) as readonly LocationKind[];
