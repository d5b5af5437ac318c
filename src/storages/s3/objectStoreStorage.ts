import { randomUUID } from 'node:crypto';
import type * as M from '../../../generated/models.js';
import type { Storage } from '../storage.js';
import { openS3Object } from './s3Object.js';
import { openS3Store } from './s3Store.js';
import { uploadS3 } from './uploadS3.js';

/** Object stores that Synapse cannot access, with the credentials of an AWS profile. */
export const objectStoreStorage: Storage = {
  open: (ctx, { handle }) => {
    const {
      endpointUrl = '',
      bucket = '',
      fileKey: key,
    } = handle as M.ExternalObjectStoreFileHandle;
    const profile = ctx.storageSettings.awsProfile(endpointUrl, bucket);
    return openS3Object(ctx, handle, { endpointUrl, bucket, key, access: { profile } });
  },

  put: async (ctx, destination, file) => {
    const {
      bucket = '',
      endpointUrl = '',
      keyPrefixUUID = randomUUID(),
      storageLocationId,
    } = destination as M.ExternalObjectStoreUploadDestination;
    const { fileName, contentType } = file;
    const profile = ctx.storageSettings.awsProfile(endpointUrl, bucket);
    const store = await openS3Store(ctx, { bucket, endpointUrl, access: { profile } });
    const key = `${keyPrefixUUID}/${fileName}`;
    const uploaded = await uploadS3(ctx, store, { ...file, key });
    return {
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalObjectStoreFileHandle',
      fileName,
      contentType,
      contentMd5: uploaded.md5,
      contentSize: uploaded.size,
      storageLocationId,
      fileKey: uploaded.key,
    };
  },
};
