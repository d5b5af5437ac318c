import { randomUUID } from 'node:crypto';
import type * as M from '../../../generated/models.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import type { FileToPut, Storage, StoredFile } from '../storage.js';
import type { StorageContext } from '../storageContext.js';
import { synapseStorage } from '../synapse/synapseStorage.js';
import { openS3Object } from './s3Object.js';
import { openS3Store } from './s3Store.js';
import { findStsLocation } from './stsLocation.js';
import { uploadS3 } from './uploadS3.js';

/**
 * S3 buckets that Synapse signs URLs for. If the bucket has temporary credentials and the configuration enables them, files
 * are transferred directly.
 */
export const stsStorage: Storage = {
  open: async (ctx, file, options) =>
    (await openDirectly(ctx, file, options)) ?? synapseStorage.open(ctx, file, options),

  put: (ctx, destination, file) => {
    const { stsEnabled } = destination as M.ExternalS3UploadDestination;
    return stsEnabled === true && ctx.storageSettings.transfer().useBotoSts
      ? putDirectly(ctx, destination as M.ExternalS3UploadDestination, file)
      : synapseStorage.put(ctx, destination, file);
  },

  copy: synapseStorage.copy,
};

/** @returns `undefined` when there are no temporary credentials */
async function openDirectly(
  ctx: StorageContext,
  { handle, association }: StoredFile,
  call: { signal?: AbortSignal | undefined },
): Promise<StoredObject | undefined> {
  const { bucketName: bucket, key, storageLocationId } = handle as Partial<M.S3FileHandle>;
  if (bucket === undefined || key === undefined || storageLocationId === undefined) return;
  const { associateObjectId: entityId, associateObjectType } = association;
  const { useBotoSts } = ctx.storageSettings.transfer();
  if (associateObjectType !== 'FileEntity' || !useBotoSts) return;
  const location = await findStsLocation(ctx, { entityId, storageLocationId }, call);
  if (location === undefined) return;
  const access = { entityId, permission: 'read_only' } as const;
  return openS3Object(ctx, handle, { ...location, bucket, key, access });
}

async function putDirectly(
  ctx: StorageContext,
  { bucket = '', baseKey, endpointUrl, storageLocationId }: M.ExternalS3UploadDestination,
  file: FileToPut,
): Promise<M.S3FileHandle> {
  const { fileName, contentType, parentId } = file;
  const access = { entityId: parentId, permission: 'read_write' } as const;
  const store = await openS3Store(ctx, { bucket, endpointUrl, access });
  const folder = baseKey ? `${baseKey}/` : '';
  const key = `${folder}${randomUUID()}/${fileName}`;
  const uploaded = await uploadS3(ctx, store, { ...file, key });
  return {
    concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
    fileName,
    contentType,
    contentMd5: uploaded.md5,
    contentSize: uploaded.size,
    storageLocationId,
    bucketName: bucket,
    key: uploaded.key,
  };
}
