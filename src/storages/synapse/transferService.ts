import type { FileService } from '../../../generated/services.js';

/** The operations of Synapse that transfers are made of. */
export type TransferService = Pick<
  FileService,
  | 'addMultipartUploadPart'
  | 'completeMultipartUpload'
  | 'createMultipartUpload'
  | 'getFileHandleBatch'
  | 'getMultipartUploadUrlBatch'
>;
