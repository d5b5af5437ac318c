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
export interface TextOrigin extends CommonOptions {
  /** What it is, for messages: `message 12`. */
  what: string;
  open: () => Promise<StoredObject>;
}

/**
 * Reads a text. It may be compressed with gzip, and is in UTF-8 unless its content type names another charset.
 *
 * @throws {@link DownloadError} when the file is damaged, not in its charset, or larger than 256 MiB.
 */
export async function readText(
  ctx: { storage: AttemptSettings },
  { what, open, signal, onProgress }: TextOrigin,
): Promise<string> {
  const object = await open();
  if ((object.handle?.contentSize ?? 0) > mostBytes) {
    await object.close?.();
    throw tooLarge(what);
  }
  const stream = await downloadStream(ctx, {
    open: () => Promise.resolve(object),
    signal,
    onProgress,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(what);
    chunks.push(chunk);
  }
  const stored = Buffer.concat(chunks);
  const bytes = isGzip(stored) ? await expand(stored, what) : stored;
  return decode(bytes, what, object.handle?.contentType);
}

/** No text in UTF-8 begins like this. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function expand(bytes: Buffer, what: string): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    if (systemCode(cause) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(what);
    throw new DownloadError(`The text of ${what} cannot be decompressed.`, { cause });
  }
}

function decode(bytes: Buffer, what: string, contentType = ''): string {
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DownloadError(`The text of ${what} is not in the charset ${charset}.`, { cause });
  }
}

function tooLarge(what: string): DownloadError {
  return new DownloadError(`The text of ${what} is larger than ${mostBytes} bytes.`);
}
