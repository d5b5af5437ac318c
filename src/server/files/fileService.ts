import type { Readable } from 'node:stream';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import type { Blob } from './blobs.js';
import type { ByteRange } from './byteRange.js';
import type { CloudHandle, HandleRecord, NewHandle } from './handleRecords.js';
import type { ObjectStore } from './objectStore.js';

/**
 * Checks that an object refers to a file handle and that the caller may download it. May also throw
 * a `ServiceError` with the reason.
 */
export type AssociationCheck = (caller: Caller, objectId: string, fileHandleId: string) => boolean;

/** A file that the server creates, such as a query result as CSV. */
export interface NewFile {
  readonly createdBy: number;
  readonly fileName: string;
  readonly contentType: string;
  /** Encoding of compressed content, e.g. `gzip`. */
  readonly contentEncoding?: string;
}

/** Options of {@link FileService.requireAttachable}. */
export interface AttachOptions {
  /** The handles that the object has already. @default none */
  readonly attached?: readonly (string | undefined)[];
  /** Message of the 403 instead of the default. */
  readonly reason?: string;
}

/** Manages file handles: permissions, content, creation and deletion. */
export interface FileService {
  /** The buckets behind file handles. */
  readonly objects: ObjectStore;
  /**
   * Defines who may download the files of one type of object by `GET /file/v1/file/{id}`, by `POST
   * /file/v1/fileHandle/batch` or by copying. Creators and administrators need no association.
   */
  defineAssociation(type: M.FileHandleAssociateType, check: AssociationCheck): void;
  /** Adds a check for references to a handle. A handle with references cannot be deleted. */
  defineLink(isLinked: (fileHandleId: string) => boolean): void;
  find(id: string): HandleRecord | undefined;
  /** @throws 404 */
  get(id: string): HandleRecord;
  /**
   * Returns a handle by its id. Only its creator may use the id alone.
   *
   * @param reason - message of the 403 instead of the default
   * @throws 404, 403
   */
  getOwn(caller: Caller, id: string, reason?: string): HandleRecord;
  /** Whether a handle exists and the caller created it or is an administrator. */
  isOwn(caller: Caller, id: string): boolean;
  /**
   * Checks that the caller may attach files to an object. All users who can read the object can then
   * read the files, so every request that names a file handle for an object is checked here.
   *
   * @param ids - the handles that the object shall have
   * @throws 404 when a handle does not exist, 403 when another user created it and the object does
   * not have it yet
   */
  requireAttachable(
    caller: Caller,
    ids: readonly (string | undefined)[],
    options?: AttachOptions,
  ): void;
  findByMd5(md5: string): HandleRecord[];
  /** Creates a handle and adds the properties that the server sets. */
  create<H extends M.FileHandle>(handle: NewHandle<H>, createdBy: number): HandleRecord<H>;
  /** Adds a function that is called with each handle that was created, or that lost its preview. */
  watch(onHandle: (handle: HandleRecord) => void): void;
  /** Sets or removes the preview of a handle. The handle gets a new etag. */
  setPreview(id: string, previewId: string | undefined): void;
  /**
   * Deletes a handle, its preview, and the stored content when no other handle shares it. It is no
   * error if the handle does not exist.
   *
   * @throws 403 for the handle of another user, 409 when an object refers to it
   */
  delete(caller: Caller, id: string): void;
  /** Whether the caller may read the content of a handle through an association. */
  mayDownload(caller: Caller, association: M.FileHandleAssociation): boolean;
  /**
   * Returns the handle of an association.
   *
   * @throws 400 when the association is incomplete, 403 without permission, 404 without the handle
   */
  getAssociated(caller: Caller, association: M.FileHandleAssociation): HandleRecord;
  /** URL of the content: presigned for a file of this server, otherwise the external URL. */
  url(handle: M.FileHandle): string;
  /** Stores content in the storage of the service and creates a handle for it. */
  store(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    file: NewFile,
  ): Promise<HandleRecord<M.S3FileHandle>>;
  /** Creates a handle in the storage of the service for content that is on disk. */
  record(blob: Blob, file: NewFile): HandleRecord<M.S3FileHandle>;
  /**
   * Content of a handle.
   *
   * @throws 400 when the content is not in the storage of this server, 404 when it does not exist
   */
  read(handle: M.FileHandle, range?: ByteRange): Readable;
  /** Whether the stored content of a handle exists. */
  hasContent(handle: CloudHandle): boolean;
}
