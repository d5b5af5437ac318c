import type { StorageWire } from '../../transfer/storageWire.js';
import type { FileHandleBatch } from './fileHandleBatch.js';
import type { TransferService } from './transferService.js';

/** What reading with URLs of Synapse needs of a client. */
export interface DownloadContext {
  /** One for all transfers of a client: it bounds how many connections they use together. */
  readonly storage: StorageWire;
  readonly state: {
    /** One for all downloads of a client, so that they share calls. */
    readonly fileHandles: FileHandleBatch;
  };
}

/** What uploads with URLs of Synapse need of a client. */
export interface UploadContext {
  readonly services: { readonly file: TransferService };
  readonly storage: StorageWire;
}
