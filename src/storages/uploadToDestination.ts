import { randomUUID } from 'node:crypto';
import type * as M from '../../generated/models.js';
import { UploadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { uploadFile } from '../transfer/uploadFile.js';
import { openS3Store, type S3Place } from './s3/s3Store.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import type { StorageContext } from './storageContext.js';
import { uploadS3, type UploadedObject } from './s3/uploadS3.js';
import { uploadSftp } from './sftp/uploadSftp.js';

/** A file to upload. */
export interface UploadToOptions extends CommonOptions {
  path: string;
  fileName: string;
  contentType: string;
  /** The container, whose temporary credentials are used where it has any. */
  parentId: string;
}

/**
 * Uploads a file to the storage of a container, and makes the file handle for it.
 *
 * @throws {@link UploadError} when the storage is of a kind that no client can upload to.
 * @throws What {@link uploadFile} throws.
 */
export async function uploadToDestination(
  ctx: StorageContext,
  destination: M.UploadDestination,
  options: UploadToOptions,
): Promise<M.FileHandle & { id: string }> {
  switch (destination.concreteType) {
    case 'org.sagebionetworks.repo.model.file.ExternalS3UploadDestination':
      return destination.stsEnabled === true && ctx.storageSettings.transfer().useBotoSts
        ? uploadWithSts(ctx, destination, options)
        : uploadParts(ctx, destination, options);
    case 'org.sagebionetworks.repo.model.file.S3UploadDestination':
    case 'org.sagebionetworks.repo.model.file.ExternalGoogleCloudUploadDestination':
      return uploadParts(ctx, destination, options);
    case 'org.sagebionetworks.repo.model.file.ExternalObjectStoreUploadDestination':
      return uploadToObjectStore(ctx, destination, options);
    case 'org.sagebionetworks.repo.model.file.ExternalUploadDestination':
      if (!isSftpUrl(destination.url)) throw cannotUpload(destination, options);
      return uploadToSftp(ctx, destination, destination.url, options);
    default:
      throw cannotUpload(destination, options);
  }
}

async function uploadParts(
  ctx: StorageContext,
  { concreteType, storageLocationId }: M.UploadDestination,
  options: UploadToOptions,
): Promise<M.FileHandle & { id: string }> {
  const { fileHandleId, md5, size } = await uploadFile(ctx, { ...options, storageLocationId });
  const isGoogle =
    concreteType === 'org.sagebionetworks.repo.model.file.ExternalGoogleCloudUploadDestination';
  return {
    ...contentOf(options, { md5, size }, storageLocationId),
    concreteType: isGoogle
      ? 'org.sagebionetworks.repo.model.file.GoogleCloudFileHandle'
      : 'org.sagebionetworks.repo.model.file.S3FileHandle',
    id: fileHandleId,
  };
}

async function uploadWithSts(
  ctx: StorageContext,
  destination: M.ExternalS3UploadDestination,
  options: UploadToOptions,
): Promise<M.FileHandle & { id: string }> {
  const { bucket = '', baseKey, endpointUrl, storageLocationId } = destination;
  const { fileName, parentId } = options;
  const folder = baseKey ? `${baseKey}/` : '';
  const key = `${folder}${randomUUID()}/${fileName}`;
  const access = { entityId: parentId, permission: 'read_write' } as const;
  const uploaded = await putObject(ctx, { bucket, endpointUrl, access, key }, options);
  const body: M.S3FileHandle = {
    ...contentOf(options, uploaded, storageLocationId),
    concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
    bucketName: bucket,
    key: uploaded.key,
  };
  const call = callOf(options);
  return madeHandle(body, await ctx.services.file.createExternalS3FileHandle({ body }, call));
}

async function uploadToObjectStore(
  ctx: StorageContext,
  destination: M.ExternalObjectStoreUploadDestination,
  options: UploadToOptions,
): Promise<M.FileHandle & { id: string }> {
  const { bucket = '', endpointUrl = '', keyPrefixUUID, storageLocationId } = destination;
  const profile = ctx.storageSettings.awsProfile(endpointUrl, bucket);
  const fileKey = `${keyPrefixUUID ?? randomUUID()}/${options.fileName}`;
  const place = { bucket, endpointUrl, access: { profile }, key: fileKey };
  const uploaded = await putObject(ctx, place, options);
  const body: M.ExternalObjectStoreFileHandle = {
    ...contentOf(options, uploaded, storageLocationId),
    concreteType: 'org.sagebionetworks.repo.model.file.ExternalObjectStoreFileHandle',
    fileKey: uploaded.key,
  };
  const call = callOf(options);
  return madeHandle(body, await ctx.services.file.createExternalFileHandle({ body }, call));
}

async function uploadToSftp(
  ctx: StorageContext,
  { storageLocationId }: M.ExternalUploadDestination,
  folderUrl: string,
  options: UploadToOptions,
): Promise<M.FileHandle & { id: string }> {
  const { url, ...uploaded } = await uploadSftp(ctx, { ...options, folderUrl });
  const body: M.ExternalFileHandle = {
    ...contentOf(options, uploaded, storageLocationId),
    concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
    externalURL: url,
  };
  const call = callOf(options);
  return madeHandle(body, await ctx.services.file.createExternalFileHandle({ body }, call));
}

async function putObject(
  ctx: StorageContext,
  { key, ...place }: S3Place & { key: string },
  options: UploadToOptions,
): Promise<UploadedObject & { key: string }> {
  return uploadS3(ctx, await openS3Store(ctx, place), { ...options, key });
}

function contentOf(
  { fileName, contentType }: UploadToOptions,
  { md5, size }: UploadedObject,
  storageLocationId: number | undefined,
) {
  return {
    fileName,
    contentType,
    contentMd5: md5,
    contentSize: size,
    ...(storageLocationId !== undefined && { storageLocationId }),
  };
}

function madeHandle<T extends M.FileHandle>(sent: T, made: M.FileHandle): T & { id: string } {
  if (made.id === undefined) throw new UploadError('Synapse made a file handle without an id.');
  return { ...sent, ...made, id: made.id };
}

function callOf({ signal }: CommonOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function cannotUpload(
  destination: M.UploadDestination,
  { parentId }: UploadToOptions,
): UploadError {
  const kind = destination.concreteType.replace(/^.*\.(.*?)UploadDestination$/, '$1');
  return new UploadError(
    `Files in ${parentId} are kept in a storage of the kind ${kind} (storage location ${String(destination.storageLocationId)}), which this client cannot upload to.`,
  );
}
