import type { BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as M from '../../generated/models.js';
import { ArgumentError, fileSystemError, FileSystemError, UploadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { guessContentType } from './contentType.js';
import { hashParts } from './hashParts.js';
import { planParts, type PartPlan } from './partPlan.js';
import { TransferProgress } from './transferProgress.js';

/** A file to upload, and what Synapse is to know of it. */
export interface UploadFileOptions extends CommonOptions {
  path: string;
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

/** A local file that was read once: Synapse wants its MD5 before the first part. */
export interface PreparedUpload {
  request: Required<Omit<M.MultipartUploadRequest, 'storageLocationId'>> & {
    storageLocationId?: number;
  };
  size: number;
  md5: string;
  partMd5s: readonly string[];
  plan: PartPlan;
  /** @throws UploadError when the file is not the one that was read */
  checkUnchanged: () => Promise<void>;
}

/**
 * Reads a file and states the request that starts its upload.
 * @throws FileSystemError when it cannot be read; ArgumentError when it is empty
 */
export async function prepareUpload(options: UploadFileOptions): Promise<PreparedUpload> {
  const { path, signal, generatePreview = true, storageLocationId } = options;
  signal?.throwIfAborted();
  const file = await openForReading(path);
  try {
    const before = await file.stat({ bigint: true });
    checkContent(path, before);
    const size = Number(before.size);
    const plan = planParts(size, options.partSize);
    const { md5, partMd5s } = await hash(file, size, plan, options);
    return {
      request: {
        concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
        contentType: options.contentType ?? guessContentType(basename(path)),
        contentMD5Hex: md5,
        fileName: options.fileName ?? basename(path),
        fileSizeBytes: size,
        generatePreview,
        partSizeBytes: plan.partSize,
        ...(storageLocationId === undefined
          ? {}
          : { storageLocationId: Number(storageLocationId) }),
      },
      size,
      md5,
      partMd5s,
      plan,
      checkUnchanged: async () => {
        const now = await stat(path, { bigint: true }).catch(() => undefined);
        if (now === undefined || !isSameContent(before, now)) throw changedWhileUploading(path);
      },
    };
  } finally {
    await file.close();
  }
}

async function hash(
  file: FileHandle,
  size: number,
  plan: PartPlan,
  options: UploadFileOptions,
): Promise<{ md5: string; partMd5s: string[] }> {
  const { path, signal } = options;
  const progress = new TransferProgress('hash', path, options);
  progress.start(size);
  try {
    const hashes = await hashParts(file, {
      size,
      plan,
      onBytes: (bytes) => progress.add(bytes),
      cut: () => changedWhileUploading(path),
      signal,
    });
    progress.done();
    return hashes;
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}

/** @throws FileSystemError */
export async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw fileSystemError('Cannot read', path, cause);
  }
}

/** The error for a file that is not what it was when it was read. */
export function changedWhileUploading(path: string): UploadError {
  return new UploadError(
    `${path} changed while it was uploaded. Nothing was stored; store it again when it does not change any more.`,
  );
}

function checkContent(path: string, info: BigIntStats): void {
  if (info.isDirectory()) {
    throw new FileSystemError(`${path} is a folder; only files can be uploaded.`, {
      path,
      code: 'EISDIR',
    });
  }
  if (!info.isFile()) {
    throw new ArgumentError(`${path} is not a regular file; give its content as a stream.`);
  }
  if (info.size === 0n) {
    throw new ArgumentError(`${path} is empty; Synapse does not accept empty files.`);
  }
}

function isSameContent(one: BigIntStats, other: BigIntStats): boolean {
  return one.size === other.size && one.mtimeNs === other.mtimeNs && one.ino === other.ino;
}
