import type * as M from '../../generated/models.js';
import type { Synapse } from '../../src/index.js';

/** Makes a storage location and has a project use it for uploads. @returns its id */
export async function useLocation(
  syn: Synapse,
  projectId: string,
  setting: M.StorageLocationSetting,
): Promise<number> {
  const { projectSettings } = syn.services;
  const { storageLocationId } = await projectSettings.createStorageLocation({ body: setting });
  if (storageLocationId === undefined) throw new Error('The storage location has no id');
  await projectSettings.createProjectSetting({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.project.UploadDestinationListSetting',
      projectId,
      settingsType: 'upload',
      locations: [storageLocationId],
    },
  });
  return storageLocationId;
}
