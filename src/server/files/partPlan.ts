import { limits } from '../limits.js';

/** Smallest part the service accepts, in bytes; only the last part of an upload may be smaller. */
export const minPartBytes = 5 * 1024 ** 2;
/** Largest part the service accepts, in bytes. */
export const maxPartBytes = limits.partSize;
/** Largest file the service accepts, in bytes. */
export const maxFileBytes = limits.fileSize;
/** Maximum number of parts one upload may have. */
export const maxParts = limits.parts;

/**
 * The message of `POST /file/v1/file/multipart` for a file size that is not accepted.
 *
 * @returns the reason, or `undefined` when the size is accepted
 */
export function fileSizeProblem(fileSizeBytes: number): string | undefined {
  if (fileSizeBytes < 1) return 'File size must be at least one byte';
  if (fileSizeBytes > maxFileBytes) return 'The maximum file size is 5 TB';
  return undefined;
}

/** The message for a part size that is not accepted, or `undefined`. */
export function partSizeProblem(partSizeBytes: number): string | undefined {
  if (partSizeBytes < minPartBytes) {
    return `The part size must be at least ${minPartBytes} bytes.`;
  }
  if (partSizeBytes > maxPartBytes) {
    return `The part size must not exceed ${maxPartBytes} bytes.`;
  }
  return undefined;
}

/** Number of parts of a file, at least one. */
export function countParts(fileSizeBytes: number, partSizeBytes: number): number {
  return Math.max(1, Math.ceil(fileSizeBytes / partSizeBytes));
}

/** The message for a number of parts that is not accepted, or `undefined`. */
export function partCountProblem(parts: number): string | undefined {
  if (parts <= maxParts) return undefined;
  return (
    `File Upload would require ${parts} parts, which exceeds the maximum number of allowed ` +
    `parts of: ${maxParts}. Please choose a larger part size.`
  );
}

/**
 * The message for a part number that is not valid in an upload of `parts` parts, or `undefined`.
 */
export function partNumberProblem(partNumber: number, parts: number): string | undefined {
  if (partNumber < 1) return 'Part numbers cannot be less than one.';
  if (partNumber > parts) {
    return (
      'Part number cannot be larger than number of parts. ' +
      `Number of parts: ${parts}, provided part number: ${partNumber}`
    );
  }
  return undefined;
}

/** Byte range of one part (1-based); `end` is exclusive. */
export function partRange(
  partNumber: number,
  sizes: { partSizeBytes: number; fileSizeBytes: number },
): { start: number; end: number } {
  const start = (partNumber - 1) * sizes.partSizeBytes;
  return { start, end: Math.min(start + sizes.partSizeBytes, sizes.fileSizeBytes) };
}
