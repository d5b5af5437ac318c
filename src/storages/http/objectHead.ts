import { NetworkError } from '../../errors.js';
import type { ResponseHead } from '../../transfer/storageWire.js';
import type { ObjectHead } from '../../transfer/storedObject.js';

/**
 * Reads the properties of an object from a successful response to a GET.
 * @throws NetworkError when the response has an invalid range
 */
export function objectHead({ status, headers }: ResponseHead): ObjectHead {
  // A weak ETag does not guarantee identical bytes.
  const etag = headers.etag?.startsWith('"') === true ? headers.etag : undefined;
  if (status !== 206) {
    const length = Number(headers['content-length'] ?? Number.NaN);
    const size = Number.isFinite(length) ? length : undefined;
    return { isRange: false, start: 0, end: size, size, etag };
  }
  const [, start, last, total] =
    /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  if (total === undefined) {
    throw new NetworkError('The file store returned a different range than requested.');
  }
  const size = total === '*' ? undefined : Number(total);
  return { isRange: true, start: Number(start), end: Number(last) + 1, size, etag };
}
