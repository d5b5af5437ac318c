import { dirname, join, sep } from 'node:path';
import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { FileSystemError, type Failure } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import { lookIfThere } from '../../files/look.js';
import { makeFoldersBelow } from '../../files/makeFolders.js';
import type { CommonOptions } from '../../options.js';
import { openAssociation } from '../../storages/openAssociation.js';
import { downloadFile } from '../../transfer/downloadFile.js';
import { pool } from '../../transfer/pool.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { isPreview } from '../listAttachments.js';
import { markdownBytes } from '../readMarkdown.js';
import type { OwnerId } from '../wikiOwner.js';
import type { WikiPageInfo } from '../wikiPage.js';
import type { IndexAttachment, IndexPage, SyncedAttachment, SyncedPage } from './folderIndex.js';
import { toFolderLinks, toWikiLinks } from './folderLinks.js';
import { attachmentFiles } from './folderPaths.js';
import { md5Of, textOf } from './folderText.js';
import { writeWhole } from './writeWhole.js';

/** Attachments of a page that are downloaded at the same time. */
const filesAtOnce = 4;

/** An export that is running. */
export interface ExportJob {
  ctx: Context;
  owner: OwnerId;
  directory: string;
  /** Files by the ids of the pages, and ids by files. */
  files: ReadonlyMap<string, string>;
  ids: ReadonlyMap<string, string>;
  overwrite: boolean;
  /** Whether links between pages become relative links. */
  isRelative: boolean;
  options: CommonOptions;
  written: string[];
  failures: Failure[];
}

/** What an earlier export knows of a page. */
export interface Earlier {
  page: IndexPage;
  synced: SyncedPage;
}

/** A page in the folder. Without `synced`, its file was not written. */
export interface ExportedPage {
  page: IndexPage;
  synced?: SyncedPage | undefined;
}

/** Writes the file of a page, and its attachments. A file that cannot be written is added to the failures. */
export async function exportPage(
  job: ExportJob,
  info: WikiPageInfo,
  earlier: Earlier | undefined,
): Promise<ExportedPage> {
  const { id, title, etag } = info;
  const file = job.files.get(id) ?? '';
  const parent = info.parentId === undefined ? undefined : job.files.get(info.parentId);
  if (earlier !== undefined && (await isUnchanged(job, info, earlier))) return earlier;
  const bytes = await markdownBytes(job.ctx, info, { signal: job.options.signal });
  const { content, links } = contentOf(job, file, bytes);
  const written = await attempt(job, file, () =>
    writeText(job, { file, content, md5: earlier?.synced.md5 }),
  );
  const { attachments, synced } = await exportAttachments(job, info, { file, earlier });
  const page = { file, id, title, parent, links, attachments };
  if (!written) return { page, synced: earlier?.synced };
  const [md5, stored] = [md5Of(content), md5Of(bytes)];
  return { page, synced: { file, id, etag, title, parent, md5, stored, attachments: synced } };
}

/** Whether neither the page nor its files have changed since the last export. */
async function isUnchanged(
  { directory, overwrite, options: { signal } }: ExportJob,
  { etag }: WikiPageInfo,
  { page, synced }: Earlier,
): Promise<boolean> {
  if (synced.etag !== etag) return false;
  const names = new Set(page.attachments.map(({ name }) => name));
  // One that could not be downloaded is tried again.
  if (synced.attachments.length === 0 && names.size > 0) return false;
  const md5s = new Map(synced.attachments.map(({ name, md5 }) => [name, md5]));
  const files = [
    { file: page.file, md5: synced.md5 },
    ...page.attachments.map(({ file, name }) => ({ file, md5: md5s.get(name) })),
  ];
  for (const { file, md5 } of files) {
    const path = join(directory, file);
    if ((await lookIfThere(path, { link: true }))?.kind !== 'file') return false;
    if (overwrite && (await fileMd5(path, signal)) !== md5) return false;
  }
  return true;
}

/** The content of the file of a page. Links become relative if that can be undone exactly. */
function contentOf(
  { owner, files, ids, isRelative }: ExportJob,
  file: string,
  bytes: Buffer,
): { content: Buffer; links: 'synapse' | undefined } {
  const text = textOf(bytes);
  if (text === undefined) return { content: bytes, links: 'synapse' };
  const fileOf = (page: string): string | undefined => files.get(page);
  const changed = isRelative ? toFolderLinks(text, file, { owner, fileOf }) : text;
  const pageOf = (other: string): string | undefined => ids.get(other);
  const back = toWikiLinks(changed, file, { owner, pageOf, attachmentOf: () => undefined });
  if (back !== text) return { content: bytes, links: 'synapse' };
  return { content: Buffer.from(changed), links: undefined };
}

async function writeText(
  job: ExportJob,
  { file, content, md5 }: { file: string; content: Buffer; md5: string | undefined },
): Promise<void> {
  const wanted = md5Of(content);
  if (!(await mayWrite(job, file, { wanted, md5 }))) return;
  await makeFolder(job, file);
  await writeWhole(join(job.directory, file), content);
  job.written.push(file);
}

/**
 * Whether a file has to be written.
 *
 * @param md5s - The MD5 of the new content, and that of the file after the last export.
 * @throws {@link FileSystemError} when the file would lose what somebody has changed in it.
 */
async function mayWrite(
  { directory, overwrite, options: { signal } }: ExportJob,
  file: string,
  { wanted, md5 }: { wanted: string | undefined; md5: string | undefined },
): Promise<boolean> {
  const path = join(directory, file);
  const there = await lookIfThere(path, { link: true });
  if (there === undefined) return true;
  const current = there.kind === 'file' ? await fileMd5(path, signal) : undefined;
  if (current !== undefined && current === wanted) return false;
  if (overwrite || (current !== undefined && current === md5)) return true;
  throw new FileSystemError(
    `${path} has changed since the last export, and so has the page in Synapse. It is kept: pass overwrite to replace it, or import it first.`,
    { path, code: 'EEXIST' },
  );
}

function makeFolder({ directory }: ExportJob, file: string): Promise<void> {
  const folders = dirname(file.split('/').join(sep)).split(sep);
  return makeFoldersBelow(directory, folders[0] === '.' ? [] : folders);
}

/** An attachment that can be downloaded. */
interface OpenAttachment {
  id: string;
  name: string;
  handle: M.FileHandle;
  object: StoredObject;
}

async function exportAttachments(
  job: ExportJob,
  info: WikiPageInfo,
  { file, earlier }: { file: string; earlier: Earlier | undefined },
): Promise<{ attachments: IndexAttachment[]; synced: SyncedAttachment[] }> {
  const open = await openAttachments(job, info, file);
  const known = new Map(earlier?.page.attachments.map((each) => [each.name, each.file]));
  const files = attachmentFiles(file, open, known);
  const md5s = new Map(earlier?.synced.attachments.map(({ name, md5 }) => [name, md5]));
  const downloads = pool(
    open,
    { limit: filesAtOnce, signal: job.options.signal },
    async (attachment, signal) => {
      const { id, name, handle } = attachment;
      const path = files.get(id) ?? '';
      let md5 = '';
      const done = await attempt(job, path, async () => {
        md5 = await download({ ...job, options: { ...job.options, signal } }, path, {
          attachment,
          md5: md5s.get(name),
        });
      });
      const { contentType } = handle;
      return { id, done: done ? { file: path, name, contentType, md5 } : undefined };
    },
  );
  const done = new Map<string, IndexAttachment & { md5: string }>();
  for await (const each of downloads) if (each.done !== undefined) done.set(each.id, each.done);
  const inOrder = open.flatMap(({ id }) => {
    const one = done.get(id);
    return one === undefined ? [] : [{ id, ...one }];
  });
  return {
    attachments: inOrder.map(({ file: path, name, contentType }) => {
      return { file: path, name, contentType };
    }),
    synced: inOrder.map(({ name, id, md5 }) => ({ name, id, md5 })),
  };
}

/** Opens the attachments of a page, without previews: Synapse makes those of the copies. */
async function openAttachments(
  job: ExportJob,
  { id, attachmentFileHandleIds }: WikiPageInfo,
  file: string,
): Promise<OpenAttachment[]> {
  const { ctx, options } = job;
  const opened: OpenAttachment[] = [];
  const opening = attachmentFileHandleIds.map(async (fileHandleId) => {
    const association = {
      fileHandleId,
      associateObjectId: id,
      associateObjectType: 'WikiAttachment',
    } as const;
    await attempt(job, `${file} (attachment ${fileHandleId})`, async () => {
      const object = await openAssociation(ctx, association, { signal: options.signal });
      const { handle } = object;
      if (handle === undefined || isPreview(handle)) return;
      opened.push({ id: fileHandleId, name: handle.fileName ?? '', handle, object });
    });
  });
  await Promise.all(opening);
  const places = new Map(attachmentFileHandleIds.map((each, index) => [each, index]));
  const placeOf = (each: OpenAttachment): number => places.get(each.id) ?? 0;
  return newestByName(opened).sort((a, b) => placeOf(a) - placeOf(b));
}

/** Earlier versions of Synapse allowed several attachments of one name; the newest is meant then. */
function newestByName(attachments: readonly OpenAttachment[]): OpenAttachment[] {
  const newest = new Map<string, OpenAttachment>();
  for (const attachment of attachments) {
    const other = newest.get(attachment.name);
    if (other === undefined || Number(attachment.id) > Number(other.id)) {
      newest.set(attachment.name, attachment);
    }
  }
  return [...newest.values()];
}

/** @returns the MD5 of the file */
async function download(
  job: ExportJob,
  file: string,
  { attachment, md5 }: { attachment: OpenAttachment; md5: string | undefined },
): Promise<string> {
  const { handle, object } = attachment;
  const wanted = handle.contentMd5?.toLowerCase();
  const path = join(job.directory, file);
  const { signal, onProgress } = job.options;
  if (!(await mayWrite(job, file, { wanted, md5 }))) {
    await object.close?.();
    return wanted ?? fileMd5(path, signal);
  }
  await makeFolder(job, file);
  const open = (): Promise<StoredObject> => Promise.resolve(object);
  await downloadFile(job.ctx, { open, destination: path, overwrite: true, signal, onProgress });
  job.written.push(file);
  return wanted ?? fileMd5(path, signal);
}

/** @returns whether it succeeded; a failure is added to those of the job */
async function attempt(
  { failures, options: { signal } }: ExportJob,
  path: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    failures.push({ path, error: error instanceof Error ? error : new Error(String(error)) });
    return false;
  }
}
