import type { Readable } from 'node:stream';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, notFound, ServiceError } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import type { Blob } from './blobs.js';
import type { ByteRange } from './byteRange.js';
import { storageKey } from './fileName.js';
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

/**
 * Whether an object really refers to a file handle, and the caller may download from that object. May
 * also throw the `ServiceError` that says why not.
 */
export type AssociationCheck = (caller: Caller, objectId: string, fileHandleId: string) => boolean;

/** What {@link Files} needs of the world. */
export type FilesWorld = Pick<
  World,
  'store' | 'blobs' | 'urls' | 'conditions' | 'now' | 'timestamp' | 'uuid' | 'secret'
>;

/** A file that the server itself makes, such as the answer to a query as CSV. */
export interface NewFile {
  readonly createdBy: number;
  readonly fileName: string;
  readonly contentType: string;
  /** Of a content that is compressed, e.g. `gzip`. */
  readonly contentEncoding?: string;
  /** Whether it is the preview of another file. @default false */
  readonly isPreview?: boolean;
}

/** File handles: who may see them, where their content is, and making and deleting them. */
export class Files {
  /** The buckets behind file handles. */
  readonly objects: ObjectStore;
  readonly #world: FilesWorld;
  readonly #handles: Collection<HandleRecord>;
  readonly #byObject: Index<HandleRecord>;
  readonly #byMd5: Index<HandleRecord>;
  readonly #nextId: () => number;
  readonly #associations = new Map<M.FileHandleAssociateType, AssociationCheck>();
  readonly #links: ((fileHandleId: string) => boolean)[] = [];

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

  /**
   * Tells how files of one kind of object are reached: by `GET /file/v1/file/{id}`, by
   * `POST /file/v1/fileHandle/batch` and by copying. Creators and administrators need no association.
   */
  defineAssociation(type: M.FileHandleAssociateType, check: AssociationCheck): void {
    if (this.#associations.has(type)) throw new Error(`Association defined twice: ${type}`);
    this.#associations.set(type, check);
  }

  /** Adds a reason why a handle cannot be deleted: something refers to it. */
  defineLink(isLinked: (fileHandleId: string) => boolean): void {
    this.#links.push(isLinked);
  }

  find(id: string): HandleRecord | undefined {
    return this.#handles.get(id);
  }

  /** @throws 404 */
  get(id: string): HandleRecord {
    const handle = this.find(id);
    if (!handle) throw notFound(`FileHandle: '${id}' cannot be found`);
    return handle;
  }

  /**
   * A handle by its bare id, which is for its creator alone.
   *
   * @param reason - given with the 403 instead of the usual one
   * @throws 404, 403
   */
  getOwn(caller: Caller, id: string, reason?: string): HandleRecord {
    const handle = this.get(id);
    if (isCreator(caller, handle)) return handle;
    throw forbidden(
      reason ??
        'Only the creator of a FileHandle can access it directly by its ID.  ' +
          `FileHandleId = '${id}', UserId = '${caller.userId}'`,
    );
  }

  findByMd5(md5: string): HandleRecord[] {
    return this.#byMd5.find(md5.toLowerCase());
  }

  /** Makes a handle; the server's own properties are added. */
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
    return record as HandleRecord<H>;
  }

  /** Gives a handle a preview, or takes it away, and with it a new etag. */
  setPreview(id: string, previewId: string | undefined): void {
    const handle = this.get(id);
    if (!isCloudHandle(handle)) return;
    const changed = {
      ...handle,
      etag: this.#world.uuid(),
      modifiedOn: this.#world.timestamp(),
    };
    if (previewId === undefined) delete changed.previewId;
    else changed.previewId = previewId;
    this.#handles.put(id, changed);
  }

  /**
   * Deletes a handle, its preview, and the stored content when no other handle shares it.
   * A handle that does not exist is no error.
   *
   * @throws 403 for another's handle, 409 when something refers to it
   */
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

  /** Whether the caller may read the content of a handle through an association. */
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

  /**
   * The handle an association leads to.
   *
   * @throws 400 when the association is incomplete, 403 without permission, 404 without the handle
   */
  getAssociated(caller: Caller, association: M.FileHandleAssociation): HandleRecord {
    checkAssociation(association);
    if (!this.#checkDownload(caller, association)) {
      const { fileHandleId = '', associateObjectId = '', associateObjectType = '' } = association;
      throw forbidden(
        `FileHandleId: ${fileHandleId} is not associated with objectId: ${associateObjectId} ` +
          `of type: ${associateObjectType}`,
      );
    }
    return this.get(association.fileHandleId ?? '');
  }

  /** URL of the content: presigned for a file of this server, else where the content is said to be. */
  url(handle: M.FileHandle): string {
    return handleUrl(this.#world, handle);
  }

  /** Stores content and makes a handle for it, in the storage of the service. */
  async store(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    file: NewFile,
  ): Promise<HandleRecord<M.S3FileHandle>> {
    const blob = await this.#world.blobs.save(content);
    return this.objects.keep(blob, () => this.record(blob, file));
  }

  /** Makes a handle for content that is on disk, in the storage of the service. */
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
        isPreview: file.isPreview ?? false,
      },
      file.createdBy,
    );
  }

  /**
   * Content of a handle.
   *
   * @throws 400 when the content is not in the storage of this server, 404 when it is gone
   */
  read(handle: M.FileHandle, range?: ByteRange): Readable {
    if (!isCloudHandle(handle)) {
      throw badRequest(`File handle ${handle.id ?? ''} is not stored by this server.`);
    }
    const object = this.objects.get(objectName(handle));
    if (!object) throw notFound(`The content of file handle ${handle.id ?? ''} does not exist.`);
    return this.objects.read(object, range);
  }

  /** Whether the stored content of a handle is there. */
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

/** @throws 400 naming the property that is missing */
export function checkAssociation(association: M.FileHandleAssociation): void {
  for (const name of ['fileHandleId', 'associateObjectId', 'associateObjectType'] as const) {
    if (association[name] === undefined) {
      throw badRequest(`FileHandleAssociation.${name} cannot be null`);
    }
  }
}
