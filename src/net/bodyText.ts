import { promisify } from 'node:util';
import type Zlib from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { systemCode } from '../errors.js';

type Unpack = (packed: Buffer, options: ZlibOptions, done: Zlib.CompressCallback) => void;

/** The functions that undo encodings. `node:zlib` is loaded for the first response that is encoded. */
const unpackers: Readonly<Record<string, (zlib: typeof Zlib, packed: Buffer) => Unpack>> = {
  gzip: ({ gunzip }) => gunzip,
  'x-gzip': ({ gunzip }) => gunzip,
  deflate: ({ inflate, inflateRaw }, packed) => (hasZlibHeader(packed) ? inflate : inflateRaw),
  br: ({ brotliDecompress }) => brotliDecompress,
};

/** The value of `accept-encoding` for responses that {@link bodyText} reads. */
export const acceptedEncodings = 'gzip, deflate, br';

/**
 * Decompresses the body of a response and decodes it as UTF-8.
 * @param encodings the `content-encoding` of the response
 * @param longestBody maximum bytes, decompressed
 */
export async function bodyText(
  packed: Buffer,
  encodings: string | null,
  longestBody: number,
): Promise<string> {
  if (encodings === null) return packed.toString('utf8');
  let body = packed;
  // The last encoding of a list was applied last.
  for (const name of encodings.toLowerCase().split(',').reverse()) {
    const encoding = name.trim();
    if (encoding === 'identity' || encoding === '' || body.length === 0) continue;
    body = await decode(encoding, body, longestBody);
  }
  return body.toString('utf8');
}

async function decode(encoding: string, packed: Buffer, longestBody: number): Promise<Buffer> {
  const unpacker = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined;
  if (unpacker === undefined) {
    throw Object.assign(new Error('The response has an unknown content encoding.'), {
      code: 'CONTENT_ENCODING',
    });
  }
  try {
    const unpack = unpacker((await import('node:zlib')).default, packed);
    const options = { maxOutputLength: longestBody };
    return await promisify<Buffer, ZlibOptions, Buffer>(unpack)(packed, options);
  } catch (error) {
    throw systemCode(error) === 'ERR_BUFFER_TOO_LARGE' ? bodyTooLong(longestBody) : error;
  }
}

/** `deflate` means the zlib format, but some servers send raw deflate data. */
function hasZlibHeader(packed: Buffer): boolean {
  return ((packed[0] ?? 0) & 0x0f) === 0x08;
}

/** The error for a body of more than `longestBody` bytes. */
export function bodyTooLong(longestBody: number): Error {
  return Object.assign(new Error(`The response is longer than ${longestBody} bytes.`), {
    code: 'ANSWER_TOO_LONG',
  });
}
