import { createHash } from 'node:crypto';

import { reply, type Reply } from '../kernel/reply.js';
import { BlobTooLargeError, type Blob } from './blobs.js';
import { parseCopyRange } from './byteRange.js';
import { ChunkedBody, isChunkedPayload } from './chunkedBody.js';
import { listsEtag, preconditionFailed } from './getObject.js';
import {
  headersOf,
  wholeBlob,
  type ObjectHeaders,
  type Segment,
  type StoredObject,
} from './objectStore.js';
import { maxPartBytes, maxParts } from './partPlan.js';
import { decodeText, unsignedPayload } from './sigV4.js';
import { requirePermission, xmlReply, type StorageCall } from './storageCall.js';
import {
  diskFull,
  entityTooLarge,
  invalidArgument,
  noSuchKey,
  noSuchUpload,
  StorageError,
} from './storageError.js';
import { isLatePart } from './uploadRecords.js';

/** PUT of an object, of a part of a multipart upload, or of a copy of either. */
export async function putObject(call: StorageCall): Promise<Reply> {
  requirePermission(call, { bucket: call.bucket, key: call.key, write: true });
  const uploadId = call.parameters.get('uploadId');
  if (uploadId !== undefined) return putPart(call, uploadId);
  if (call.headers['x-amz-copy-source'] !== undefined) return copyObject(call);
  checkNewObject(call);
  const blob = await receiveBody(call);
  if (!call.access.session && isLatePart(call.world, call)) {
    await call.world.blobs.remove(blob.id);
  } else {
    await keep(call, blob, () => call.objects.putBlob(call, blob, requestHeaders(call)));
  }
  return reply({ status: 200, headers: { etag: `"${blob.md5}"` } });
}

async function putPart(call: StorageCall, uploadId: string): Promise<Reply> {
  const number = call.parameters.get('partNumber') ?? '';
  const partNumber = /^\d+$/.test(number) ? Number(number) : 0;
  if (partNumber < 1 || partNumber > maxParts) {
    throw invalidArgument(`Part number must be an integer between 1 and ${maxParts}, inclusive`, {
      ArgumentName: 'partNumber',
      ArgumentValue: number,
    });
  }
  const requireUpload = () => {
    const upload = call.objects.getUpload(uploadId);
    if (upload?.bucket !== call.bucket || upload.key !== call.key) throw noSuchUpload(uploadId);
  };
  requireUpload();
  const upload = { id: uploadId, partNumber };
  if (call.headers['x-amz-copy-source'] !== undefined) {
    const { source, segments } = readCopySource(call);
    const md5 = await call.objects.md5(segments);
    const part = call.world.store.transaction(() => {
      requireUpload();
      requireUnchanged(call, source);
      return call.objects.putPart(upload, { segments, md5 });
    });
    return xmlReply('CopyPartResult', { LastModified: part.modifiedOn, ETag: `"${part.etag}"` });
  }
  const blob = await receiveBody(call);
  await keep(call, blob, () => {
    // The upload may have been completed or aborted while the content was received.
    requireUpload();
    return call.objects.putPart(upload, { segments: [wholeBlob(blob)], md5: blob.md5 });
  });
  return reply({ status: 200, headers: { etag: `"${blob.md5}"` } });
}

/**
 * Stores the record of received content. This may fail on a full disk even if the content was
 * written.
 */
async function keep<T>(call: StorageCall, blob: Blob, record: () => T): Promise<T> {
  try {
    return await call.objects.keep(blob, record);
  } catch (error) {
    throw call.world.conditions.diskFull ? diskFull(error) : describeFailure(error);
  }
}

async function copyObject(call: StorageCall): Promise<Reply> {
  const source = findCopySource(call);
  const segments = call.objects.slice(source, { start: 0, end: source.size });
  const etag = await call.objects.md5(segments);
  const replace = call.headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  const headers = replace ? requestHeaders(call) : headersOf(source);
  const object = call.world.store.transaction(() => {
    requireUnchanged(call, source);
    return call.objects.put(call, { segments, etag, headers });
  });
  return xmlReply('CopyObjectResult', {
    LastModified: object.modifiedOn,
    ETag: `"${object.etag}"`,
  });
}

/** The object that `x-amz-copy-source` names, which the caller must be allowed to read. */
function findCopySource(call: StorageCall): StoredObject {
  const [path = ''] = decodeText(call.headers['x-amz-copy-source'] ?? '').split('?versionId=');
  const [bucket = '', ...rest] = path.replace(/^\//, '').split('/');
  const source = { bucket, key: rest.join('/') };
  requirePermission(call, source);
  const object = call.objects.get(source);
  if (!object) throw noSuchKey(source.key);
  const ifMatch = call.headers['x-amz-copy-source-if-match'];
  if (ifMatch !== undefined && !listsEtag(ifMatch, object.etag)) {
    throw preconditionFailed('x-amz-copy-source-If-Match');
  }
  return object;
}

/** The source of a copied part: an object or a range of it. */
function readCopySource(call: StorageCall): { source: StoredObject; segments: Segment[] } {
  const source = findCopySource(call);
  const header = call.headers['x-amz-copy-source-range'];
  const range =
    header === undefined ? { start: 0, end: source.size } : parseCopyRange(header, source.size);
  if (!range) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last ' +
        'are the zero-based offsets of the first and last bytes to copy',
      { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header ?? '' },
    );
  }
  return { source, segments: call.objects.slice(source, range) };
}

/** Checks that the source, which may be deleted while its MD5 is computed, still exists. */
function requireUnchanged(call: StorageCall, source: StoredObject): void {
  if (call.objects.get(source) !== source) throw noSuchKey(source.key);
}

/** `If-None-Match: *` creates an object only if none exists. */
function checkNewObject(call: StorageCall): void {
  if (call.headers['if-none-match'] === '*' && call.objects.get(call)) {
    throw preconditionFailed('If-None-Match');
  }
}

/** Stores the body of a request and verifies every digest that the client sent. */
async function receiveBody(call: StorageCall): Promise<Blob> {
  const { payloadHash } = call.access;
  const chunked = isChunkedPayload(payloadHash);
  const length = chunked
    ? call.headers['x-amz-decoded-content-length']
    : call.headers['content-length'];
  if (length === undefined) {
    throw new StorageError(411, 'You must provide the Content-Length HTTP header.', {
      code: 'MissingContentLength',
    });
  }
  if (Number(length) > maxPartBytes) throw entityTooLarge(maxPartBytes);
  const contentMd5 = readContentMd5(call.headers['content-md5']);
  const body = chunked ? call.body.pipe(new ChunkedBody(call.access)) : call.body;
  if (chunked) call.body.on('error', (error) => body.destroy(error));
  const blob = await call.world.blobs
    .receive(body, {
      maxBytes: maxPartBytes,
      sha256: !chunked && payloadHash !== unsignedPayload,
      beforeWrite: () => {
        if (call.world.conditions.diskFull) throw diskFull();
      },
    })
    .catch((error: unknown) => {
      throw describeFailure(error);
    });
  const problem = findMismatch(blob, { contentMd5, payloadHash, chunked, length: Number(length) });
  if (problem) {
    await call.world.blobs.remove(blob.id);
    throw problem;
  }
  return blob;
}

function findMismatch(
  blob: Blob,
  expected: {
    contentMd5: string | undefined;
    payloadHash: string;
    chunked: boolean;
    length: number;
  },
): StorageError | undefined {
  if (blob.size !== expected.length) {
    return new StorageError(
      400,
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
      { code: 'IncompleteBody' },
    );
  }
  if (expected.contentMd5 !== undefined && expected.contentMd5 !== blob.md5) {
    return new StorageError(400, 'The Content-MD5 you specified did not match what we received.', {
      code: 'BadDigest',
      fields: { ExpectedDigest: expected.contentMd5, CalculatedDigest: blob.md5 },
    });
  }
  if (blob.sha256 !== undefined && blob.sha256 !== expected.payloadHash) {
    return new StorageError(
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      {
        code: 'XAmzContentSHA256Mismatch',
        fields: {
          ClientComputedContentSHA256: expected.payloadHash,
          S3ComputedContentSHA256: blob.sha256,
        },
      },
    );
  }
  return undefined;
}

/** Hexadecimal form of a `Content-MD5` header. */
function readContentMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const digest = Buffer.from(header, 'base64');
  if (digest.length !== createHash('md5').digest().length) {
    throw new StorageError(400, 'The Content-MD5 you specified was invalid.', {
      code: 'InvalidDigest',
    });
  }
  return digest.toString('hex');
}

function describeFailure(error: unknown): unknown {
  if (error instanceof BlobTooLargeError) return entityTooLarge(maxPartBytes);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull(error) : error;
}

/** Headers of a request that are stored with the object. */
export function requestHeaders(call: Pick<StorageCall, 'headers'>): ObjectHeaders {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.headers)) {
    if (name.startsWith('x-amz-meta-') && value !== undefined) {
      metadata[name.slice('x-amz-meta-'.length)] = value;
    }
  }
  const encoding = call.headers['content-encoding']
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'aws-chunked')
    .join(',');
  return headersOf({
    contentType: call.headers['content-type'],
    contentDisposition: call.headers['content-disposition'],
    contentEncoding: encoding === '' ? undefined : encoding,
    cacheControl: call.headers['cache-control'],
    metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
  });
}
