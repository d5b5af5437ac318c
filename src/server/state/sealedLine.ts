import { createHash } from 'node:crypto';

/** Number of hexadecimal digits of a checksum: the first 64 bits of a SHA-256. */
const digits = 16;
/** The checksum covers the bytes from here to the end of the line. */
const coveredFrom = digits + 4;
/** Bytes of a line around its value. */
export const lineFrameBytes = coveredFrom + digits + 5;

const zeroCheck = '0'.repeat(digits);

/** The predecessor of the first record of a file. */
export const noPrevious = zeroCheck;

/** A record that was read, and whose checksum matches. */
export interface Sealed {
  /** Checksum of the record. */
  readonly check: string;
  /** Checksum of the record before it. */
  readonly previous: string;
  readonly value: unknown;
}

/** The place of a record among others. */
export interface Seal {
  /** Id of the data directory. Records of another directory do not match. */
  readonly directory: string;
  /** Checksum of the record before it. */
  readonly previous: string;
}

/**
 * Writes a record as one line of JSON: `["<checksum>","<checksum of the record before>",<value>]`. A
 * change of any byte is detected by the checksum; a missing, repeated or moved record by the
 * checksum of the record before.
 */
export function sealLine(
  json: string,
  { directory, previous }: Seal,
): { line: Buffer; check: string } {
  const line = Buffer.from(`["${zeroCheck}","${previous}",${json}]\n`);
  const check = checksum(line.subarray(coveredFrom, -1), directory);
  line.write(check, 2, 'latin1');
  return { line, check };
}

/**
 * Reads a record.
 *
 * @param line - without its line feed
 * @returns `undefined` when any byte of it was changed, or when it is of another directory
 */
export function unsealLine(line: Buffer, directory: string): Sealed | undefined {
  if (line.length <= coveredFrom + digits + 3) {
    return undefined;
  }
  const start = line.toString('latin1', 0, coveredFrom + digits + 3);
  const match = /^\["([0-9a-f]{16})","([0-9a-f]{16})",$/.exec(start);
  const [, check = '', previous = ''] = match ?? [];
  if (match === null || checksum(line.subarray(coveredFrom), directory) !== check) {
    return undefined;
  }
  const [, , value] = JSON.parse(line.toString()) as [string, string, unknown];
  return { check, previous, value };
}

/** Whether bytes can be the first part of a record that starts with this JSON. */
export function isStartOfLine(bytes: Buffer, previous: string, json: string): boolean {
  const expected = Buffer.from(`["${zeroCheck}","${previous}",${json}`);
  return bytes
    .subarray(0, expected.length)
    .every((byte, at) =>
      at >= 2 && at < 2 + digits
        ? /[0-9a-f]/.test(String.fromCharCode(byte))
        : byte === expected[at],
    );
}

/** A line without the carriage return that a change of line ends adds. */
function withoutCarriageReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/**
 * The records that are still readable in a damaged line: those around a line feed that was
 * overwritten, and one whose line end was changed.
 */
export function splitMergedLine(line: Buffer): { bytes: Buffer; offset: number }[] {
  const starts = [...line.toString('latin1').matchAll(/\["[0-9a-f]{16}","[0-9a-f]{16}",/g)]
    .map(({ index }) => index)
    .filter((index) => index > 0);
  return [0, ...starts].map((start, at) => {
    const next = starts[at];
    // One byte was the line feed.
    const bytes = line.subarray(start, next === undefined ? undefined : next - 1);
    return {
      bytes: withoutCarriageReturn(bytes),
      offset: start,
    };
  });
}

/** The first record of a file, which names its data directory, if it is still readable. */
export function readFirstLine(line: Buffer): { check: string; value: unknown } | undefined {
  for (const { bytes } of splitMergedLine(line)) {
    const sealed = unsealLine(bytes, '');
    if (sealed !== undefined) return sealed;
  }
  return undefined;
}

function checksum(bytes: Buffer, directory: string): string {
  return createHash('sha256').update(directory).update(bytes).digest('hex').slice(0, digits);
}
