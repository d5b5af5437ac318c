import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { handleTypes, isMd5, notSet, type CloudHandle } from './handleRecords.js';
import {
  baseKeyOf,
  checkUrl,
  getStorageLocation,
  isStsLocation,
  locationTypes,
} from './storageLocations.js';

/**
 * `POST /file/v1/externalFileHandle`: creates a handle for content in an external storage.
 *
 * @throws 400, 403, 404
 */
export function createExternalHandle(
  world: World,
  caller: Caller,
  body: M.ExternalFileHandleInterface,
): M.ExternalFileHandleInterface {
  requireUser(caller);
  switch (body.concreteType) {
    case handleTypes.external:
      return createUrlHandle(world, caller, body);
    case handleTypes.objectStore:
      return createObjectStoreHandle(world, caller, body);
    case handleTypes.proxy:
      return createProxyHandle(world, caller, body);
  }
}

function createUrlHandle(
  world: World,
  caller: Caller,
  body: M.ExternalFileHandle,
): M.ExternalFileHandle {
  if (body.externalURL === undefined) throw badRequest('ExternalURL cannot be null');
  checkUrl(body.externalURL, 'ExternalURL');
  if (body.storageLocationId !== undefined) {
    if (isStsLocation(getStorageLocation(world, body.storageLocationId))) {
      throw badRequest('Cannot create ExternalFileHandle in an STS-enabled storage location');
    }
  }
  return world.files.create<M.ExternalFileHandle>(
    {
      ...commonFields(body),
      concreteType: handleTypes.external,
      externalURL: body.externalURL,
    },
    caller.userId,
  );
}

function createObjectStoreHandle(
  world: World,
  caller: Caller,
  body: M.ExternalObjectStoreFileHandle,
): M.ExternalObjectStoreFileHandle {
  const type = 'ExternalObjectStoreFileHandle';
  requireField(body.storageLocationId, `${type}.storageLocationId`);
  requireField(body.contentSize, `${type}.contentSize`);
  requireText(body.contentMd5, 'FileHandle.contentMd5');
  requireText(body.fileKey, `${type}.fileKey`);
  checkMd5(body.contentMd5);
  const location = getStorageLocation(world, body.storageLocationId);
  if (location.concreteType !== locationTypes.externalObject) {
    throw badRequest(
      `StorageLocationSetting.id=${location.storageLocationId} was type:${location.concreteType} ` +
        `not of the expected type: ${locationTypes.externalObject}`,
    );
  }
  return world.files.create<M.ExternalObjectStoreFileHandle>(
    {
      ...commonFields(body),
      concreteType: handleTypes.objectStore,
      fileKey: body.fileKey,
      endpointUrl: location.endpointUrl,
      bucket: location.bucket,
    },
    caller.userId,
  );
}

/**
 * Validates a body of `POST /file/v1/externalFileHandle/proxy`, which the API description lacks.
 */
export function readProxyHandle(body: unknown): M.ProxyFileHandle {
  const given: Readonly<Record<string, unknown>> = { ...(typeof body === 'object' ? body : {}) };
  const text = (name: string) => {
    const value = given[name];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string) => {
    const value = given[name];
    return Number.isSafeInteger(value) ? Number(value) : undefined;
  };
  return {
    concreteType: handleTypes.proxy,
    contentType: text('contentType'),
    contentMd5: text('contentMd5'),
    fileName: text('fileName'),
    filePath: text('filePath'),
    contentSize: number('contentSize'),
    storageLocationId: number('storageLocationId'),
  };
}

function createProxyHandle(
  world: World,
  caller: Caller,
  body: M.ProxyFileHandle,
): M.ProxyFileHandle {
  requireText(body.contentMd5, 'ProxyFileHandle.contentMd5');
  requireField(body.contentSize, 'ProxyFileHandle.contentSize');
  requireText(body.contentType, 'ProxyFileHandle.contentType');
  requireText(body.fileName, 'ProxyFileHandle.fileName');
  requireText(body.filePath, 'ProxyFileHandle.filePath');
  requireField(body.storageLocationId, 'ProxyFileHandle.storageLocationId');
  const location = getStorageLocation(world, body.storageLocationId);
  if (location.concreteType !== locationTypes.proxy) {
    throw badRequest(
      'ProxyFileHandle.storageLocationId must refer to a valid ProxyStorageLocationSettings.',
    );
  }
  checkMd5(body.contentMd5);
  const { benefactorId } = location;
  const mayUse =
    location.createdBy === caller.userId ||
    (benefactorId !== undefined && hasAccess(world, caller, parseEntityId(benefactorId), 'CREATE'));
  if (!mayUse) {
    throw forbidden(
      "Only the creator of the ProxyStorageLocationSettings or a user with the 'create' permission " +
        'on ProxyStorageLocationSettings.benefactorId can create a ProxyFileHandle using this ' +
        'storage location ID.',
    );
  }
  return world.files.create<M.ProxyFileHandle>(
    {
      ...commonFields(body),
      concreteType: handleTypes.proxy,
      filePath: body.filePath,
    },
    caller.userId,
  );
}

/**
 * `POST /file/v1/externalFileHandle/s3` and `…/googleCloud`: creates a handle for an existing
 * object in a bucket of the caller.
 *
 * @throws 400, 403, 404
 */
export function createBucketHandle<H extends CloudHandle>(
  world: World,
  caller: Caller,
  body: H,
): H {
  requireUser(caller);
  requireField(body.storageLocationId, 'FileHandle.storageLocationId');
  requireText(body.bucketName, 'FileHandle.bucket');
  requireText(body.key, 'FileHandle.key');
  requireText(body.contentMd5, 'FileHandle.contentMd5');
  checkMd5(body.contentMd5);
  const location = getStorageLocation(world, body.storageLocationId);
  const type =
    body.concreteType === handleTypes.s3
      ? locationTypes.externalS3
      : locationTypes.externalGoogleCloud;
  const typeName = type.split('.').at(-1) ?? '';
  const id = location.storageLocationId;
  if (location.concreteType !== type || !('bucket' in location)) {
    throw badRequest(`StorageLocationSetting.id=${id} was not of the expected type: ${type}`);
  }
  const { bucketName = '', key = '' } = body;
  if (bucketName !== location.bucket) {
    throw badRequest(
      `The bucket for ${typeName}.id=${id} does not match the provided bucket: ${bucketName}`,
    );
  }
  if (isStsLocation(location) && !key.startsWith(baseKeyOf(location) ?? '')) {
    throw badRequest(
      `The baseKey for ${typeName}.id=${id} does not match the provided key: ${key}`,
    );
  }
  if (location.createdBy !== caller.userId) {
    const kind = typeName.includes('S3') ? 'S3FileHandle' : 'GoogleCloudFileHandle';
    throw forbidden(
      `Only the creator of ${typeName}.id=${id} can create an external ${kind} with ` +
        `storageLocationId = ${id}`,
    );
  }
  const object = world.files.objects.get({ bucket: bucketName, key });
  if (!object) {
    throw badRequest(`Unable to access the file at bucket: ${bucketName} key: ${key}.`);
  }
  const handle = {
    ...commonFields(body),
    concreteType: body.concreteType,
    contentSize: body.contentSize ?? object.size,
    bucketName,
    key,
    isPreview: false,
  };
  return world.files.create<CloudHandle>(handle, caller.userId) as unknown as H;
}

/** The properties of every handle that a client may set. */
function commonFields(body: M.FileHandle): {
  contentType: string;
  fileName: string;
  contentMd5?: string;
  contentSize?: number;
  storageLocationId?: number;
} {
  const { contentMd5, contentSize, storageLocationId } = body;
  return {
    contentType: body.contentType ?? notSet,
    fileName: body.fileName ?? notSet,
    ...(contentMd5 !== undefined && { contentMd5 }),
    ...(contentSize !== undefined && { contentSize }),
    ...(storageLocationId !== undefined && { storageLocationId }),
  };
}

function requireUser(caller: Caller): void {
  if (caller.isAnonymous) throw forbidden('Anonymous cannot upload files.');
}

function requireField(value: unknown, name: string): void {
  if (value === undefined) throw badRequest(`${name} is required.`);
}

function requireText(value: string | undefined, name: string): void {
  if (!value) throw badRequest(`${name} is required and must not be the empty string.`);
}

function checkMd5(md5: string | undefined): void {
  if (isMd5(md5)) return;
  throw badRequest('The content MD5 digest must be a valid hexadecimal string of length 32.');
}
