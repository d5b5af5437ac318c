import type { FileService } from '../../../generated/services.js';

/** The Synapse operations that transfers use. */
export type TransferService = Pick<
  FileService,
  | 'addMultipartUploadPart'
  | 'completeMultipartUpload'
  | 'createMultipartUpload'
  | 'getFileHandleBatch'
  | 'getMultipartUploadUrlBatch'
>;
