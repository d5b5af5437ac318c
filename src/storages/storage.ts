import type * as M from '../../generated/models.js';
import type { CommonOptions } from '../options.js';
import type { StoredObject } from '../transfer/storedObject.js';
import type { StorageContext } from './storageContext.js';

/** A file that Synapse knows of, wherever its content is. */
export interface StoredFile {
  handle: M.FileHandle;
  /** The file handle by way of the object that it belongs to. */
  association: Required<M.FileHandleAssociation>;
}

/** A local file to upload. */
export interface FileToPut extends CommonOptions {
  path: string;
  fileName: string;
  contentType: string;
  /** The container in Synapse that the file is for. */
  parentId: string;
}

/** A file to copy from storage to storage. */
export interface CopyRequest extends CommonOptions {
  /** A file that the caller may download. */
  source: M.FileHandleAssociation;
  /** Bytes of the file. */
  size: number;
  /** A location of the caller's, in the same region as the source. */
  storageLocationId: number | string;
  /** @default the name that the file has */
  fileName?: string | undefined;
}

/**
 * A kind of storage that files can be kept in. Every storage can be read; `put` and `copy` are there where the storage can.
 * A storage object has no state: connections and credentials that are used again are in `ctx.state`.
 */
export interface Storage {
  /**
   * Opens a file for reading. What reads it closes it.
   * @throws {@link NotFoundError}, {@link AuthorizationError} when Synapse does not give the file
   * @throws {@link NoCredentialsError} when the storage wants credentials and the configuration has none
   */
  readonly open: (
    ctx: StorageContext,
    file: StoredFile,
    options: { signal?: AbortSignal | undefined },
  ) => Promise<StoredObject>;
  /**
   * Uploads a local file, checks that all of it arrived, and goes on with an upload that was interrupted. Nothing appears
   * in the storage under the name of the file before that.
   * @returns the file handle: with its `id` when the upload has made one, else as it is to be made
   * @throws {@link UploadError} when the file changes meanwhile
   */
  readonly put?: (
    ctx: StorageContext,
    destination: M.UploadDestination,
    file: FileToPut,
  ) => Promise<M.FileHandle>;
  /**
   * Copies a file to another storage location; its bytes do not pass through this machine.
   * @returns the id of the new file handle
   */
  readonly copy?: (ctx: StorageContext, request: CopyRequest) => Promise<string>;
}
