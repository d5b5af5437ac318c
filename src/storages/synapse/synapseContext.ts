import type { StorageWire } from '../../transfer/storageWire.js';
import type { FileHandleBatch } from './fileHandleBatch.js';
import type { TransferService } from './transferService.js';

/** The part of the client that downloads with presigned URLs use. */
export interface DownloadContext {
  /** Shared by all transfers of a client: it limits their total number of connections. */
  readonly storage: StorageWire;
  readonly state: {
    /** Shared by all downloads of a client, so that they share calls. */
    readonly fileHandles: FileHandleBatch;
  };
}

/** The part of the client that uploads with presigned URLs use. */
export interface UploadContext {
  readonly services: { readonly file: TransferService };
  readonly storage: StorageWire;
}
