import type { CommonOptions } from '../options.js';
import { hashParts, type PartHashes } from './hashParts.js';
import { planParts, type PartPlan } from './partPlan.js';
import type { SourceFile } from './sourceFile.js';
import { TransferProgress } from './transferProgress.js';

/** How to split a file. */
export interface PrepareOptions extends CommonOptions {
  /** Bytes; at least 5 MiB are used, and at most 10,000 parts. @default 8 MiB */
  partSize?: number | undefined;
}

/** A file with its MD5, which Synapse needs before the first part. */
export interface PreparedUpload extends PartHashes {
  plan: PartPlan;
}

/** Plans the parts of a file and hashes them. */
export async function prepareUpload(
  source: SourceFile,
  options: PrepareOptions,
): Promise<PreparedUpload> {
  const plan = planParts(source.size, options.partSize);
  const progress = new TransferProgress('hash', source.path, options);
  progress.start(source.size);
  try {
    options.signal?.throwIfAborted();
    const hashes = await hashParts(source, plan, {
      onBytes: (bytes) => progress.add(bytes),
      signal: options.signal,
    });
    progress.done();
    return { ...hashes, plan };
  } catch (error) {
    progress.failed(error);
    throw error;
  }
}
