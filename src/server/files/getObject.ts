import { reply, type Reply } from '../kernel/reply.js';
import { parseRange, type ByteRange } from './byteRange.js';
import { BlobDamagedError } from './blobs.js';
import type { StoredObject } from './objectStore.js';
import { headerText, requirePermission, type StorageCall } from './storageCall.js';
import { damagedContent, noSuchKey, StorageError } from './storageError.js';

/** Query parameters with which a signed request sets headers of the answer. */
const overrides: Readonly<Record<string, string>> = {
  'response-content-type': 'content-type',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-cache-control': 'cache-control',
  'response-expires': 'expires',
};

/** Serves GET and HEAD of an object, with conditions, one range and the stored headers. */
export function getObject(call: StorageCall): Reply | Promise<Reply> {
  requirePermission(call, call);
  const object = call.objects.get(call);
  if (!object) throw noSuchKey(call.key);
  const headers = objectHeaders(object, call.parameters);
  if (!checkConditions(object, call.headers)) return reply({ status: 304, headers });
  const range = requestedRange(object, call.headers);
  if (range === 'unsatisfiable') throw invalidRange(object, call.headers.range ?? '');
  const { start, end } = range === 'whole' ? { start: 0, end: object.size } : range;
  if (range !== 'whole') {
    headers['content-range'] = `bytes ${start}-${end - 1}/${object.size}`;
  }
  headers['content-length'] = String(end - start);
  const status = range === 'whole' ? 200 : 206;
  if (call.method === 'HEAD') return reply({ status, headers });
  const answer = (): Reply => {
    // A small file is read faster than another thread is asked for it.
    const small = call.objects.readSmall(object, { start, end });
    return small === undefined
      ? reply({ status, headers, body: call.objects.read(object, { start, end }) })
      : reply({ status, headers, body: small.content, release: small.release });
  };
  if (!call.objects.mustCheck(object, { start, end })) return answer();
  return call.objects.check(object, { start, end }).then(answer, (error: unknown) => {
    throw error instanceof BlobDamagedError ? damagedContent(error) : error;
  });
}

function objectHeaders(
  object: StoredObject,
  parameters: ReadonlyMap<string, string>,
): Record<string, string> {
  const headers: Record<string, string> = {
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedOn).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': headerText(object.contentType ?? 'binary/octet-stream'),
  };
  const stored: Readonly<Record<string, string | undefined>> = {
    'content-disposition': object.contentDisposition,
    'content-encoding': object.contentEncoding,
    'cache-control': object.cacheControl,
  };
  for (const [name, value] of Object.entries(stored)) {
    if (value !== undefined) headers[name] = headerText(value);
  }
  for (const [name, value] of Object.entries(object.metadata ?? {})) {
    headers[`x-amz-meta-${name}`] = headerText(value);
  }
  for (const [parameter, name] of Object.entries(overrides)) {
    const value = parameters.get(parameter);
    if (value !== undefined) headers[name] = headerText(value);
  }
  return headers;
}

/**
 * Evaluates the conditions of a request in the order of RFC 9110, section 13.2.2.
 *
 * @returns false when the client's copy is current (304)
 * @throws 412
 */
function checkConditions(object: StoredObject, headers: StorageCall['headers']): boolean {
  const modified = Math.floor(new Date(object.modifiedOn).getTime() / 1000) * 1000;
  const ifMatch = headers['if-match'];
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  if (ifMatch !== undefined) {
    if (!listsEtag(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if (modified > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return !listsEtag(ifNoneMatch, object.etag);
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  return !(modified <= modifiedSince);
}

function requestedRange(
  object: StoredObject,
  headers: StorageCall['headers'],
): ByteRange | 'whole' | 'unsatisfiable' {
  const ifRange = headers['if-range'];
  if (ifRange !== undefined) {
    const same = /^(W\/)?"/.test(ifRange)
      ? ifRange === `"${object.etag}"`
      : ifRange === new Date(object.modifiedOn).toUTCString();
    if (!same) return 'whole';
  }
  return parseRange(headers.range, object.size);
}

/** Whether an etag is in a list of an `If-…` header; S3 takes etags without quotes as well. */
export function listsEtag(list: string, etag: string): boolean {
  return list
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .some((entry) => entry === '*' || entry === etag);
}

function invalidRange(object: StoredObject, range: string): StorageError {
  return new StorageError(416, 'The requested range is not satisfiable', {
    code: 'InvalidRange',
    headers: { 'content-range': `bytes */${object.size}` },
    fields: { RangeRequested: range, ActualObjectSize: object.size },
  });
}

/** 412 for a condition of the request that is not met. */
export function preconditionFailed(condition: string): StorageError {
  return new StorageError(412, 'At least one of the pre-conditions you specified did not hold', {
    code: 'PreconditionFailed',
    fields: { Condition: condition },
  });
}
