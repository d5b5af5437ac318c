import type { Readable } from 'node:stream';
import type * as M from '../../generated/models.js';
import type { CommonOptions } from '../options.js';
import type { DownloadedFile } from '../transfer/download.js';
import { downloadFile, type DownloadOptions } from '../transfer/downloadFile.js';
import type { DownloadTarget } from '../transfer/downloadSource.js';
import { downloadStream, type DownloadStreamOptions } from '../transfer/downloadStream.js';
import { downloadSftp, streamSftp } from './sftp/downloadSftp.js';
import { openS3Source } from './s3/s3Source.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import type { StorageContext } from './storageContext.js';
import { findStsLocation } from './s3/stsLocation.js';

/** Content that Synapse knows of, wherever it is. */
export interface StoredFile {
  handle: M.FileHandle;
  /** The file handle by way of the object that it belongs to. */
  association: M.FileHandleAssociation & { fileHandleId: string; associateObjectId: string };
}

/**
 * Downloads a file from the storage that it is in: with URLs of Synapse's, directly out of a bucket that Synapse
 * cannot read or that has temporary credentials, or from an SFTP server.
 *
 * @throws What {@link downloadFile} throws.
 * @throws {@link NoCredentialsError} when the storage wants credentials and the configuration has none.
 */
export async function downloadStored(
  ctx: StorageContext,
  stored: StoredFile,
  options: DownloadOptions,
): Promise<DownloadedFile> {
  const { handle } = stored;
  if (isOnSftp(handle)) return downloadSftp(ctx, handle, options);
  return downloadFile(ctx, { ...options, ...(await targetOf(ctx, stored, options)) });
}

/** Streams a file from the storage that it is in. */
export async function streamStored(
  ctx: StorageContext,
  stored: StoredFile,
  options: DownloadStreamOptions,
): Promise<Readable> {
  const { handle } = stored;
  if (isOnSftp(handle)) return streamSftp(ctx, handle, options);
  return downloadStream(ctx, { ...options, ...(await targetOf(ctx, stored, options)) });
}

function isOnSftp(handle: M.FileHandle): handle is M.ExternalFileHandle & { externalURL: string } {
  return (
    handle.concreteType === 'org.sagebionetworks.repo.model.file.ExternalFileHandle' &&
    isSftpUrl(handle.externalURL)
  );
}

async function targetOf(
  ctx: StorageContext,
  { handle, association }: StoredFile,
  { signal }: CommonOptions,
): Promise<DownloadTarget> {
  if (handle.concreteType === 'org.sagebionetworks.repo.model.file.ExternalObjectStoreFileHandle') {
    const { endpointUrl = '', bucket = '', fileKey: key } = handle;
    const profile = ctx.storageSettings.awsProfile(endpointUrl, bucket);
    return {
      source: await openS3Source(ctx, handle, { endpointUrl, bucket, key, access: { profile } }),
    };
  }
  if (handle.concreteType !== 'org.sagebionetworks.repo.model.file.S3FileHandle') {
    return { fileHandle: association };
  }
  const { bucketName: bucket, key, storageLocationId } = handle;
  if (bucket === undefined || key === undefined || storageLocationId === undefined) {
    return { fileHandle: association };
  }
  const { associateObjectId: entityId, associateObjectType } = association;
  if (associateObjectType !== 'FileEntity' || !ctx.storageSettings.transfer().useBotoSts) {
    return { fileHandle: association };
  }
  const call = signal ? { signal } : {};
  const location = await findStsLocation(ctx, { entityId, storageLocationId }, call);
  if (location === undefined) return { fileHandle: association };
  const access = { entityId, permission: 'read_only' } as const;
  return { source: await openS3Source(ctx, handle, { ...location, bucket, key, access }) };
}
