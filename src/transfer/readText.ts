import { DownloadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { AttemptSettings } from './attemptTransfer.js';
import type { StoredObject } from './storedObject.js';
import { expandText, readTextFile } from './textBytes.js';

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
  const stored = await readTextFile(ctx, { what, object, signal, onProgress });
  const bytes = await expandText(stored, { what });
  return decode(bytes, what, object.handle?.contentType);
}

function decode(bytes: Buffer, what: string, contentType = ''): string {
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DownloadError(`The text of ${what} is not in the charset ${charset}.`, { cause });
  }
}
