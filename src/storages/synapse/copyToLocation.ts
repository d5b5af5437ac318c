import type * as M from '../../../generated/models.js';
import type { CommonOptions } from '../../options.js';
import { copyPartMd5 } from './copyPart.js';
import { runMultipart } from './multipart.js';
import { partRange, planCopyPartSize } from '../../transfer/partPlan.js';
import type { UploadContext } from './synapseContext.js';
import { TransferProgress } from '../../transfer/transferProgress.js';

/** Options for copying a file. */
export interface CopyOptions extends CommonOptions {
  /** A file that the caller may download, in the storage of Synapse, S3 or Google. */
  source: M.FileHandleAssociation;
  /** Bytes of the file. */
  size: number;
  /** A storage location of the caller, in the same region as the source. */
  storageLocationId: number | string;
  /** @default the current file name */
  fileName?: string | undefined;
  /** Bytes. @default 100 MiB, and more for files over 1 TB */
  partSize?: number | undefined;
  /** Whether Synapse creates a preview of the copy. @default true */
  generatePreview?: boolean | undefined;
  /** Whether to start again, ignoring parts that an earlier attempt copied. @default false */
  forceRestart?: boolean | undefined;
}

/**
 * Copies a file to another storage location. The stores copy the content; it is not downloaded.
 * @returns the id of the new file handle
 * @throws UploadError when parts cannot be copied; call again to resume
 * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
 */
export async function copyToLocation(
  context: UploadContext,
  options: CopyOptions,
): Promise<string> {
  const { source, size, fileName, signal, generatePreview = true, forceRestart = false } = options;
  const partSizeBytes = options.partSize ?? planCopyPartSize(size);
  const progress = new TransferProgress('upload', fileName ?? source.fileHandleId ?? '', options);
  const sizeOf = (partNumber: number): number => {
    const { start, end } = partRange(size, partSizeBytes, partNumber);
    return end - start;
  };
  try {
    const fileHandleId = await runMultipart(context, {
      request: {
        concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadCopyRequest',
        sourceFileHandleAssociation: source,
        storageLocationId: Number(options.storageLocationId),
        partSizeBytes,
        generatePreview,
        fileName,
      },
      partCount: Math.ceil(size / partSizeBytes),
      forceRestart,
      connections: { start: 4, maximum: 16 },
      signal,
      send: async ({ url, headers }, partNumber, { onSent, signal: partSignal }) => {
        // The headers name the bytes to copy. The request has no body.
        const { body } = await context.storage.put(url, { headers, size: 0, signal: partSignal });
        const md5 = copyPartMd5(body);
        onSent(sizeOf(partNumber));
        return md5;
      },
      checkUnchanged: () => Promise.resolve(),
      onStart: (present) => {
        progress.start(
          size,
          present.map(sizeOf).reduce((sum, each) => sum + each, 0),
        );
      },
      onBytes: (bytes) => progress.add(bytes),
      onRetry: (error) => progress.retry(error),
    });
    progress.done();
    return fileHandleId;
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}
