import type { HandleRecord } from '../files/handleRecords.js';
import { findPreview, previewOf } from '../files/previews.js';
import type { Caller } from '../kernel/caller.js';
import { notFound, ServiceError } from '../kernel/serviceError.js';
import type { Index } from '../state/store.js';
import type { World } from '../world.js';
import { requireOwnerAccess } from './wikiOwners.js';
import { wikiTables, type WikiVersionRecord } from './wikiRecords.js';

/** Registers the files that wikis refer to. */
export function defineWikiFiles(world: World): void {
  const { byAttachment, byMarkdown } = wikiTables(world);
  world.files.defineLink(
    (fileHandleId) => byAttachment.count(fileHandleId) + byMarkdown.count(fileHandleId) > 0,
  );
  world.files.defineAssociation('WikiAttachment', (caller, wikiId, fileHandleId) =>
    isReachable(world, caller, wikiId, byAttachment, fileHandleId),
  );
  world.files.defineAssociation('WikiMarkdown', (caller, wikiId, fileHandleId) =>
    isReachable(world, caller, wikiId, byMarkdown, fileHandleId),
  );
}

/**
 * Users who may read the owner of a wiki may read its files, including those of earlier versions.
 */
function isReachable(
  world: World,
  caller: Caller,
  wikiId: string,
  index: Index<WikiVersionRecord>,
  fileHandleId: string,
): boolean {
  const page = wikiTables(world).pages.get(wikiId);
  if (page === undefined || !index.find(fileHandleId).some((found) => found.wikiId === page.id)) {
    return false;
  }
  try {
    requireOwnerAccess(world, caller, page.owner, 'READ');
    return true;
  } catch (error) {
    if (error instanceof ServiceError) {
      return false;
    }
    throw error;
  }
}

/** The attachments of a version, with their previews. */
export function attachmentHandles(world: World, version: WikiVersionRecord): HandleRecord[] {
  return version.attachmentFileHandleIds.flatMap((id) => {
    const handle = world.files.get(id);
    const preview = findPreview(world, handle);
    return preview === undefined ? [handle] : [handle, preview];
  });
}

/** URL of an attachment. @throws 404 */
export function attachmentUrl(world: World, version: WikiVersionRecord, fileName: string): string {
  return world.files.url(findAttachment(world, version, fileName));
}

/** URL of the preview of an attachment. @throws 404 */
export async function attachmentPreviewUrl(
  world: World,
  version: WikiVersionRecord,
  fileName: string,
): Promise<string> {
  const handle = findAttachment(world, version, fileName);
  const preview = await previewOf(world, handle);
  if (preview === undefined || preview.id === handle.id) {
    throw notFound(`The attachment with file handle ${handle.id} has no preview.`);
  }
  return world.files.url(preview);
}

function findAttachment(world: World, version: WikiVersionRecord, fileName: string): HandleRecord {
  const handle = version.attachmentFileHandleIds
    .map((id) => world.files.get(id))
    .find((attachment) => attachment.fileName === fileName);
  if (handle === undefined) {
    throw notFound(`Wiki page: '${version.wikiId}' has no attachment with this file name.`);
  }
  return handle;
}
