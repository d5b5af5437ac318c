import type { Storage } from '../storage.js';
import { copyToLocation } from './copyToLocation.js';
import { openFileHandle } from './openFileHandle.js';
import { uploadFile } from './uploadFile.js';

const google = 'org.sagebionetworks.repo.model.file.ExternalGoogleCloudUploadDestination';

/** S3 and Google Cloud buckets that Synapse signs URLs for. */
export const synapseStorage = {
  open: (ctx, { association }, { signal }) => openFileHandle(ctx, association, signal),

  put: async (ctx, { concreteType, storageLocationId }, file) => {
    const { fileHandleId, md5, size } = await uploadFile(ctx, { storageLocationId, ...file });
    return {
      concreteType:
        concreteType === google
          ? 'org.sagebionetworks.repo.model.file.GoogleCloudFileHandle'
          : 'org.sagebionetworks.repo.model.file.S3FileHandle',
      id: fileHandleId,
      fileName: file.fileName,
      contentType: file.contentType,
      contentMd5: md5,
      contentSize: size,
      storageLocationId,
    };
  },

  copy: copyToLocation,
} satisfies Storage;
