import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { storageKey } from './fileName.js';
import { objectName } from './files.js';
import { contentDisposition, handleTypes, isCloudHandle } from './handleRecords.js';
import { readUploadRequest, refuse, requestHash, type UploadRequest } from './multipartRequests.js';
import { countParts, partCountProblem } from './partPlan.js';
import { baseKeyOf, bucketOf, getStorageLocation, locationTypes } from './storageLocations.js';
import { statusOf, uploadTables, type UploadRecord } from './uploadRecords.js';

/**
 * `POST /file/v1/file/multipart`: starts an upload, or continues the one that this user started
 * with the same request.
 *
 * @throws 400, 403, 404
 */
export function startUpload(
  world: World,
  caller: Caller,
  options: { body: M.MultipartRequest; forceRestart: boolean },
): M.MultipartUploadStatus {
  const request = readUploadRequest(caller, options.body);
  const hash = requestHash(request);
  const { uploads, byRequest } = uploadTables(world);
  const known = byRequest.first(`${caller.userId}/${hash}`);
  if (known && !options.forceRestart && isUsable(world, known)) return statusOf(world, known);
  if (known) {
    const retired = { ...known };
    delete retired.requestHash;
    uploads.put(known.id, retired);
  }
  return statusOf(world, createUpload(world, caller, { request, hash }));
}

/** A completed upload is reused only if its file exists. */
function isUsable(world: World, upload: UploadRecord): boolean {
  if (upload.resultFileHandleId === undefined) return true;
  const handle = world.files.find(upload.resultFileHandleId);
  return handle !== undefined && isCloudHandle(handle) && world.files.hasContent(handle);
}

function createUpload(
  world: World,
  caller: Caller,
  { request, hash }: { request: UploadRequest; hash: string },
): UploadRecord {
  const location = getStorageLocation(world, request.storageLocationId);
  const source = request.kind === 'copy' ? readSource(world, caller, request) : undefined;
  const size = request.kind === 'copy' ? (source?.size ?? 0) : request.fileSizeBytes;
  const fileName = request.fileName ?? source?.fileName ?? 'file';
  const partCount = countParts(size, request.partSizeBytes);
  const bucket = bucketOf(location);
  refuse(partCountProblem(partCount));
  const key = storageKey({
    baseKey: baseKeyOf(location),
    userId: caller.userId,
    uuid: world.uuid(),
    fileName,
  });
  const token = world.uuid();
  const contentType = request.kind === 'copy' ? source?.contentType : request.contentType;
  world.files.objects.createUpload(
    token,
    { bucket, key },
    {
      contentType: contentType || 'application/octet-stream',
      contentDisposition: contentDisposition(fileName),
    },
  );
  const { uploads, nextId } = uploadTables(world);
  const now = world.timestamp();
  const upload: UploadRecord = {
    id: String(nextId()),
    userId: caller.userId,
    requestHash: hash,
    request,
    startedOn: now,
    updatedOn: now,
    partCount,
    bucket,
    key,
    token,
    concreteType:
      location.concreteType === locationTypes.externalGoogleCloud
        ? handleTypes.googleCloud
        : handleTypes.s3,
    ...(source && { source }),
  };
  uploads.put(upload.id, upload);
  return upload;
}

/** Checks that the caller may copy a file and that it can be copied. @throws 400, 403, 404 */
function readSource(
  world: World,
  caller: Caller,
  request: Extract<UploadRequest, { kind: 'copy' }>,
): UploadRecord['source'] {
  if (!world.files.mayDownload(caller, request.source)) {
    throw forbidden('The user is not authorized to access the source file.');
  }
  const location = getStorageLocation(world, request.storageLocationId);
  if (!caller.isAdmin && location.createdBy !== caller.userId) {
    throw forbidden('The user does not own the destination storage location.');
  }
  const handle = world.files.get(request.source.fileHandleId);
  const { contentSize, contentMd5, contentType, fileName } = handle;
  if (contentSize === undefined) {
    throw badRequest('The source file handle does not define its size.');
  }
  if (contentMd5 === undefined) {
    throw badRequest('The source file handle does not define its content MD5.');
  }
  if (handle.storageLocationId === location.storageLocationId) {
    throw badRequest(
      'The source file handle is already in the given destination storage location.',
    );
  }
  if (!isCloudHandle(handle)) {
    throw badRequest('The source file must be stored in a cloud bucket accessible by Synapse.');
  }
  const object = world.files.objects.get(objectName(handle));
  if (!object) throw badRequest('The source file does not exist.');
  return {
    ...objectName(handle),
    handleId: handle.id,
    etag: object.etag,
    size: contentSize,
    md5: contentMd5,
    ...(contentType !== undefined && { contentType }),
    ...(fileName !== undefined && { fileName }),
  };
}
