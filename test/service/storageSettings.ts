import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session } from '../server/entitySession.js';

const settings = 'org.sagebionetworks.repo.model.project';

/** Concrete types of storage locations and of the settings of projects. */
export const settingTypes = {
  externalS3: `${settings}.ExternalS3StorageLocationSetting`,
  external: `${settings}.ExternalStorageLocationSetting`,
  externalObject: `${settings}.ExternalObjectStorageLocationSetting`,
  googleCloud: `${settings}.ExternalGoogleCloudStorageLocationSetting`,
  proxy: `${settings}.ProxyStorageLocationSettings`,
  s3: `${settings}.S3StorageLocationSetting`,
  uploadList: `${settings}.UploadDestinationListSetting`,
} as const;

/** A storage location as the server returns it. */
export type Location = M.StorageLocationSetting & { readonly storageLocationId: number };

/** Creates a storage location; the answer must be good. */
export async function createLocation(
  session: Session,
  kind: keyof typeof settingTypes,
  fields: object,
): Promise<Location> {
  const answer = await session.post('/storageLocation', {
    concreteType: settingTypes[kind],
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Location;
}

/** Makes the uploads to a project or folder go to these locations; the answer must be good. */
export async function setLocations(
  session: Session,
  projectId: string,
  locations: readonly Location[],
): Promise<Required<M.UploadDestinationListSetting>> {
  const answer = await session.post('/projectSettings', {
    concreteType: settingTypes.uploadList,
    projectId,
    settingsType: 'upload',
    locations: locations.map(({ storageLocationId }) => storageLocationId),
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Required<M.UploadDestinationListSetting>;
}

/** A proxy that serves the files of another storage. */
export const proxyFields = {
  secretKey: 'Super secret key that must be fairly long',
  proxyUrl: 'https://host.org',
} as const;
