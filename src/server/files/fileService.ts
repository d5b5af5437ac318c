import type { Readable } from 'node:stream';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import type { Blob } from './blobs.js';
import type { ByteRange } from './byteRange.js';
import type { CloudHandle, HandleRecord, NewHandle } from './handleRecords.js';
import type { ObjectStore } from './objectStore.js';

/**
 * Whether an object really refers to a file handle, and the caller may download from that object. May
 * also throw the `ServiceError` that says why not.
 */
export type AssociationCheck = (caller: Caller, objectId: string, fileHandleId: string) => boolean;

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
export interface FileService {
  /** The buckets behind file handles. */
  readonly objects: ObjectStore;
  /**
   * Tells how files of one kind of object are reached: by `GET /file/v1/file/{id}`, by
   * `POST /file/v1/fileHandle/batch` and by copying. Creators and administrators need no association.
   */
  defineAssociation(type: M.FileHandleAssociateType, check: AssociationCheck): void;
  /** Adds a reason why a handle cannot be deleted: something refers to it. */
  defineLink(isLinked: (fileHandleId: string) => boolean): void;
  find(id: string): HandleRecord | undefined;
  /** @throws 404 */
  get(id: string): HandleRecord;
  /**
   * A handle by its bare id, which is for its creator alone.
   *
   * @param reason - given with the 403 instead of the usual one
   * @throws 404, 403
   */
  getOwn(caller: Caller, id: string, reason?: string): HandleRecord;
  findByMd5(md5: string): HandleRecord[];
  /** Makes a handle; the server's own properties are added. */
  create<H extends M.FileHandle>(handle: NewHandle<H>, createdBy: number): HandleRecord<H>;
  /** Gives a handle a preview, or takes it away, and with it a new etag. */
  setPreview(id: string, previewId: string | undefined): void;
  /**
   * Deletes a handle, its preview, and the stored content when no other handle shares it.
   * A handle that does not exist is no error.
   *
   * @throws 403 for another's handle, 409 when something refers to it
   */
  delete(caller: Caller, id: string): void;
  /** Whether the caller may read the content of a handle through an association. */
  mayDownload(caller: Caller, association: M.FileHandleAssociation): boolean;
  /**
   * The handle an association leads to.
   *
   * @throws 400 when the association is incomplete, 403 without permission, 404 without the handle
   */
  getAssociated(caller: Caller, association: M.FileHandleAssociation): HandleRecord;
  /** URL of the content: presigned for a file of this server, else where the content is said to be. */
  url(handle: M.FileHandle): string;
  /** Stores content and makes a handle for it, in the storage of the service. */
  store(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    file: NewFile,
  ): Promise<HandleRecord<M.S3FileHandle>>;
  /** Makes a handle for content that is on disk, in the storage of the service. */
  record(blob: Blob, file: NewFile): HandleRecord<M.S3FileHandle>;
  /**
   * Content of a handle.
   *
   * @throws 400 when the content is not in the storage of this server, 404 when it is gone
   */
  read(handle: M.FileHandle, range?: ByteRange): Readable;
  /** Whether the stored content of a handle is there. */
  hasContent(handle: CloudHandle): boolean;
}
