import { reply, type Reply } from '../kernel/reply.js';
import type { StoredObject } from './objectStore.js';
import { readSmallBody } from './readSmallBody.js';
import { storageRegion, uriEncode } from './sigV4.js';
import { requirePermission, xmlReply, type StorageCall } from './storageCall.js';
import { invalidArgument, StorageError } from './storageError.js';
import { hasBucket } from './storageLocations.js';
import { xmlElements, xmlText, type XmlFields } from './xml.js';

/** Maximum number of keys in one answer. */
const maxKeys = 1000;

/** @throws 404 for a bucket that this server does not have */
export function requireBucket(call: StorageCall): void {
  if (call.objects.hasBucket(call.bucket) || hasBucket(call.world, call.bucket)) return;
  throw new StorageError(404, 'The specified bucket does not exist', {
    code: 'NoSuchBucket',
    fields: { BucketName: call.bucket },
  });
}

/** `HEAD` of a bucket. */
export function headBucket(): Reply {
  return reply({ status: 200, headers: { 'x-amz-bucket-region': storageRegion } });
}

/** `GET ?location`. The answer for the default region is empty, as in S3. */
export function getBucketLocation(): Reply {
  return xmlReply('LocationConstraint', {});
}

/** `GET ?list-type=2`, and the older listing without it. */
export function listObjects(call: StorageCall): Reply {
  const { parameters } = call;
  const prefix = parameters.get('prefix') ?? '';
  requirePermission(call, { bucket: call.bucket, key: prefix.replace(/\/$/, '') });
  const version2 = parameters.get('list-type') === '2';
  const token = parameters.get('continuation-token');
  const after = version2
    ? token === undefined
      ? parameters.get('start-after')
      : readToken(token)
    : parameters.get('marker');
  const page = pageOf(call.objects.list(call.bucket, prefix), {
    prefix,
    delimiter: parameters.get('delimiter') ?? '',
    after: after ?? '',
    max: readMaxKeys(parameters.get('max-keys')),
  });
  const encode = parameters.get('encoding-type') === 'url' ? uriEncode : (text: string) => text;
  return xmlReply('ListBucketResult', {
    Name: call.bucket,
    Prefix: encode(prefix),
    Delimiter: parameters.has('delimiter') ? encode(page.delimiter) : undefined,
    MaxKeys: page.max,
    EncodingType: parameters.get('encoding-type'),
    IsTruncated: page.next !== undefined,
    ...(version2
      ? {
          KeyCount: page.objects.length + page.prefixes.length,
          ContinuationToken: token,
          NextContinuationToken:
            page.next === undefined ? undefined : Buffer.from(page.next).toString('base64'),
          StartAfter: parameters.get('start-after'),
        }
      : {
          Marker: encode(parameters.get('marker') ?? ''),
          NextMarker: page.next === undefined ? undefined : encode(page.next),
        }),
    Contents: page.objects.map((object) => objectFields(object, encode)),
    CommonPrefixes: page.prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

/** `GET ?uploads`: multipart uploads that are not complete. */
export function listUploads(call: StorageCall): Reply {
  const prefix = call.parameters.get('prefix') ?? '';
  requirePermission(call, { bucket: call.bucket, key: prefix.replace(/\/$/, ''), write: true });
  const uploads = call.objects.listUploads(call.bucket, prefix);
  return xmlReply('ListMultipartUploadsResult', {
    Bucket: call.bucket,
    Prefix: prefix,
    MaxUploads: uploads.length,
    IsTruncated: false,
    Upload: uploads.map(({ key, id, startedOn }) => ({
      Key: key,
      UploadId: id,
      Initiated: startedOn,
      StorageClass: 'STANDARD',
    })),
  });
}

/** `POST ?delete`: deletes many objects. */
export async function deleteObjects(call: StorageCall): Promise<Reply> {
  const document = await readSmallBody(call.body);
  const keys = xmlElements(document, 'Object').map((object) => xmlText(object, 'Key') ?? '');
  if (keys.length === 0 || keys.length > maxKeys) {
    throw new StorageError(
      400,
      'The XML you provided was not well-formed or did not validate against our published schema',
      { code: 'MalformedXML' },
    );
  }
  const deleted: XmlFields[] = [];
  const failed: XmlFields[] = [];
  call.world.store.transaction(() => {
    for (const key of keys) {
      try {
        requirePermission(call, { bucket: call.bucket, key, write: true });
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        failed.push({ Key: key, Code: error.code, Message: error.message });
        continue;
      }
      call.objects.delete({ bucket: call.bucket, key });
      deleted.push({ Key: key });
    }
  });
  const quiet = xmlText(document, 'Quiet') === 'true';
  return xmlReply('DeleteResult', { Deleted: quiet ? [] : deleted, Error: failed });
}

/** `DELETE` of one object. It is no error if it does not exist. */
export function deleteObject(call: StorageCall): Reply {
  requirePermission(call, { ...call, write: true });
  call.world.store.transaction(() => call.objects.delete(call));
  return reply({ status: 204 });
}

interface ListPage {
  objects: StoredObject[];
  prefixes: string[];
  delimiter: string;
  max: number;
  /** The key or prefix after which the next page starts. */
  next: string | undefined;
}

/** One page of a listing; keys with the same prefix up to the delimiter count as one. */
function pageOf(
  objects: readonly StoredObject[],
  options: { prefix: string; delimiter: string; after: string; max: number },
): ListPage {
  const { prefix, delimiter, after, max } = options;
  const page: ListPage = { objects: [], prefixes: [], delimiter, max, next: undefined };
  const after8 = Buffer.from(after);
  let last = after;
  for (const object of objects) {
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? object.key : object.key.slice(0, cut + delimiter.length);
    if (Buffer.compare(Buffer.from(name), after8) <= 0) continue;
    if (cut >= 0 && name === page.prefixes.at(-1)) continue;
    if (page.objects.length + page.prefixes.length >= max) {
      if (max > 0) page.next = last;
      break;
    }
    if (cut < 0) page.objects.push(object);
    else page.prefixes.push(name);
    last = name;
  }
  return page;
}

function objectFields(object: StoredObject, encode: (text: string) => string): XmlFields {
  return {
    Key: encode(object.key),
    LastModified: object.modifiedOn,
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: 'STANDARD',
  };
}

function readMaxKeys(text: string | undefined): number {
  if (text === undefined) return maxKeys;
  if (!/^\d{1,9}$/.test(text)) {
    throw invalidArgument('Provided max-keys not an integer or within integer range', {
      ArgumentName: 'max-keys',
      ArgumentValue: text,
    });
  }
  return Math.min(Number(text), maxKeys);
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (Buffer.from(text).toString('base64') !== token) {
    throw invalidArgument('The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });
  }
  return text;
}
