import type * as M from '../../generated/models.js';
import type { CommonOptions } from '../options.js';
import type { StoredObject } from '../transfer/storedObject.js';
import type { StorageContext } from './storageContext.js';

/** A file in Synapse, with its content in any storage. */
export interface StoredFile {
  handle: M.FileHandle;
  /** The file handle and the object that it belongs to. */
  association: Required<M.FileHandleAssociation>;
}

/** A local file to upload. */
export interface FileToPut extends CommonOptions {
  path: string;
  fileName: string;
  contentType: string;
  /** The Synapse container of the file. */
  parentId: string;
}

/** A file to copy from storage to storage. */
export interface CopyRequest extends CommonOptions {
  /** A file that the caller may download. */
  source: M.FileHandleAssociation;
  /** Bytes of the file. */
  size: number;
  /** A storage location of the caller, in the same region as the source. */
  storageLocationId: number | string;
  /** @default the current file name */
  fileName?: string | undefined;
}

/**
 * A kind of file storage. Every storage can be read; `put` and `copy` are absent when the storage does not support them.
 * A storage object has no state: reusable connections and credentials are in `ctx.state`.
 */
export interface Storage {
  /**
   * Opens a file for reading. The reader closes it.
   * @throws {@link NotFoundError}, {@link AuthorizationError} when Synapse does not allow the download
   * @throws {@link NoCredentialsError} when the storage requires credentials and the configuration has none
   */
  readonly open: (
    ctx: StorageContext,
    file: StoredFile,
    options: { signal?: AbortSignal | undefined },
  ) => Promise<StoredObject>;
  /**
   * Uploads a local file and checks that it arrived completely. Resumes an interrupted upload. The file appears under its
   * name only when it is complete.
   * @returns the file handle: with an `id` if the upload created it, otherwise the file handle to create
   * @throws {@link UploadError} when the file changes during the upload
   */
  readonly put?: (
    ctx: StorageContext,
    destination: M.UploadDestination,
    file: FileToPut,
  ) => Promise<M.FileHandle>;
  /**
   * Copies a file to another storage location, without transferring its content through this machine.
   * @returns the id of the new file handle
   */
  readonly copy?: (ctx: StorageContext, request: CopyRequest) => Promise<string>;
}
