import { reply, redirect, type Reply } from '../kernel/reply.js';
import type { ExtraEndpoint, Call, Router } from '../kernel/router.js';
import { forbidden } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { completeUpload } from './completeUpload.js';
import { copyHandle, copyHandles } from './copyHandles.js';
import { associatedUrl, entityFileUrl, entityPreviewUrl, ownHandleUrl } from './downloads.js';
import { createBucketHandle, createExternalHandle, readProxyHandle } from './externalHandles.js';
import { getHandleBatch } from './handleBatch.js';
import {
  createSetting,
  deleteSetting,
  getOwnSetting,
  getSetting,
  updateSetting,
} from './projectSettings.js';
import { startUpload } from './startUpload.js';
import { storagePrefix } from './storageKeys.js';
import {
  createStorageLocation,
  getStorageLocation,
  listStorageLocations,
} from './storageLocations.js';
import { serveStorage } from './storageWire.js';
import { getStsCredentials } from './stsCredentials.js';
import {
  getDestination,
  listDestinations,
  locationIds,
  requireReadable,
} from './uploadDestinations.js';
import { addPart, presignParts } from './uploadParts.js';

/** Serves everything about files: handles, uploads, downloads, storage locations, the buckets. */
export function fileRoutes(router: Router, world: World): void {
  handleRoutes(router, world);
  multipartRoutes(router, world);
  downloadRoutes(router, world);
  locationRoutes(router, world);
  router.raw(storagePrefix, (call) => serveStorage(world, call));
}

function handleRoutes(router: Router, world: World): void {
  router.get('/file/v1/fileHandle/{handleId}', ({ caller, path }) =>
    world.files.getOwn(caller, path.handleId),
  );
  router.delete('/file/v1/fileHandle/{handleId}', ({ caller, path }) =>
    world.files.delete(caller, path.handleId),
  );
  router.delete('/file/v1/fileHandle/{handleId}/filepreview', ({ caller, path }) => {
    const reason = 'Only the creator of a FileHandle can clear the preview';
    world.files.getOwn(caller, path.handleId, reason);
    world.files.setPreview(path.handleId, undefined);
  });
  router.post('/file/v1/externalFileHandle', ({ caller, body }) =>
    createExternalHandle(world, caller, body),
  );
  router.extra('POST', '/file/v1/externalFileHandle/proxy', ({ caller, body }) =>
    createExternalHandle(world, caller, readProxyHandle(body)),
  );
  router.post('/file/v1/externalFileHandle/s3', ({ caller, body }) =>
    createBucketHandle(world, caller, body),
  );
  router.post('/file/v1/externalFileHandle/googleCloud', ({ caller, body }) =>
    createBucketHandle(world, caller, body),
  );
  router.post('/file/v1/fileHandle/batch', ({ caller, body }) =>
    getHandleBatch(world, caller, body),
  );
  router.post('/file/v1/fileHandle/{handleIdToCopyFrom}/copy', ({ caller, path, body }) =>
    copyHandle(world, caller, {
      id: path.handleIdToCopyFrom,
      fileName: body.fileName,
      contentType: body.contentType,
    }),
  );
  router.post('/file/v1/filehandles/copy', ({ caller, body }) => copyHandles(world, caller, body));
}

function multipartRoutes(router: Router, world: World): void {
  router.post('/file/v1/file/multipart', ({ caller, body, query }) =>
    startUpload(world, caller, { body, forceRestart: query.forceRestart ?? false }),
  );
  router.post('/file/v1/file/multipart/{uploadId}/presigned/url/batch', ({ caller, path, body }) =>
    presignParts(world, caller, { uploadId: path.uploadId, body }),
  );
  router.put('/file/v1/file/multipart/{uploadId}/add/{partNumber}', ({ caller, path, query }) =>
    addPart(world, caller, {
      uploadId: path.uploadId,
      partNumber: path.partNumber,
      partMD5Hex: query.partMD5Hex,
    }),
  );
  router.put('/file/v1/file/multipart/{uploadId}/complete', ({ caller, path }) =>
    completeUpload(world, caller, path.uploadId),
  );
}

function downloadRoutes(router: Router, world: World): void {
  router.get('/file/v1/fileHandle/{handleId}/url', ({ caller, path }) =>
    ownHandleUrl(world, caller, path.handleId),
  );
  router.get('/file/v1/file/{id}', ({ caller, path, query }) =>
    associatedUrl(world, caller, {
      fileHandleId: path.id,
      associateObjectId: query.fileAssociateId,
      associateObjectType: query.fileAssociateType,
    }),
  );
  router.get('/repo/v1/entity/{id}/filepreview', ({ caller, path }) =>
    entityPreviewUrl(world, caller, path),
  );
  router.get('/repo/v1/entity/{id}/version/{versionNumber}/filepreview', ({ caller, path }) =>
    entityPreviewUrl(world, caller, path),
  );
  const entityFile = (call: Call<ExtraEndpoint>) =>
    redirectOrText(call, entityFileUrl(world, call.caller, { id: '', ...call.path }));
  router.extra('GET', '/repo/v1/entity/{id}/file', entityFile);
  router.extra('GET', '/repo/v1/entity/{id}/version/{versionNumber}/file', entityFile);
}

/**
 * Answers with a redirect, or with the URL as text for `?redirect=false`, as redirect endpoints of
 * the API description do.
 */
function redirectOrText(call: Call<ExtraEndpoint>, url: string): Reply {
  if (call.query.redirect !== 'false') return redirect(url);
  return reply({
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from(url),
  });
}

function locationRoutes(router: Router, world: World): void {
  router.get('/file/v1/entity/{id}/uploadDestination', ({ caller, path }) => {
    const id = requireReadable(world, caller, path.id);
    return getDestination(world, id, locationIds(world, id)[0] ?? 1);
  });
  router.get('/file/v1/entity/{id}/uploadDestination/{storageLocationId}', ({ caller, path }) =>
    getDestination(world, requireReadable(world, caller, path.id), path.storageLocationId),
  );
  router.get('/file/v1/entity/{id}/uploadDestinationLocations', ({ caller, path }) => ({
    list: listDestinations(world, requireReadable(world, caller, path.id)),
  }));
  router.extra('GET', '/file/v1/entity/{id}/uploadDestinations', ({ caller, path }) => {
    const id = requireReadable(world, caller, path.id ?? '');
    return { list: locationIds(world, id).map((one) => getDestination(world, id, one)) };
  });
  router.post('/repo/v1/storageLocation', ({ caller, body }) =>
    createStorageLocation(world, caller, body),
  );
  router.extra('GET', '/repo/v1/storageLocation', ({ caller }) => ({
    list: listStorageLocations(world, caller.userId),
  }));
  router.get('/repo/v1/storageLocation/{id}', ({ caller, path }) => {
    const location = getStorageLocation(world, path.id);
    if (location.createdBy === caller.userId) return location;
    throw forbidden('Only the creator can access storage location settings');
  });
  router.post('/repo/v1/projectSettings', ({ caller, body }) => createSetting(world, caller, body));
  router.put('/repo/v1/projectSettings', ({ caller, body }) => updateSetting(world, caller, body));
  router.get('/repo/v1/projectSettings/{id}', ({ caller, path }) =>
    getSetting(world, caller, path.id),
  );
  router.delete('/repo/v1/projectSettings/{id}', ({ caller, path }) =>
    deleteSetting(world, caller, path.id),
  );
  router.get('/repo/v1/projectSettings/{projectId}/type/{type}', ({ caller, path }) => {
    return getOwnSetting(world, caller, path.projectId) ?? reply({ status: 200 });
  });
  router.get('/repo/v1/entity/{id}/sts', ({ caller, path, query }) =>
    getStsCredentials(world, caller, { id: path.id, permission: query.permission }),
  );
}
