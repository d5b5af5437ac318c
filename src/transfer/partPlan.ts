const MiB = 1024 * 1024;

/** The size of a part unless the file or the caller asks for another: 8 MiB. */
export const defaultPartSize = 8 * MiB;

/** Storage refuses smaller parts, the last one excepted. */
const minimumPartSize = 5 * MiB;

/** `POST /file/v1/file/multipart` refuses more. */
const maximumPartCount = 10_000;

/** How a file is cut into parts. */
export interface PartPlan {
  /** Bytes. */
  partSize: number;
  partCount: number;
}

/** Bytes of a file, `end` excluded. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Cuts a file for a multipart upload: at least 5 MiB a part, at most 10,000 parts.
 *
 * The result is part of what Synapse recognises an interrupted upload by, so it is the same for
 * the same file in every client.
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
