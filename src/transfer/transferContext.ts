import type { FileService } from '../../generated/services.js';
import type { StorageWire } from './storageWire.js';

/** The operations of Synapse that transfers are made of. */
export type TransferService = Pick<
  FileService,
  | 'addMultipartUploadPart'
  | 'completeMultipartUpload'
  | 'createMultipartUpload'
  | 'getFileHandleBatch'
  | 'getMultipartUploadUrlBatch'
>;

/** What the transfer functions need of a client. */
export interface TransferContext {
  services: { file: TransferService };
  /** One for all transfers of a client: it bounds how many connections they use together. */
  storage: StorageWire;
}
