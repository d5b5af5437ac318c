import type * as M from '../../../generated/models.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, preconditionFailed } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { requireOwnerAccess, type WikiOwner } from './wikiOwners.js';
import {
  findPage,
  findRoot,
  getPage,
  getRoot,
  getVersion,
  ownerKey,
  pageTree,
  versionKey,
  versionsNewestFirst,
  wikiTables,
  type OrderHintRecord,
  type WikiContent,
  type WikiPageRecord,
  type WikiVersionRecord,
} from './wikiRecords.js';

const maxTitle = limits.wikiTitle;
/** Maximum number of versions of a page. */
const maxVersions = limits.wikiVersions;

/**
 * Creates a page; without a parent, the root page.
 *
 * @throws 404, 403 without CREATE and for files of another user, 409 for a second root, 400
 * @see https://rest-docs.synapse.org/rest/POST/entity/ownerId/wiki2.html
 */
export function createPage(
  world: World,
  caller: Caller,
  owner: WikiOwner,
  body: M.V2WikiPage,
): WikiPageRecord {
  requireOwnerAccess(world, caller, owner, 'CREATE');
  const content = checkContent(world, caller, body, []);
  if (body.parentWikiId === undefined && findRoot(world, owner) !== undefined) {
    throw conflict(`A root wiki already exists for ownerId: ${owner.id} of type ${owner.type}`);
  }
  if (body.parentWikiId !== undefined) {
    getPage(world, owner, body.parentWikiId);
  }
  const page: WikiPageRecord = {
    id: String(world.store.sequence('wikiPages')()),
    owner,
    parentId: body.parentWikiId,
    etag: world.uuid(),
    createdBy: caller.userId,
    createdOn: world.timestamp(),
    version: 0,
  };
  putVersion(world, caller, page, content);
  if (page.parentId === undefined) {
    wikiTables(world).orderHints.put(ownerKey(owner), { owner, etag: world.uuid() });
  }
  return page;
}

/**
 * Updates a page. This creates a new version.
 *
 * @throws 404, 403 without UPDATE and for new files of another user, 412 for a stale etag, 400
 * @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2/wikiId.html
 */
export function updatePage(
  world: World,
  caller: Caller,
  target: { readonly owner: WikiOwner; readonly wikiId: string },
  body: M.V2WikiPage,
): WikiPageRecord {
  const page = requireUpdatable(world, caller, target, body);
  const content = checkContent(world, caller, body, versionsNewestFirst(world, page));
  return addVersion(world, caller, moved(world, page, body.parentWikiId), content);
}

/** Checks that the caller may update a page with this content. @throws 404, 403, 412, 400 */
export function requireUpdatable(
  world: World,
  caller: Caller,
  { owner, wikiId }: { readonly owner: WikiOwner; readonly wikiId: string },
  body: { readonly id?: string; readonly etag?: string },
): WikiPageRecord {
  requireOwnerAccess(world, caller, owner, 'UPDATE');
  if (body.id !== wikiId) {
    throw badRequest('The path wiki ID does not match the ID of the wiki page in the body.');
  }
  const page = getPage(world, owner, wikiId);
  if (body.etag === undefined) {
    throw badRequest('The etag of the wiki page is required.');
  }
  if (body.etag !== page.etag) {
    throw preconditionFailed(
      `ObjectId: ${owner.id} was updated since you last fetched it, retrieve it again and reapply the update`,
    );
  }
  return page;
}

/**
 * Restores the content of an earlier version as a new version.
 *
 * @throws 404, 403 without UPDATE
 * @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2/wikiId/wikiVersion.html
 */
export function restoreVersion(
  world: World,
  caller: Caller,
  { owner, wikiId }: { readonly owner: WikiOwner; readonly wikiId: string },
  number: number,
): WikiPageRecord {
  requireOwnerAccess(world, caller, owner, 'UPDATE');
  const page = getPage(world, owner, wikiId);
  const { title, markdownFileHandleId, attachmentFileHandleIds } = getVersion(world, page, number);
  return addVersion(world, caller, page, {
    title,
    markdownFileHandleId,
    attachmentFileHandleIds,
  });
}

/**
 * Deletes a page with those below it. It is no error if it does not exist.
 *
 * @throws 404 without the owner, 403 without DELETE
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/ownerId/wiki2/wikiId.html
 */
export function deletePage(world: World, caller: Caller, owner: WikiOwner, wikiId: string): void {
  requireOwnerAccess(world, caller, owner, 'DELETE');
  const page = findPage(world, owner, wikiId);
  if (page !== undefined) {
    removeTree(world, page);
  }
}

/** Deletes the wiki of a deleted owner. */
export function removeWikiOf(world: World, owner: WikiOwner): void {
  const root = findRoot(world, owner);
  if (root !== undefined) {
    removeTree(world, root);
  }
}

function removeTree(world: World, top: WikiPageRecord): void {
  const { orderHints, pages, versions } = wikiTables(world);
  for (const page of pageTree(world, top).reverse()) {
    for (const { version } of versionsNewestFirst(world, page)) {
      versions.delete(versionKey(page.id, version));
    }
    pages.delete(page.id);
  }
  if (top.parentId === undefined) {
    orderHints.delete(ownerKey(top.owner));
  }
}

/**
 * Sets the order of the pages of an owner.
 *
 * @throws 404, 403 without UPDATE, 412 for a stale etag, 400 for another owner
 * @see https://rest-docs.synapse.org/rest/PUT/entity/ownerId/wiki2orderhint.html
 */
export function updateOrderHint(
  world: World,
  caller: Caller,
  owner: WikiOwner,
  body: M.V2WikiOrderHint,
): OrderHintRecord {
  const current = readOrderHint(world, caller, owner, 'UPDATE');
  // The etag is optional, as in the service.
  if (body.etag !== undefined && body.etag !== current.etag) {
    throw preconditionFailed(
      `ObjectId: ${owner.id} was updated since you last fetched it, retrieve it again and reapply the update`,
    );
  }
  const hint: OrderHintRecord = {
    owner,
    etag: world.uuid(),
    idList: body.idList,
  };
  wikiTables(world).orderHints.put(ownerKey(owner), hint);
  return hint;
}

/** @throws 404 without a wiki, 403 */
export function readOrderHint(
  world: World,
  caller: Caller,
  owner: WikiOwner,
  access: 'READ' | 'UPDATE' = 'READ',
): OrderHintRecord {
  requireOwnerAccess(world, caller, owner, access);
  const root = getRoot(world, owner);
  return wikiTables(world).orderHints.get(ownerKey(owner)) ?? { owner, etag: root.etag };
}

function addVersion(
  world: World,
  caller: Caller,
  page: WikiPageRecord,
  content: WikiContent,
): WikiPageRecord {
  const next = { ...page, etag: world.uuid(), version: page.version + 1 };
  putVersion(world, caller, next, content);
  const { versions } = wikiTables(world);
  for (const { version } of versionsNewestFirst(world, next).slice(maxVersions)) {
    versions.delete(versionKey(page.id, version));
  }
  return next;
}

function putVersion(
  world: World,
  caller: Caller,
  page: WikiPageRecord,
  content: WikiContent,
): void {
  const { pages, versions } = wikiTables(world);
  const version: WikiVersionRecord = {
    wikiId: page.id,
    version: page.version,
    ...content,
    modifiedBy: caller.userId,
    modifiedOn: page.version === 0 ? page.createdOn : world.timestamp(),
  };
  pages.put(page.id, page);
  versions.put(versionKey(page.id, page.version), version);
}

/** Moves a page below another parent. @throws 400 when that would create a cycle, 404 */
function moved(world: World, page: WikiPageRecord, parentId: string | undefined): WikiPageRecord {
  if (parentId === page.parentId) {
    return page;
  }
  if (parentId === undefined || page.parentId === undefined) {
    throw badRequest('The root page of a wiki has no parent, and every other page has one.');
  }
  getPage(world, page.owner, parentId);
  if (pageTree(world, page).some(({ id }) => id === parentId)) {
    throw badRequest('A wiki page cannot be below itself.');
  }
  return { ...page, parentId };
}

/** Checks that files that are new to a page belong to the caller. */
function checkContent(
  world: World,
  caller: Caller,
  body: M.V2WikiPage,
  earlier: readonly WikiVersionRecord[],
): WikiContent {
  const { title, markdownFileHandleId } = body;
  if ((title?.length ?? 0) > maxTitle) {
    throw badRequest(`The title of a wiki page must be ${maxTitle} characters or less.`);
  }
  if (markdownFileHandleId === undefined) {
    throw badRequest('The markdownFileHandleId of a wiki page is required.');
  }
  const attachments = body.attachmentFileHandleIds ?? [];
  world.files.requireAttachable(caller, [markdownFileHandleId, ...attachments], {
    attached: earlier.flatMap((version) => [
      version.markdownFileHandleId,
      ...version.attachmentFileHandleIds,
    ]),
  });
  const handleOf = (id: string) => world.files.get(id);
  return {
    title,
    markdownFileHandleId: handleOf(markdownFileHandleId).id,
    attachmentFileHandleIds: newestByName(attachments.map(handleOf)),
  };
}

/** Of attachments with the same name, the newest is used. */
function newestByName(handles: readonly HandleRecord[]): string[] {
  const byName = new Map<string, HandleRecord>();
  for (const handle of handles) {
    const name = handle.fileName ?? '';
    const other = byName.get(name);
    if (other === undefined || Number(handle.id) > Number(other.id)) {
      byName.set(name, handle);
    }
  }
  return [...byName.values()].map(({ id }) => id);
}
