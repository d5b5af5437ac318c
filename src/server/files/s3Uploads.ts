import { reply, type Reply } from '../kernel/reply.js';
import type { ObjectPart, ObjectUpload } from './objectStore.js';
import { minPartBytes } from './partPlan.js';
import { encodeKey } from './sigV4.js';
import { requestHeaders } from './putObject.js';
import { readSmallBody } from './readSmallBody.js';
import { requirePermission, xmlReply, type StorageCall } from './storageCall.js';
import { noSuchUpload, StorageError } from './storageError.js';
import { storagePrefix } from './storageKeys.js';
import { xmlElements, xmlText } from './xml.js';

/** `POST ?uploads`: starts a multipart upload. */
export function createUpload(call: StorageCall): Reply {
  requirePermission(call, { ...call, write: true });
  const uploadId = call.world.uuid();
  call.world.store.transaction(() =>
    call.objects.createUpload(uploadId, call, requestHeaders(call)),
  );
  return xmlReply('InitiateMultipartUploadResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId,
  });
}

/** `POST ?uploadId=…`: creates the object from the parts that the body lists. */
export async function completeUpload(call: StorageCall, uploadId: string): Promise<Reply> {
  requirePermission(call, { ...call, write: true });
  const document = await readSmallBody(call.body);
  const listed = xmlElements(document, 'Part').map((part) => ({
    partNumber: Number(xmlText(part, 'PartNumber')),
    etag: (xmlText(part, 'ETag') ?? '').replace(/^"(.*)"$/, '$1'),
  }));
  const object = call.world.store.transaction(() => {
    const upload = findUpload(call, uploadId);
    return call.objects.completeUpload(upload, chooseParts(call.objects.parts(uploadId), listed));
  });
  return xmlReply('CompleteMultipartUploadResult', {
    Location: `${call.world.urls.base()}${storagePrefix}${encodeKey(`${call.bucket}/${call.key}`)}`,
    Bucket: call.bucket,
    Key: call.key,
    ETag: `"${object.etag}"`,
  });
}

/** `DELETE ?uploadId=…`: aborts a multipart upload. */
export function abortUpload(call: StorageCall, uploadId: string): Reply {
  requirePermission(call, { ...call, write: true });
  call.world.store.transaction(() => call.objects.abortUpload(findUpload(call, uploadId).id));
  return reply({ status: 204 });
}

/** `GET ?uploadId=…`: lists the parts of a multipart upload. */
export function listParts(call: StorageCall, uploadId: string): Reply {
  requirePermission(call, { ...call, write: true });
  findUpload(call, uploadId);
  const marker = Number(call.parameters.get('part-number-marker') ?? 0);
  const max = Math.min(Number(call.parameters.get('max-parts') ?? 1000), 1000);
  const parts = call.objects.parts(uploadId).filter(({ partNumber }) => partNumber > marker);
  const page = parts.slice(0, max);
  return xmlReply('ListPartsResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber,
    MaxParts: max,
    IsTruncated: parts.length > page.length,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: part.modifiedOn,
      ETag: `"${part.etag}"`,
      Size: part.size,
    })),
  });
}

function findUpload(call: StorageCall, uploadId: string): ObjectUpload {
  const upload = call.objects.getUpload(uploadId);
  if (upload?.bucket !== call.bucket || upload.key !== call.key) throw noSuchUpload(uploadId);
  return upload;
}

/**
 * Checks the parts that a client lists, as S3 does: the numbers are ascending, the parts exist with
 * these etags, and only the last one may be smaller than 5 MiB.
 */
export function chooseParts(
  stored: readonly ObjectPart[],
  listed: readonly { partNumber: number; etag: string }[],
): ObjectPart[] {
  if (listed.length === 0) {
    throw new StorageError(
      400,
      'The XML you provided was not well-formed or did not validate against our published schema',
      { code: 'MalformedXML' },
    );
  }
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  let previous = 0;
  const chosen = listed.map(({ partNumber, etag }) => {
    if (partNumber <= previous) {
      throw new StorageError(
        400,
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { code: 'InvalidPartOrder' },
      );
    }
    previous = partNumber;
    const part = byNumber.get(partNumber);
    if (part?.etag !== etag.toLowerCase()) {
      throw new StorageError(
        400,
        'One or more of the specified parts could not be found.  The part may not have been ' +
          "uploaded, or the specified entity tag may not match the part's entity tag.",
        { code: 'InvalidPart', fields: { PartNumber: partNumber, ETag: etag } },
      );
    }
    return part;
  });
  const small = chosen.slice(0, -1).find(({ size }) => size < minPartBytes);
  if (small) {
    throw new StorageError(400, 'Your proposed upload is smaller than the minimum allowed size', {
      code: 'EntityTooSmall',
      fields: {
        ProposedSize: small.size,
        MinSizeAllowed: minPartBytes,
        PartNumber: small.partNumber,
        ETag: small.etag,
      },
    });
  }
  return chosen;
}
