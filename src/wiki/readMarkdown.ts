import { createHash } from 'node:crypto';
import type { Context } from '../context.js';
import { DownloadError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import type { StoredObject } from '../transfer/storedObject.js';
import { expandText, readTextFile } from '../transfer/textBytes.js';
import type { WikiPageInfo } from './wikiPage.js';

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
  const text = textOf(page);
  const object = await open(ctx, page, options);
  return expandText(await readTextFile(ctx, { ...options, ...text, object }), text);
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
  const own = textOf(page);
  const stored = await readTextFile(ctx, { ...options, ...own, object });
  return expandText(stored, own).then(
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

function textOf({ id }: TextFile): { what: string; otherwise: string } {
  return { what: `the wiki page ${id}`, otherwise: 'download its file with markdownFile()' };
}

function decode(bytes: Buffer, pageId: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DownloadError(`The text of the wiki page ${pageId} is not UTF-8.`, { cause });
  }
}
