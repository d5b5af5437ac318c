import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from '../context.js';
import { DownloadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import { downloadStream } from '../transfer/downloadStream.js';
import type { StoredObject } from '../transfer/storedObject.js';
import type { WikiPageInfo } from './wikiPage.js';

const decompress = promisify(gunzip);

/** Bytes of the text of a page. A small file can decompress to more than a machine has. */
const mostBytes = 256 * 1024 * 1024;

type TextFile = Pick<WikiPageInfo, 'id' | 'markdownFileHandleId'>;

/**
 * Reads the text of a page. The texts of pages that are read at the same time are looked up together.
 *
 * @throws {@link DownloadError} when the file is damaged, not UTF-8, or too large.
 */
export async function readMarkdown(
  ctx: Context,
  page: TextFile,
  options: CommonOptions = {},
): Promise<string> {
  return decode(await markdownBytes(ctx, page, options), page.id);
}

/** Reads the text of a page as bytes, which need not be UTF-8. @throws {@link DownloadError} */
export async function markdownBytes(
  ctx: Context,
  page: TextFile,
  options: CommonOptions = {},
): Promise<Buffer> {
  const stored = await readBytes(ctx, page, await open(ctx, page, options), options);
  return isGzip(stored) ? expand(stored, page.id) : stored;
}

/**
 * Whether a page has this text.
 *
 * @param compressed - The file that would be uploaded. When the page has a file of its MD5, no file is downloaded.
 */
export async function hasMarkdown(
  ctx: Context,
  page: TextFile,
  { text, compressed }: { text: Buffer | string; compressed: Buffer },
  options: CommonOptions = {},
): Promise<boolean> {
  const object = await open(ctx, page, options);
  const md5 = createHash('md5').update(compressed).digest('hex');
  if (object.handle?.contentMd5?.toLowerCase() === md5) {
    await object.close?.();
    return true;
  }
  const stored = await readBytes(ctx, page, object, options);
  return (isGzip(stored) ? expand(stored, page.id) : Promise.resolve(stored)).then(
    (current) => current.equals(typeof text === 'string' ? Buffer.from(text) : text),
    // A text that cannot be read is another one.
    () => false,
  );
}

function open(
  ctx: Context,
  { id, markdownFileHandleId }: TextFile,
  { signal }: CommonOptions,
): Promise<StoredObject> {
  const association = {
    fileHandleId: markdownFileHandleId,
    associateObjectId: id,
    associateObjectType: 'WikiMarkdown',
  } as const;
  return openAssociation(ctx, association, { signal });
}

async function readBytes(
  ctx: Context,
  { id }: TextFile,
  object: StoredObject,
  { signal, onProgress }: CommonOptions,
): Promise<Buffer> {
  if ((object.handle?.contentSize ?? 0) > mostBytes) throw tooLarge(id);
  const origin = { open: () => Promise.resolve(object), signal, onProgress };
  return buffer(await downloadStream(ctx, origin));
}

function decode(bytes: Buffer, pageId: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DownloadError(`The text of the wiki page ${pageId} is not UTF-8.`, { cause });
  }
}

/** Whether a file begins as one of gzip, which no text in UTF-8 does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function expand(bytes: Buffer, pageId: string): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(pageId);
    throw new DownloadError(`The text of the wiki page ${pageId} cannot be decompressed.`, {
      cause,
    });
  }
}

function tooLarge(pageId: string): DownloadError {
  return new DownloadError(
    `The text of the wiki page ${pageId} is larger than ${mostBytes} bytes: download its file with markdownFile().`,
  );
}
