import { fileHandle } from './common.js';
import { anything, count, flag, listOf, members, text, type Shape } from '../shape.js';

const location = members(
  { concreteType: text, storageLocationId: count },
  {
    uploadType: text,
    banner: text,
    description: text,
    bucket: text,
    baseKey: text,
    stsEnabled: flag,
    endpointUrl: text,
    url: text,
    supportsSubfolders: flag,
    proxyUrl: text,
    secretKey: text,
    benefactorId: text,
  },
);

/** A change writes the whole list. */
const setting = members({ id: text, etag: text, projectId: text, locations: listOf(count) });

export const storageShapes: readonly (readonly [string, Shape])[] = [
  ['file.createExternalGoogleCloudFileHandle', fileHandle],
  [
    'file.listUploadDestinationLocations',
    members({
      list: listOf(members({ storageLocationId: count }, { description: text, uploadType: text })),
    }),
  ],
  ['projectSettings.createProjectSetting', setting],
  ['projectSettings.createStorageLocation', location],
  ['projectSettings.deleteProjectSetting', anything],
  // The answer is empty when there is no setting.
  [
    'projectSettings.getProjectSettingByType',
    (value) => (value === undefined || value === '' ? undefined : setting(value)),
  ],
  ['projectSettings.getProjectSetting', setting],
  ['projectSettings.getStorageLocation', location],
  ['projectSettings.updateProjectSetting', anything],
  [
    'projectStorage.getProjectStorageUsage',
    members({
      locations: listOf(
        members(
          {},
          {
            storageLocationId: count,
            sumFileBytes: count,
            maxAllowedFileBytes: count,
            isOverLimit: flag,
          },
        ),
      ),
    }),
  ],
];
