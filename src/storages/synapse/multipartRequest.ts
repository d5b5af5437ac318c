import { basename } from 'node:path';
import type * as M from '../../../generated/models.js';
import { guessContentType } from '../../transfer/contentType.js';
import type { PreparedUpload, PrepareOptions } from '../../transfer/prepareUpload.js';
import type { SourceFile } from '../../transfer/sourceFile.js';

/** The properties of the uploaded file. */
export interface UploadFileOptions extends PrepareOptions {
  /** @default the last part of the path */
  fileName?: string | undefined;
  /** @default guessed from the name of the local file */
  contentType?: string | undefined;
  /** @default the storage of Synapse */
  storageLocationId?: number | string | undefined;
  /** Whether Synapse creates a preview of the content. @default true */
  generatePreview?: boolean | undefined;
}

/** Creates the request that starts the upload of a file. Synapse recognizes an interrupted upload by it. */
export async function multipartRequest(
  { path, size }: SourceFile,
  { md5, plan }: PreparedUpload,
  { fileName, contentType, storageLocationId, generatePreview = true }: UploadFileOptions,
): Promise<M.MultipartUploadRequest> {
  return {
    concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
    contentType: contentType || (await guessContentType(basename(path))),
    contentMD5Hex: md5,
    fileName: fileName || basename(path),
    fileSizeBytes: size,
    generatePreview,
    partSizeBytes: plan.partSize,
    storageLocationId: storageLocationId === undefined ? undefined : Number(storageLocationId),
  };
}
