import type * as M from '../../../generated/models.js';
import { notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import type { WikiOwner } from './wikiOwners.js';

/** The properties of a page version. */
export interface WikiContent {
  readonly title?: string;
  readonly markdownFileHandleId: string;
  readonly attachmentFileHandleIds: readonly string[];
}

/** A page without the content of its versions. */
export interface WikiPageRecord {
  readonly id: string;
  readonly owner: WikiOwner;
  /** Absent for the root page. */
  readonly parentId?: string;
  readonly etag: string;
  readonly createdBy: number;
  readonly createdOn: string;
  /** Number of the current version; the first is 0. */
  readonly version: number;
}

/** One version of a page. */
export interface WikiVersionRecord extends WikiContent {
  readonly wikiId: string;
  readonly version: number;
  readonly modifiedBy: number;
  readonly modifiedOn: string;
}

/** The order of the pages of an owner. */
export interface OrderHintRecord {
  readonly owner: WikiOwner;
  readonly etag: string;
  readonly idList?: readonly string[];
}

interface WikiTables {
  readonly pages: Collection<WikiPageRecord>;
  readonly versions: Collection<WikiVersionRecord>;
  readonly orderHints: Collection<OrderHintRecord>;
  readonly byOwner: Index<WikiPageRecord>;
  readonly byParent: Index<WikiPageRecord>;
  readonly versionsOf: Index<WikiVersionRecord>;
  readonly byAttachment: Index<WikiVersionRecord>;
  readonly byMarkdown: Index<WikiVersionRecord>;
}

/** The collections of wikis with their indexes. */
export function wikiTables(world: World): WikiTables {
  return world.service(makeWikiTables);
}

function makeWikiTables({ store }: World): WikiTables {
  const pages = store.collection<WikiPageRecord>('wikiPages');
  const versions = store.collection<WikiVersionRecord>('wikiVersions');
  return {
    pages,
    versions,
    orderHints: store.collection<OrderHintRecord>('wikiOrderHints'),
    byOwner: pages.index('owner', ({ owner }) => ownerKey(owner)),
    byParent: pages.index('parent', ({ parentId }) => parentId),
    versionsOf: versions.index('wiki', ({ wikiId }) => wikiId),
    byAttachment: versions.index('attachment', (version) => version.attachmentFileHandleIds),
    byMarkdown: versions.index('markdown', (version) => version.markdownFileHandleId),
  };
}

export function ownerKey({ type, id }: WikiOwner): string {
  return `${type}/${id}`;
}

export function versionKey(wikiId: string, version: number): string {
  return `${wikiId}.${version}`;
}

/** The root page of an owner. */
export function findRoot(world: World, owner: WikiOwner): WikiPageRecord | undefined {
  return wikiTables(world)
    .byOwner.find(ownerKey(owner))
    .find(({ parentId }) => parentId === undefined);
}

/** @throws 404 */
export function getRoot(world: World, owner: WikiOwner): WikiPageRecord {
  const root = findRoot(world, owner);
  if (root === undefined) {
    throw notFound(`A root wiki does not exist for ownerId: ${owner.id} of type ${owner.type}`);
  }
  return root;
}

/** A page of an owner. */
export function findPage(
  world: World,
  owner: WikiOwner,
  wikiId: string,
): WikiPageRecord | undefined {
  const page = wikiTables(world).pages.get(wikiId);
  return page !== undefined && ownerKey(page.owner) === ownerKey(owner) ? page : undefined;
}

/** A page of an owner. @throws 404 */
export function getPage(world: World, owner: WikiOwner, wikiId: string): WikiPageRecord {
  const page = findPage(world, owner, wikiId);
  if (page === undefined) {
    throw notFound(`Wiki page: '${wikiId}' of ${owner.type} ${owner.id} does not exist`);
  }
  return page;
}

/** A version of a page; the current one when no number is given. @throws 404 */
export function getVersion(
  world: World,
  page: WikiPageRecord,
  number: number = page.version,
): WikiVersionRecord {
  const version = wikiTables(world).versions.get(versionKey(page.id, number));
  if (version === undefined) {
    throw notFound(`Wiki page: '${page.id}' has no version ${number}`);
  }
  return version;
}

/** Versions of a page, newest first. */
export function versionsNewestFirst(world: World, page: WikiPageRecord): WikiVersionRecord[] {
  return wikiTables(world)
    .versionsOf.find(page.id)
    .sort((a, b) => b.version - a.version);
}

/**
 * All pages of an owner. Parents come before their children, siblings are in the order of their
 * creation.
 */
export function pageTree(world: World, root: WikiPageRecord): WikiPageRecord[] {
  const { byParent } = wikiTables(world);
  const tree = [root];
  for (const page of tree) {
    tree.push(...byParent.find(page.id).sort((a, b) => Number(a.id) - Number(b.id)));
  }
  return tree;
}

/** A version of a page as the API shows it. */
export function pageModel(page: WikiPageRecord, version: WikiVersionRecord): M.V2WikiPage {
  return {
    id: page.id,
    etag: page.etag,
    createdOn: page.createdOn,
    createdBy: String(page.createdBy),
    modifiedOn: version.modifiedOn,
    modifiedBy: String(version.modifiedBy),
    parentWikiId: page.parentId,
    title: version.title,
    markdownFileHandleId: version.markdownFileHandleId,
    attachmentFileHandleIds: [...version.attachmentFileHandleIds],
  };
}

/** The header of a page as the API shows it. */
export function headerModel(world: World, page: WikiPageRecord): M.V2WikiHeader {
  const { title } = getVersion(world, page);
  return {
    id: page.id,
    title,
    parentId: page.parentId,
  };
}
