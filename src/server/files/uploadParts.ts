import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { refuse } from './multipartRequests.js';
import type { ObjectName } from './objectStore.js';
import { partNumberProblem, partRange } from './partPlan.js';
import { encodeKey } from './sigV4.js';
import { storagePresigner, type StorageUrlRequest } from './storageKeys.js';
import {
  findOwnUpload,
  findUpload,
  partKey,
  requireStarter,
  uploadTables,
  type UploadRecord,
} from './uploadRecords.js';

/** `POST …/multipart/{uploadId}/presigned/url/batch`. @throws 400, 403, 404 */
export function presignParts(
  world: World,
  caller: Caller,
  request: { uploadId: string; body: M.BatchPresignedUploadUrlRequest },
): M.BatchPresignedUploadUrlResponse {
  const { partNumbers, contentType } = request.body;
  if (partNumbers === undefined) {
    throw badRequest('BatchPresignedUploadUrlRequest.partNumbers is required.');
  }
  if (partNumbers.length === 0) {
    throw badRequest('BatchPresignedUploadUrlRequest.partNumbers must contain at least one value');
  }
  const upload = findOwnUpload(world, caller, request.uploadId);
  const presign = storagePresigner(world);
  return {
    partPresignedUrls: partNumbers.map((partNumber) => {
      refuse(partNumberProblem(partNumber, upload.partCount));
      return presignPart(upload, { partNumber, contentType, presign });
    }),
  };
}

function presignPart(
  upload: UploadRecord,
  part: {
    partNumber: number;
    contentType: string | undefined;
    presign: (request: StorageUrlRequest) => string;
  },
): M.PartPresignedUrl {
  const { partNumber } = part;
  const signedHeaders: Record<string, string> = {
    ...(part.contentType && { 'Content-Type': part.contentType }),
    ...(upload.source && copyHeaders(upload, upload.source, partNumber)),
  };
  const uploadPresignedUrl = part.presign({
    method: 'PUT',
    bucket: upload.bucket,
    headers: signedHeaders,
    ...(upload.source
      ? { key: upload.key, query: { partNumber: String(partNumber), uploadId: upload.token } }
      : { key: partKey(upload, partNumber) }),
  });
  return { partNumber, uploadPresignedUrl, signedHeaders };
}

function copyHeaders(
  upload: UploadRecord,
  source: ObjectName & { etag: string; size: number },
  partNumber: number,
): Record<string, string> {
  const { partSizeBytes } = upload.request;
  const { start, end } = partRange(partNumber, { partSizeBytes, fileSizeBytes: source.size });
  return {
    'x-amz-copy-source': encodeKey(`${source.bucket}/${source.key}`),
    'x-amz-copy-source-range': `bytes=${start}-${end - 1}`,
    'x-amz-copy-source-if-match': source.etag,
  };
}

/**
 * `PUT …/multipart/{uploadId}/add/{partNumber}`: adds the content that was sent to the URL of the
 * part. A part that cannot be added is answered with `ADD_FAILED` and counts as missing.
 *
 * @throws 400, 403, 404
 */
export function addPart(
  world: World,
  caller: Caller,
  request: { uploadId: string; partNumber: number; partMD5Hex: string },
): M.AddPartResponse {
  const { uploadId, partNumber } = request;
  const md5 = request.partMD5Hex.toLowerCase();
  const upload = findUpload(world, uploadId);
  if (upload.resultFileHandleId !== undefined) {
    throw badRequest('Cannot add parts to completed file upload.');
  }
  refuse(partNumberProblem(partNumber, upload.partCount));
  requireStarter(caller, upload);
  const problem = upload.source ? undefined : takePart(world, upload, { partNumber, md5 });
  const { uploads, added } = uploadTables(world);
  const id = `${uploadId}/${partNumber}`;
  if (problem === undefined) added.put(id, { uploadId, partNumber, md5 });
  else added.delete(id);
  uploads.put(uploadId, { ...upload, updatedOn: world.timestamp() });
  return problem === undefined
    ? { uploadId, partNumber, addPartState: 'ADD_SUCCESS' }
    : { uploadId, partNumber, addPartState: 'ADD_FAILED', errorMessage: problem };
}

/**
 * Adds the content of a part to the upload. The uploaded object is kept until the upload is
 * complete, because a client that did not receive the answer adds the part again.
 */
function takePart(
  world: World,
  upload: UploadRecord,
  { partNumber, md5 }: { partNumber: number; md5: string },
): string | undefined {
  const { objects } = world.files;
  const content = objects.get({ bucket: upload.bucket, key: partKey(upload, partNumber) });
  if (content && content.etag === md5) {
    objects.putPart({ id: upload.token, partNumber }, { segments: content.segments, md5 });
    return undefined;
  }
  return content
    ? 'The provided MD5 does not match the MD5 of the uploaded part.  Please re-upload the part.'
    : `The content of part ${partNumber} was not found.  Please re-upload the part.`;
}
