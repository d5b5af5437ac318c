import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { filePieces } from './filePieces.js';
import { partRange, type PartPlan } from './partPlan.js';

/** The MD5s that a multipart upload needs, in lower-case hexadecimal. */
export interface PartHashes {
  md5: string;
  /** One a part. */
  partMd5s: string[];
}

/** Computes the MD5 of a file and of its parts in one read. */
export async function hashParts(
  file: FileHandle,
  size: number,
  plan: PartPlan,
  options: { onBytes: (bytes: number) => void; cut: () => Error; signal?: AbortSignal | undefined },
): Promise<PartHashes> {
  const whole = createHash('md5');
  const partMd5s: string[] = [];
  for (let number = 1; number <= plan.partCount; number += 1) {
    const part = plan.partCount === 1 ? undefined : createHash('md5');
    const range = partRange(size, plan.partSize, number);
    for await (const piece of filePieces(file, range, options.cut)) {
      options.signal?.throwIfAborted();
      whole.update(piece);
      part?.update(piece);
      options.onBytes(piece.length);
    }
    if (part !== undefined) partMd5s.push(part.digest('hex'));
  }
  const md5 = whole.digest('hex');
  return { md5, partMd5s: plan.partCount === 1 ? [md5] : partMd5s };
}
