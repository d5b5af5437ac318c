import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import type { CloudHandle, HandleRecord } from './handleRecords.js';
import type { ObjectPart } from './objectStore.js';
import { chooseParts } from './s3Uploads.js';
import { StorageError } from './storageError.js';
import {
  findOwnUpload,
  partKey,
  statusOf,
  uploadNotFound,
  uploadTables,
  type AddedPart,
  type UploadRecord,
} from './uploadRecords.js';

/**
 * `PUT …/multipart/{uploadId}/complete`: creates the file. Repeating the request has no effect.
 *
 * @throws 400, 403, 404
 */
export function completeUpload(
  world: World,
  caller: Caller,
  uploadId: string,
): M.MultipartUploadStatus {
  const upload = findOwnUpload(world, caller, uploadId);
  if (upload.resultFileHandleId !== undefined) return statusOf(world, upload);
  const { uploads, added, addedTo } = uploadTables(world);
  const parts = addedTo.find(uploadId).sort((a, b) => a.partNumber - b.partNumber);
  const missing = upload.partCount - parts.length;
  if (missing > 0) {
    throw badRequest(
      `Missing ${missing} part(s).  All parts must be successfully added before a file upload can be completed.`,
    );
  }
  const objectUpload = world.files.objects.getUpload(upload.token);
  if (!objectUpload) throw notFound(uploadNotFound(uploadId));
  const object = world.files.objects.completeUpload(
    objectUpload,
    chooseStoredParts(world, upload, parts),
  );
  const handle = createHandle(world, upload, object.size);
  const completed = { ...upload, updatedOn: world.timestamp(), resultFileHandleId: handle.id };
  uploads.put(uploadId, completed);
  for (const { partNumber } of parts) {
    added.delete(`${uploadId}/${partNumber}`);
    // The object has the content now, so the parts can be deleted.
    world.files.objects.delete({ bucket: upload.bucket, key: partKey(upload, partNumber) });
  }
  return statusOf(world, completed);
}

function chooseStoredParts(
  world: World,
  upload: UploadRecord,
  parts: readonly AddedPart[],
): ObjectPart[] {
  try {
    return chooseParts(
      world.files.objects.parts(upload.token),
      parts.map(({ partNumber, md5 }) => ({ partNumber, etag: md5 })),
    );
  } catch (error) {
    if (error instanceof StorageError) throw badRequest(error.message);
    throw error;
  }
}

function createHandle(
  world: World,
  upload: UploadRecord,
  contentSize: number,
): HandleRecord<CloudHandle> {
  const { request, source } = upload;
  const contentType = request.kind === 'copy' ? source?.contentType : request.contentType;
  const handle = world.files.create<CloudHandle>(
    {
      concreteType: upload.concreteType,
      fileName: request.fileName ?? source?.fileName ?? 'file',
      ...(contentType !== undefined && { contentType }),
      contentMd5: request.kind === 'copy' ? source?.md5 : request.contentMD5Hex,
      contentSize,
      storageLocationId: request.storageLocationId,
      bucketName: upload.bucket,
      key: upload.key,
      isPreview: false,
    },
    upload.userId,
  );
  // The service marks a file without a preview by setting its own id as the preview id.
  if (request.generatePreview === false) world.files.setPreview(handle.id, handle.id);
  return handle;
}
