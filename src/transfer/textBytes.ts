import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DownloadError, systemCode } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { AttemptSettings } from './attemptTransfer.js';
import { downloadStream } from './downloadStream.js';
import type { StoredObject } from './storedObject.js';

const decompress = promisify(gunzip);

/** Bytes of a text. A small file can decompress to more than a machine has. */
const mostBytes = 256 * 1024 * 1024;

/** A text in a storage. */
export interface StoredText extends CommonOptions {
  /** What it is the text of, for messages: `message 12`. */
  what: string;
  object: StoredObject;
  /** What to do with a text that is too large, for the message: `download its file`. */
  otherwise?: string;
}

/**
 * Reads the file of a text as it is stored, which can be compressed: see {@link expandText}.
 *
 * @throws {@link DownloadError} when it is larger than 256 MiB.
 */
export async function readTextFile(
  ctx: { storage: AttemptSettings },
  { object, signal, onProgress, ...text }: StoredText,
): Promise<Buffer> {
  if ((object.handle?.contentSize ?? 0) > mostBytes) {
    await object.close?.();
    throw tooLarge(text);
  }
  const origin = { open: () => Promise.resolve(object), signal, onProgress };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await downloadStream(ctx, origin)) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(text);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether a file begins as one of gzip, which no text in UTF-8 does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The bytes of a text whose file may be compressed with gzip.
 *
 * @throws {@link DownloadError} when the file is damaged, or the text is larger than 256 MiB.
 */
export async function expandText(
  stored: Buffer,
  text: Pick<StoredText, 'otherwise' | 'what'>,
): Promise<Buffer> {
  if (!isGzip(stored)) return stored;
  try {
    return await decompress(stored, { maxOutputLength: mostBytes });
  } catch (cause) {
    if (systemCode(cause) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(text);
    throw new DownloadError(`The text of ${text.what} cannot be decompressed.`, { cause });
  }
}

function tooLarge({ what, otherwise }: Pick<StoredText, 'otherwise' | 'what'>): DownloadError {
  const advice = otherwise === undefined ? '' : `: ${otherwise}`;
  return new DownloadError(`The text of ${what} is larger than ${mostBytes} bytes${advice}.`);
}
