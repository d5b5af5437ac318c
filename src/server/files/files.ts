import type { Readable } from 'node:stream';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, notFound, ServiceError } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import type { Blob } from './blobs.js';
import type { ByteRange } from './byteRange.js';
import { storageKey } from './fileName.js';
import type { AssociationCheck, AttachOptions, FileService, NewFile } from './fileService.js';
import {
  contentDisposition,
  handleTypes,
  isCloudHandle,
  type CloudHandle,
  type HandleRecord,
  type NewHandle,
} from './handleRecords.js';
import { handleUrl } from './handleUrl.js';
import { ObjectStore } from './objectStore.js';
import { defaultBucket, defaultLocationId } from './storageLocations.js';

/** The parts of the world that {@link Files} uses. */
export type FilesWorld = Pick<
  World,
  'store' | 'service' | 'blobs' | 'urls' | 'conditions' | 'now' | 'timestamp' | 'uuid' | 'secret'
>;

/** The {@link FileService} on top of the store and the blobs. */
export class Files implements FileService {
  readonly objects: ObjectStore;
  readonly #world: FilesWorld;
  readonly #handles: Collection<HandleRecord>;
  readonly #byObject: Index<HandleRecord>;
  readonly #byMd5: Index<HandleRecord>;
  readonly #nextId: () => number;
  readonly #associations = new Map<M.FileHandleAssociateType, AssociationCheck>();
  readonly #links: ((fileHandleId: string) => boolean)[] = [];
  readonly #watchers: ((handle: HandleRecord) => void)[] = [];

  constructor(world: FilesWorld) {
    this.#world = world;
    this.objects = new ObjectStore(world);
    this.#handles = world.store.collection<HandleRecord>('fileHandles');
    this.#byObject = this.#handles.index('object', (handle) =>
      isCloudHandle(handle) ? objectKey(handle) : undefined,
    );
    this.#byMd5 = this.#handles.index('md5', ({ contentMd5 }) => contentMd5?.toLowerCase());
    this.#nextId = world.store.sequence('fileHandles');
  }

  defineAssociation(type: M.FileHandleAssociateType, check: AssociationCheck): void {
    if (this.#associations.has(type)) throw new Error(`Association defined twice: ${type}`);
    this.#associations.set(type, check);
  }

  defineLink(isLinked: (fileHandleId: string) => boolean): void {
    this.#links.push(isLinked);
  }

  find(id: string): HandleRecord | undefined {
    return this.#handles.get(id);
  }

  get(id: string): HandleRecord {
    const handle = this.find(id);
    if (!handle) throw notFound(fileHandleNotFound(id));
    return handle;
  }

  getOwn(caller: Caller, id: string, reason?: string): HandleRecord {
    const handle = this.get(id);
    if (isCreator(caller, handle)) return handle;
    throw forbidden(
      reason ??
        'Only the creator of a FileHandle can access it directly by its ID.  ' +
          `FileHandleId = '${id}', UserId = '${caller.userId}'`,
    );
  }

  isOwn(caller: Caller, id: string): boolean {
    const handle = this.find(id);
    return handle !== undefined && isCreator(caller, handle);
  }

  requireAttachable(
    caller: Caller,
    ids: readonly (string | undefined)[],
    { attached = [], reason }: AttachOptions = {},
  ): void {
    const known = new Set(attached);
    for (const id of ids) {
      if (id !== undefined && !known.has(id)) this.getOwn(caller, id, reason);
    }
  }

  findByMd5(md5: string): HandleRecord[] {
    return this.#byMd5.find(md5.toLowerCase());
  }

  create<H extends M.FileHandle>(handle: NewHandle<H>, createdBy: number): HandleRecord<H> {
    const now = this.#world.timestamp();
    const own = {
      id: String(this.#nextId()),
      etag: this.#world.uuid(),
      createdBy: String(createdBy),
      createdOn: now,
      modifiedOn: now,
      status: 'AVAILABLE',
    } as const;
    const record: unknown = { ...handle, ...own };
    this.#handles.put(own.id, record as HandleRecord);
    this.#tell(record as HandleRecord);
    return record as HandleRecord<H>;
  }

  watch(onHandle: (handle: HandleRecord) => void): void {
    this.#watchers.push(onHandle);
  }

  #tell(handle: HandleRecord): void {
    for (const watcher of this.#watchers) watcher(handle);
  }

  setPreview(id: string, previewId: string | undefined): void {
    const handle = this.get(id);
    if (!isCloudHandle(handle)) return;
    const changed = {
      ...handle,
      etag: this.#world.uuid(),
    };
    if (previewId === undefined) delete changed.previewId;
    else changed.previewId = previewId;
    this.#handles.put(id, changed);
    if (previewId === undefined) this.#tell(changed);
  }

  delete(caller: Caller, id: string): void {
    if (!this.find(id)) return;
    const handle = this.getOwn(caller, id);
    if (this.#links.some((isLinked) => isLinked(id))) {
      throw conflict(
        'Cannot delete a file handle that has been assigned to an owner object. ' +
          `FileHandle id: ${id}`,
      );
    }
    this.#handles.delete(id);
    if (!isCloudHandle(handle)) return;
    if (handle.previewId !== undefined && handle.previewId !== id) {
      this.delete(caller, handle.previewId);
    }
    if (this.#byObject.count(objectKey(handle)) === 0) this.objects.delete(objectName(handle));
  }

  mayDownload(caller: Caller, association: M.FileHandleAssociation): boolean {
    try {
      return this.#checkDownload(caller, association);
    } catch (error) {
      if (error instanceof ServiceError) return false;
      throw error;
    }
  }

  #checkDownload(caller: Caller, association: M.FileHandleAssociation): boolean {
    const { fileHandleId = '', associateObjectId = '', associateObjectType } = association;
    if (caller.isAdmin) return true;
    const handle = this.find(fileHandleId);
    if (handle && isCreator(caller, handle)) return true;
    if (!associateObjectType) return false;
    const check = this.#associations.get(associateObjectType);
    return check?.(caller, associateObjectId, fileHandleId) ?? false;
  }

  getAssociated(caller: Caller, association: M.FileHandleAssociation): HandleRecord {
    checkAssociation(association);
    if (!this.#checkDownload(caller, association)) {
      throw forbidden(notAssociated(association));
    }
    return this.get(association.fileHandleId ?? '');
  }

  url(handle: M.FileHandle): string {
    return handleUrl(this.#world, handle);
  }

  async store(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    file: NewFile,
  ): Promise<HandleRecord<M.S3FileHandle>> {
    const blob = await this.#world.blobs.save(content);
    return this.objects.keep(blob, () => this.record(blob, file));
  }

  record(blob: Blob, file: NewFile): HandleRecord<M.S3FileHandle> {
    const name = {
      bucket: defaultBucket,
      key: storageKey({
        userId: file.createdBy,
        uuid: this.#world.uuid(),
        fileName: file.fileName,
      }),
    };
    this.objects.putBlob(name, blob, {
      contentType: file.contentType,
      contentDisposition: contentDisposition(file.fileName),
      ...(file.contentEncoding !== undefined && { contentEncoding: file.contentEncoding }),
    });
    return this.create<M.S3FileHandle>(
      {
        concreteType: handleTypes.s3,
        contentType: file.contentType,
        contentMd5: blob.md5,
        fileName: file.fileName,
        storageLocationId: defaultLocationId,
        contentSize: blob.size,
        bucketName: name.bucket,
        key: name.key,
        isPreview: false,
      },
      file.createdBy,
    );
  }

  read(handle: M.FileHandle, range?: ByteRange): Readable {
    if (!isCloudHandle(handle)) {
      throw badRequest(`File handle ${handle.id ?? ''} is not stored by this server.`);
    }
    const object = this.objects.get(objectName(handle));
    if (!object) throw notFound(`The content of file handle ${handle.id ?? ''} does not exist.`);
    return this.objects.read(object, range);
  }

  hasContent(handle: CloudHandle): boolean {
    return this.objects.get(objectName(handle)) !== undefined;
  }
}

function isCreator(caller: Caller, handle: HandleRecord): boolean {
  return caller.isAdmin || (!caller.isAnonymous && handle.createdBy === String(caller.userId));
}

/** Place of the content of a handle. */
export function objectName(handle: CloudHandle): { bucket: string; key: string } {
  return { bucket: handle.bucketName ?? '', key: handle.key ?? '' };
}

function objectKey(handle: CloudHandle): string {
  return `${handle.bucketName ?? ''}/${handle.key ?? ''}`;
}

/** Message for a handle that does not exist. */
export function fileHandleNotFound(id: string): string {
  return `FileHandle: '${id}' cannot be found`;
}

/** Message for a file that the caller may not read through an association. */
export function notAssociated(association: M.FileHandleAssociation): string {
  const { fileHandleId = '', associateObjectId = '', associateObjectType = '' } = association;
  return (
    `FileHandleId: ${fileHandleId} is not associated with objectId: ${associateObjectId} ` +
    `of type: ${associateObjectType}`
  );
}

/** @throws 400 naming the property that is missing */
export function checkAssociation(association: M.FileHandleAssociation): void {
  for (const name of ['fileHandleId', 'associateObjectId', 'associateObjectType'] as const) {
    if (association[name] === undefined) {
      throw badRequest(`FileHandleAssociation.${name} cannot be null`);
    }
  }
}
