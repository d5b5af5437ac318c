import { basename } from 'node:path';
import type * as M from '../../generated/models.js';
import type { CommonOptions } from '../options.js';
import { guessContentType } from './contentType.js';
import { hashParts, type PartHashes } from './hashParts.js';
import { planParts, type PartPlan } from './partPlan.js';
import type { SourceFile } from './sourceFile.js';
import { TransferProgress } from './transferProgress.js';

/** What Synapse is to know of a file. */
export interface UploadFileOptions extends CommonOptions {
  /** @default the last part of the path */
  fileName?: string | undefined;
  /** @default guessed from the name of the local file */
  contentType?: string | undefined;
  /** @default the storage of Synapse */
  storageLocationId?: number | string | undefined;
  /** Bytes; at least 5 MiB are used, and at most 10,000 parts. @default 8 MiB */
  partSize?: number | undefined;
  /** Asks Synapse for a preview of the content. @default true */
  generatePreview?: boolean | undefined;
}

/** A file that was read once: Synapse wants its MD5 before the first part. */
export interface PreparedUpload extends PartHashes {
  request: Required<Omit<M.MultipartUploadRequest, 'storageLocationId'>> & {
    storageLocationId?: number;
  };
  plan: PartPlan;
}

/** Reads a file and states the request that starts its upload. */
export async function prepareUpload(
  source: SourceFile,
  options: UploadFileOptions,
): Promise<PreparedUpload> {
  const { path, size } = source;
  const { generatePreview = true, storageLocationId } = options;
  const plan = planParts(size, options.partSize);
  const hashes = await hash(source, plan, options);
  return {
    ...hashes,
    plan,
    request: {
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      contentType: options.contentType || guessContentType(basename(path)),
      contentMD5Hex: hashes.md5,
      fileName: options.fileName || basename(path),
      fileSizeBytes: size,
      generatePreview,
      partSizeBytes: plan.partSize,
      ...(storageLocationId === undefined ? {} : { storageLocationId: Number(storageLocationId) }),
    },
  };
}

async function hash(
  source: SourceFile,
  plan: PartPlan,
  options: UploadFileOptions,
): Promise<PartHashes> {
  const progress = new TransferProgress('hash', source.path, options);
  progress.start(source.size);
  try {
    options.signal?.throwIfAborted();
    const hashes = await hashParts(source, plan, {
      onBytes: (bytes) => progress.add(bytes),
      signal: options.signal,
    });
    progress.done();
    return hashes;
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}
