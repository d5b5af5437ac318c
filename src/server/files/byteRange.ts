/** A range of bytes of an object; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The result of a `Range` header: the whole object, one range, or an unsatisfiable one. */
export type RangeRequest = 'whole' | 'unsatisfiable' | ByteRange;

/**
 * Reads a `Range` header as S3 does: one range of bytes is supported; a header that is malformed,
 * of another unit, or of several ranges is ignored; a range that starts behind the end is
 * unsatisfiable.
 *
 * @param size - size of the object in bytes
 */
export function parseRange(header: string | undefined, size: number): RangeRequest {
  const match = /^bytes\s*=\s*(?:(\d+)\s*)?-\s*(?:(\d+)\s*)?$/i.exec(header ?? '');
  if (!match) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Number(last);
    if (length === 0 || size === 0) return 'unsatisfiable';
    return { start: Math.max(0, size - length), end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/**
 * Reads an `x-amz-copy-source-range` header, which unlike `Range` must have both ends within the
 * object.
 *
 * @returns the range, or `undefined` when the header is not of that form
 */
export function parseCopyRange(header: string, size: number): ByteRange | undefined {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2]) + 1;
  return start < end && end <= size ? { start, end } : undefined;
}
