import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import type { CloudHandle } from './handleRecords.js';
import type { UploadRequest } from './multipartRequests.js';
import type { ObjectName } from './objectStore.js';

/** Unfinished uploads without activity for this many milliseconds are deleted. */
const abandonedAfter = 7 * 24 * 60 * 60_000;

/** A stored upload. */
export interface UploadRecord {
  readonly id: string;
  readonly userId: number;
  /** Absent after a restart: the same request then starts a new upload. */
  readonly requestHash?: string;
  readonly request: UploadRequest;
  readonly startedOn: string;
  readonly updatedOn: string;
  readonly partCount: number;
  readonly bucket: string;
  readonly key: string;
  /** Id of the multipart upload in the object store. */
  readonly token: string;
  readonly concreteType: CloudHandle['concreteType'];
  /** The file that is copied. */
  readonly source?: ObjectName & {
    readonly handleId: string;
    readonly etag: string;
    readonly size: number;
    readonly md5: string;
    readonly contentType?: string;
    readonly fileName?: string;
  };
  readonly resultFileHandleId?: string;
}

/** A part that was added with this MD5. */
export interface AddedPart {
  readonly uploadId: string;
  readonly partNumber: number;
  readonly md5: string;
}

interface UploadTables {
  readonly uploads: Collection<UploadRecord>;
  readonly byRequest: Index<UploadRecord>;
  readonly byObject: Index<UploadRecord>;
  readonly added: Collection<AddedPart>;
  readonly addedTo: Index<AddedPart>;
  readonly nextId: () => number;
}

/** The collections of uploads with their indexes. */
export function uploadTables(world: World): UploadTables {
  return world.service(makeUploadTables);
}

function makeUploadTables({ store }: World): UploadTables {
  const uploads = store.collection<UploadRecord>('multipartUploads');
  const added = store.collection<AddedPart>('multipartAddedParts');
  return {
    uploads,
    byRequest: uploads.index('request', ({ userId, requestHash: hash }) =>
      hash === undefined ? undefined : `${userId}/${hash}`,
    ),
    byObject: uploads.index('object', ({ bucket, key }) => `${bucket}/${key}`),
    added,
    addedTo: added.index('upload', ({ uploadId }) => uploadId),
    nextId: store.sequence('multipartUploads'),
  };
}

/** The status of an upload as the API shows it. */
export function statusOf(world: World, upload: UploadRecord): M.MultipartUploadStatus {
  const { resultFileHandleId } = upload;
  const status = {
    uploadId: upload.id,
    startedBy: String(upload.userId),
    startedOn: upload.startedOn,
    updatedOn: upload.updatedOn,
  };
  if (resultFileHandleId !== undefined) {
    const partsState = '1'.repeat(upload.partCount);
    return { ...status, state: 'COMPLETED', resultFileHandleId, partsState };
  }
  const states = Array.from({ length: upload.partCount }, () => '0');
  for (const { partNumber } of uploadTables(world).addedTo.find(upload.id)) {
    states[partNumber - 1] = '1';
  }
  return { ...status, state: 'UPLOADING', partsState: states.join('') };
}

/**
 * Whether a name belongs to a part of a completed upload. A client that sends a part twice may do
 * so after the completion; the content is accepted and discarded.
 */
export function isLatePart(world: World, { bucket, key }: ObjectName): boolean {
  const [, objectKey] = /^(.*)\/\d+$/.exec(key) ?? [];
  if (objectKey === undefined) return false;
  const upload = uploadTables(world).byObject.first(`${bucket}/${objectKey}`);
  return upload?.resultFileHandleId !== undefined;
}

/** Deletes abandoned uploads with the content of their parts. */
export function dropAbandonedUploads(world: World): void {
  const { uploads, added, addedTo } = uploadTables(world);
  const limit = world.now().getTime() - abandonedAfter;
  for (const upload of Array.from(uploads.values())) {
    if (upload.resultFileHandleId !== undefined) continue;
    if (Date.parse(upload.updatedOn) > limit) continue;
    world.store.transaction(() => {
      for (const { partNumber } of addedTo.find(upload.id)) {
        added.delete(`${upload.id}/${partNumber}`);
      }
      for (let number = 1; number <= upload.partCount; number += 1) {
        world.files.objects.delete({ bucket: upload.bucket, key: partKey(upload, number) });
      }
      world.files.objects.abortUpload(upload.token);
      uploads.delete(upload.id);
    });
  }
}

/** Key of the object with the content of a part before it is added. */
export function partKey({ key }: UploadRecord, partNumber: number): string {
  return `${key}/${partNumber}`;
}

/** @throws 404 */
export function findUpload(world: World, uploadId: string): UploadRecord {
  const upload = uploadTables(world).uploads.get(uploadId);
  if (!upload) throw notFound(uploadNotFound(uploadId));
  return upload;
}

/** @throws 404, 403 for the upload of another user */
export function findOwnUpload(world: World, caller: Caller, uploadId: string): UploadRecord {
  const upload = findUpload(world, uploadId);
  requireStarter(caller, upload);
  return upload;
}

/** @throws 403 for the upload of another user */
export function requireStarter(caller: Caller, upload: UploadRecord): void {
  if (upload.userId === caller.userId) return;
  throw forbidden(
    'Only the user that started a multipart upload can get part upload pre-signed URLs for that file upload.',
  );
}

/** The error for an unknown upload id. */
export function uploadNotFound(uploadId: string): string {
  return `Failed to find a MultiPartUpload for id: ${uploadId}`;
}
