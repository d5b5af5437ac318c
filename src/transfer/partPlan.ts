const MiB = 1024 * 1024;

/** The default part size: 8 MiB. */
export const defaultPartSize = 8 * MiB;

/** The minimum part size. Only the last part may be smaller. */
const minimumPartSize = 5 * MiB;

/** The maximum number of parts of `POST /file/v1/file/multipart`. */
const maximumPartCount = 10_000;

/** How a file is split into parts. */
export interface PartPlan {
  /** Bytes. */
  partSize: number;
  partCount: number;
}

/** A range of bytes, without `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Splits a file for a multipart upload: at least 5 MiB per part, at most 10,000 parts.
 *
 * Synapse recognizes an interrupted upload by the part size, among other things. It is therefore
 * the same for the same file in every client.
 * @param requestedPartSize bytes; 0 means the default
 */
export function planParts(fileSize: number, requestedPartSize = 0): PartPlan {
  const partSize = Math.max(
    requestedPartSize === 0 ? defaultPartSize : requestedPartSize,
    minimumPartSize,
    Math.ceil(fileSize / maximumPartCount),
  );
  return { partSize, partCount: Math.ceil(fileSize / partSize) };
}

/** The part size for copying a file between storage locations: nothing is sent, so parts are large. */
export function planCopyPartSize(fileSize: number): number {
  return Math.max(100 * MiB, Math.ceil(fileSize / maximumPartCount));
}

/** The bytes of one part; empty past the end of the file. */
export function partRange(fileSize: number, partSize: number, partNumber: number): ByteRange {
  const start = Math.min((partNumber - 1) * partSize, fileSize);
  return { start, end: Math.min(start + partSize, fileSize) };
}
