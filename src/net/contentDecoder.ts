import { once } from 'node:events';
import { pipeline, Transform, type Readable } from 'node:stream';
import { DownloadError, NetworkError, SynapseError, systemCode } from '../errors.js';

/** An encoding of `Content-Encoding`, and the ends of the names of files that are in that format themselves. */
interface Encoding {
  create: (body: Readable) => Promise<Transform>;
  suffixes: RegExp;
}

const gzip: Encoding = {
  create: async () => (await import('node:zlib')).createGunzip(),
  suffixes: /\.(gz|tgz|bgz|gzip|svgz)$/i,
};

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  // Only the outermost encoding can be looked at before it is undone.
  ['deflate', { create: inflaterFor, suffixes: /\.(zz|zlib)$/i }],
  [
    'br',
    {
      create: async () => (await import('node:zlib')).createBrotliDecompress(),
      suffixes: /\.br$/i,
    },
  ],
]);

/** Maximum number of encodings of one response. */
const maximumLayers = 4;

/** One layer of gzip cannot unpack to more than 1032 times its size. */
const largestRatio = 1100;

/** Bytes up to which the ratio does not matter. */
const harmlessSize = 256 * 1024 * 1024;

/**
 * The encodings to undo for a response, the first that was applied first.
 *
 * Some servers serve `data.csv.gz` with `Content-Encoding: gzip`, to say what the file is. That encoding is the format of the file and
 * is kept.
 *
 * @param header - `Content-Encoding`.
 * @param names - The names of the file.
 */
export function encodingsOf(header: string | undefined, names: readonly string[]): string[] {
  const listed = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const [first = ''] = listed;
  const suffixes = encodings.get(first)?.suffixes;
  const isFormat = suffixes !== undefined && names.some((name) => suffixes.test(name));
  return isFormat ? listed.slice(1) : listed;
}

/**
 * Undoes the encodings of a body.
 *
 * @throws {@link DownloadError} for an encoding that is not known.
 * @returns The decoded body. It fails with {@link NetworkError} when the body ends early, and with {@link DownloadError} when it is
 * not encoded as the server says, or unpacks without end.
 */
export async function decodeBody(body: Readable, names: readonly string[]): Promise<Readable> {
  const layers: Transform[] = [];
  for (const name of [...names].reverse()) {
    const encoding = encodings.get(name);
    if (encoding === undefined || names.length > maximumLayers) {
      const shown = JSON.stringify(names.join(', ').slice(0, 80));
      throw new DownloadError(
        `The server sent the file with the content encoding ${shown}, which cannot be decoded.`,
      );
    }
    layers.push(await encoding.create(body));
  }
  const ratio = new RatioLimit();
  let received = 0;
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      received += chunk.length;
      ratio.received = received;
      done(null, chunk);
    },
  });
  pipeline([body, counted, ...layers, ratio], (error) => {
    if (error) ratio.destroy(error);
  });
  return ratio;
}

/** The error for a decoded body that failed. */
export function decodingError(error: unknown): unknown {
  const code = systemCode(error) ?? '';
  if (error instanceof SynapseError) return error;
  if (code === 'Z_BUF_ERROR' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new NetworkError('The encoded file ended early.', { cause: error });
  }
  if (!/^(Z_|ERR_BROTLI|ERR__ERROR_|ERR_PADDING)/.test(code)) return error;
  return new DownloadError(
    `The server says that the file is encoded, but it cannot be decoded (${code}).`,
    { cause: error },
  );
}

/** Refuses a body that unpacks to much more than its size. */
class RatioLimit extends Transform {
  /** Bytes of the encoded body so far. */
  received = 0;
  #decoded = 0;

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, data?: Buffer) => void,
  ): void {
    this.#decoded += chunk.length;
    const isBomb = this.#decoded > harmlessSize && this.#decoded > largestRatio * this.received;
    if (isBomb) done(new DownloadError('The server sent a file that unpacks without end.'));
    else done(null, chunk);
  }
}

/** `deflate` means the zlib format, but some servers send raw deflate data. */
async function inflaterFor(body: Readable): Promise<Transform> {
  const { createInflate, createInflateRaw } = await import('node:zlib');
  const first = await firstChunk(body);
  return first === undefined || (first & 0x0f) === 0x08 ? createInflate() : createInflateRaw();
}

/** The first byte of a body, which stays in the body. */
async function firstChunk(body: Readable): Promise<number | undefined> {
  for (;;) {
    const chunk = body.read() as Buffer | null;
    if (chunk !== null) {
      body.unshift(chunk);
      return chunk[0];
    }
    if (body.readableEnded || body.destroyed) return undefined;
    await Promise.race([once(body, 'readable'), once(body, 'end'), once(body, 'close')]);
  }
}
