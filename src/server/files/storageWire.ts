import type { IncomingHttpHeaders } from 'node:http';

import { reply, type Reply } from '../kernel/reply.js';
import type { RawCall } from '../kernel/router.js';
import type { World } from '../world.js';
import { BlobAbortedError } from './blobs.js';
import { getObject } from './getObject.js';
import { putObject } from './putObject.js';
import {
  deleteObject,
  deleteObjects,
  getBucketLocation,
  headBucket,
  listObjects,
  listUploads,
  requireBucket,
} from './s3Buckets.js';
import { abortUpload, completeUpload, createUpload, listParts } from './s3Uploads.js';
import { decodeText, parseQuery } from './sigV4.js';
import { authenticate, type StorageRequest } from './storageAuth.js';
import type { StorageCall } from './storageCall.js';
import { StorageError } from './storageError.js';
import { storagePrefix } from './storageKeys.js';

/** Serves the buckets: presigned URLs and the S3 operations that clients use. */
export async function serveStorage(world: World, raw: RawCall): Promise<Reply> {
  const requestId = world.uuid();
  const headers = { 'x-amz-request-id': requestId };
  try {
    const answer = await route(world, raw);
    return reply({
      status: answer.status ?? 200,
      headers: { ...answer.headers, ...headers },
      body: answer.body,
      release: answer.release,
    });
  } catch (error) {
    // The client has disconnected. Throwing closes the connection.
    if (error instanceof BlobAbortedError || !(error instanceof StorageError)) throw error;
    return reply({
      status: error.status,
      headers: { ...error.headers, ...headers, 'content-type': 'application/xml' },
      body: Buffer.from(error.toXml(requestId)),
    });
  }
}

async function route(world: World, raw: RawCall): Promise<Reply> {
  const query = raw.url.search.slice(1);
  const request: StorageRequest = {
    method: raw.method,
    path: raw.url.pathname,
    query,
    parameters: new Map(parseQuery(query)),
    headers: flatHeaders(raw.headers),
  };
  if (world.conditions.readOnly && !['GET', 'HEAD'].includes(raw.method)) {
    throw new StorageError(503, 'The server is read-only. Please try again later.', {
      code: 'ServiceUnavailable',
    });
  }
  const access = authenticate(world, request);
  const path = decodeText(raw.url.pathname.slice(storagePrefix.length));
  const slash = path.indexOf('/');
  const call: StorageCall = {
    method: request.method,
    path: request.path,
    query: request.query,
    parameters: request.parameters,
    headers: request.headers,
    world,
    objects: world.files.objects,
    bucket: slash < 0 ? path : path.slice(0, slash),
    key: slash < 0 ? '' : path.slice(slash + 1),
    body: raw.body,
    access,
  };
  requireBucket(call);
  return call.key === '' ? serveBucket(call) : serveObject(call);
}

function serveObject(call: StorageCall): Reply | Promise<Reply> {
  const uploadId = call.parameters.get('uploadId');
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return uploadId === undefined ? getObject(call) : listParts(call, uploadId);
    case 'PUT':
      return putObject(call);
    case 'POST':
      if (call.parameters.has('uploads')) return createUpload(call);
      if (uploadId !== undefined) return completeUpload(call, uploadId);
      break;
    case 'DELETE':
      return uploadId === undefined ? deleteObject(call) : abortUpload(call, uploadId);
  }
  throw methodNotAllowed(call.method);
}

function serveBucket(call: StorageCall): Reply | Promise<Reply> {
  switch (call.method) {
    case 'HEAD':
      return headBucket();
    case 'GET':
      if (call.parameters.has('location')) return getBucketLocation();
      return call.parameters.has('uploads') ? listUploads(call) : listObjects(call);
    case 'POST':
      if (call.parameters.has('delete')) return deleteObjects(call);
      break;
  }
  throw methodNotAllowed(call.method);
}

function methodNotAllowed(method: string): StorageError {
  return new StorageError(405, 'The specified method is not allowed against this resource.', {
    code: 'MethodNotAllowed',
    fields: { Method: method },
  });
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    flat[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return flat;
}
