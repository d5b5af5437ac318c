import { join } from 'node:path';
import { isEntityName } from '../../entities/entityName.js';
import { ArgumentError } from '../../errors.js';
import { copyFileHandles, type FileHandleToCopy } from '../../fileHandles/copyFileHandles.js';
import { uploadFile } from '../../storages/synapse/uploadFile.js';
import { quoted } from '../../values/quoted.js';
import type { FolderIndex, SyncedAttachment } from './folderIndex.js';
import type { ImportTarget, LocalAttachment, PagePlan } from './planImport.js';
import type { LocalFolder } from './readFolder.js';

/** File handles by what they hold. */
export type FileHandles = ReadonlyMap<string, string>;

/** The attachments of a page that are not in Synapse as they are in the folder. */
export function missingAttachments({
  action,
  attachments,
  present,
}: PagePlan): readonly LocalAttachment[] {
  if (action === 'keep') return [];
  const there = new Map(present.map(({ name, md5 }) => [name, md5]));
  return attachments.filter(({ name, md5 }) => there.get(name) !== md5);
}

/**
 * Copies the file handles of attachments that are in another wiki that the folder knows, with one request per hundred. Nothing is
 * sent then, and names that cannot be uploaded stay.
 *
 * @returns The copies by page and name. A file that cannot be copied is left out.
 */
export async function copyKnownFiles(
  { ctx, options: { signal } }: ImportTarget,
  { index }: LocalFolder,
  plans: readonly PagePlan[],
): Promise<FileHandles> {
  const known = index === undefined ? new Map<string, FileHandleToCopy>() : originals(index);
  const wanted = plans.flatMap((plan) =>
    missingAttachments(plan).flatMap((attachment) => {
      const original = known.get(contentKey(attachment));
      const { contentType: newContentType } = attachment;
      return original === undefined ? [] : [{ plan, attachment, original, newContentType }];
    }),
  );
  if (wanted.length === 0) return new Map();
  const files = wanted.map(({ original, newContentType }) => ({ ...original, newContentType }));
  const copies = await copyFileHandles(ctx, files, { signal });
  const found = new Map<string, string>();
  for (const [at, { plan, attachment }] of wanted.entries()) {
    const { fileHandle } = copies[at] ?? {};
    // The ids can be those of another Synapse, with other files.
    const isSame = fileHandle?.contentMd5?.toLowerCase() === attachment.md5;
    if (isSame && fileHandle.id !== undefined) {
      found.set(placeKey(plan.page.file, attachment.name), fileHandle.id);
    }
  }
  return found;
}

/** The attachments that the folder knows to be in Synapse. */
function originals({ wikis }: FolderIndex): Map<string, FileHandleToCopy> {
  const files = new Map<string, FileHandleToCopy>();
  for (const { pages } of wikis) {
    for (const { id: associateObjectId, attachments } of pages) {
      for (const attachment of attachments) {
        const file = { fileHandleId: attachment.id, associateObjectId };
        files.set(contentKey(attachment), { ...file, associateObjectType: 'WikiAttachment' });
      }
    }
  }
  return files;
}

function contentKey({ name, md5 }: { name: string; md5: string }): string {
  return `${md5} ${name}`;
}

function placeKey(file: string, name: string): string {
  return `${file}\n${name}`;
}

/** Uploads the missing attachments of a page, except those that were copied. */
export async function uploadAttachments(
  { ctx, options }: ImportTarget,
  { directory }: LocalFolder,
  plan: PagePlan,
  copied: FileHandles,
): Promise<SyncedAttachment[]> {
  const added: SyncedAttachment[] = [];
  for (const { file, name, contentType, md5 } of missingAttachments(plan)) {
    const copy = copied.get(placeKey(plan.page.file, name));
    if (copy !== undefined) added.push({ name, id: copy, md5 });
    if (copy !== undefined) continue;
    const path = join(directory, file);
    if (!isEntityName(name)) {
      throw new ArgumentError(
        `Cannot attach ${path} as ${quoted(name)}: Synapse accepts letters, digits, spaces and ,_.-+()' in the name of a file. Give it another name in wiki.json.`,
      );
    }
    const upload = await uploadFile(ctx, { path, fileName: name, contentType, ...options });
    added.push({ name, id: upload.fileHandleId, md5: upload.md5 });
  }
  return added;
}
