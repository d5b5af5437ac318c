import { createHmac } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { contentDisposition, handleTypes, notSet, type CloudHandle } from './handleRecords.js';
import { storagePresigner, type KeyWorld } from './storageKeys.js';
import { findStorageLocation, locationTypes } from './storageLocations.js';

/** The parts of the world that {@link handleUrl} uses. */
export type UrlWorld = KeyWorld & Pick<World, 'service'>;

/** URL for downloading the content of a handle without a login. */
export function handleUrl(world: UrlWorld, handle: M.FileHandle): string {
  switch (handle.concreteType) {
    case handleTypes.s3:
    case handleTypes.googleCloud:
      return storedUrl(world, handle);
    case handleTypes.external:
      return handle.externalURL ?? '';
    case handleTypes.objectStore:
      return `${handle.endpointUrl ?? ''}/${handle.bucket ?? ''}/${handle.fileKey}`;
    case handleTypes.proxy:
      return proxyUrl(world, handle);
  }
}

function storedUrl(world: UrlWorld, handle: CloudHandle): string {
  const { contentType, fileName } = handle;
  return storagePresigner(world)({
    method: 'GET',
    bucket: handle.bucketName ?? '',
    key: handle.key ?? '',
    query: {
      'response-content-type': contentType === notSet ? undefined : contentType || undefined,
      'response-content-disposition':
        fileName === notSet || !fileName ? undefined : contentDisposition(fileName),
    },
  });
}

/** The URL of a proxy carries its own signature (HMAC-SHA1 over method, host, path and query). */
function proxyUrl(world: UrlWorld, handle: M.ProxyFileHandle): string {
  const location = findStorageLocation(world, handle.storageLocationId);
  if (location?.concreteType !== locationTypes.proxy) {
    throw badRequest(`ProxyFileHandle.storageLocation is not of type ${locationTypes.proxy}`);
  }
  const base = (location.proxyUrl ?? '').trim().replace(/\/$/, '');
  const path = (handle.filePath ?? '').trim().replace(/^\/?/, '/');
  const url = new URL(`${base}/${location.uploadType.toLowerCase()}${path}`);
  const query: [string, string | undefined][] = [
    ['fileName', handle.fileName],
    ['contentType', handle.contentType],
    ['contentMD5', handle.contentMd5],
    ['contentSize', handle.contentSize?.toString()],
    ['expiration', String(world.now().getTime() + world.conditions.urlLifetime)],
  ];
  const given = query.filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [name, value] of given) url.searchParams.append(name, value);
  const sorted = given
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
  const text = `GET ${url.hostname} ${url.pathname}?${sorted}`;
  const signature = createHmac('sha1', location.secretKey ?? '')
    .update(text)
    .digest('hex');
  url.searchParams.append('hmacSignature', signature);
  return url.href;
}
