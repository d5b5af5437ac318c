import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId, parseEntityReference } from '../entities/entityIds.js';
import { findEntityRecord, findVersionRecord } from '../entities/entityRecords.js';
import { checkAssociation } from '../files/files.js';
import { handleTypes } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import { queryPage } from '../tables/query/queryBundle.js';
import { tablesOf } from '../tables/tables.js';
import type { World } from '../world.js';
import { filesIn, type WantedFile } from './downloadListItems.js';

/** Maximum number of files of a legacy list. */
const maxFiles = limits.legacyDownloadList;
const tooMany =
  `We’re Sorry. Our current Download List allowance is ${maxFiles} files. Please use either ` +
  'Programmatic Options for Download, remove existing files from your Download List, or change the ' +
  'size of your query.';
/** Maximum number of bytes of an order. */
const maxOrder = limits.downloadOrder;

interface LegacyList {
  readonly updatedOn: string;
  readonly etag: string;
  readonly files: readonly M.FileHandleAssociation[];
}

type OrderRecord = Required<M.DownloadOrder>;

function lists(world: World): Collection<LegacyList> {
  return world.store.collection<LegacyList>('legacyDownloadLists');
}

/** The orders of all users. */
export function downloadOrders(world: World): Collection<OrderRecord> {
  return world.store.collection<OrderRecord>('downloadOrders');
}

/** The caller's legacy download list, which contains file handles. @throws 403 anonymous */
export function legacyList(world: World, caller: Caller): M.DownloadList {
  requireLogin(caller);
  const list = lists(world).get(String(caller.userId));
  return {
    ownerId: String(caller.userId),
    ...(list && { updatedOn: list.updatedOn, etag: list.etag }),
    filesToDownload: [...(list?.files ?? [])],
  };
}

function replaceList(
  world: World,
  caller: Caller,
  files: readonly M.FileHandleAssociation[],
): M.DownloadList {
  const list = { updatedOn: world.timestamp(), etag: world.uuid(), files };
  lists(world).put(String(caller.userId), list);
  return legacyList(world, caller);
}

/** Adds files to the list. @throws 400, also beyond 100 files; 403 for anonymous callers */
export function addToLegacyList(
  world: World,
  caller: Caller,
  added: readonly M.FileHandleAssociation[] | undefined,
): M.DownloadList {
  const current = legacyList(world, caller).filesToDownload ?? [];
  const all = new Map([...current, ...checked(added)].map((file) => [keyOf(file), file]));
  if (all.size > maxFiles) {
    throw badRequest(tooMany);
  }
  return replaceList(world, caller, [...all.values()]);
}

/** Removes files from the list. @throws 400, 403 for anonymous callers */
export function removeFromLegacyList(
  world: World,
  caller: Caller,
  removed: readonly M.FileHandleAssociation[] | undefined,
): M.DownloadList {
  const current = legacyList(world, caller).filesToDownload ?? [];
  const keys = new Set(checked(removed).map(keyOf));
  return replaceList(
    world,
    caller,
    current.filter((file) => !keys.has(keyOf(file))),
  );
}

/** Empties the list. @throws 403 for anonymous callers */
export function clearLegacyList(world: World, caller: Caller): void {
  requireLogin(caller);
  lists(world).delete(String(caller.userId));
}

/** Adds the files of a folder or of a query. @throws 400, 404, 403 */
export async function addFilesToLegacyList(
  world: World,
  caller: Caller,
  { folderId, query }: M.AddFileToDownloadListRequest,
): Promise<M.DownloadList> {
  requireLogin(caller);
  if (folderId !== undefined && query !== undefined) {
    throw badRequest("Set either 'folderId' or 'query' but not both.");
  }
  if (folderId === undefined && query === undefined) {
    throw badRequest("Must provide either 'folderId' or 'query'");
  }
  const files =
    query === undefined
      ? filesIn(world, requireAccess(world, caller, parseEntityId(folderId ?? ''), 'READ').id, {
          recursive: false,
          useVersion: true,
        })
      : await filesOfView(world, caller, query);
  const found = files.flatMap((file) => associationOf(world, file));
  return world.store.transaction(() => addToLegacyList(world, caller, found));
}

/** The files in the rows of a view. @throws 400 for another table, or for more than 100 rows */
async function filesOfView(world: World, caller: Caller, query: M.Query): Promise<WantedFile[]> {
  const limited = { ...query, limit: maxFiles + 1 };
  const { queryResults } = await queryPage(tablesOf(world), caller, limited);
  const { id } = parseEntityReference(queryResults?.tableId ?? '');
  if (findEntityRecord(world, id)?.type !== 'entityview') {
    throw badRequest('Files can only be added from a file view query.');
  }
  const rows = queryResults?.rows ?? [];
  if (rows.length > maxFiles) {
    throw badRequest(tooMany);
  }
  return rows.map(({ rowId, versionNumber }) => ({
    entityId: `syn${rowId ?? 0}`,
    versionNumber: versionNumber ?? 0,
  }));
}

function associationOf(
  world: World,
  { entityId, versionNumber }: WantedFile,
): M.FileHandleAssociation[] {
  const number = versionNumber ?? findEntityRecord(world, entityId)?.currentVersion ?? 0;
  const fileHandleId = findVersionRecord(world, entityId, number)?.fields.dataFileHandleId;
  return fileHandleId === undefined
    ? []
    : [{ fileHandleId, associateObjectId: entityId, associateObjectType: 'FileEntity' }];
}

/**
 * Moves files from the list into an order, up to 1 GB.
 *
 * @throws 400 for an empty list, 403 for anonymous callers
 */
export function createOrder(world: World, caller: Caller, zipFileName: string): M.DownloadOrder {
  const current = legacyList(world, caller).filesToDownload ?? [];
  if (current.length === 0) {
    throw badRequest('The download list is empty');
  }
  if (zipFileName.trim() === '') {
    throw badRequest('The zipFileName is required.');
  }
  const files: M.FileHandleAssociation[] = [];
  let totalSizeBytes = 0;
  for (const file of current) {
    const size = downloadableSize(world, caller, file);
    if (size !== undefined && totalSizeBytes + size <= maxOrder) {
      totalSizeBytes += size;
      files.push(file);
    }
  }
  if (files.length === 0) {
    throw badRequest('Could not download any files from the download list.');
  }
  const order: OrderRecord = {
    orderId: String(world.store.sequence('downloadOrders')()),
    createdBy: String(caller.userId),
    createdOn: world.timestamp(),
    zipFileName,
    files,
    totalSizeBytes,
    totalNumberOfFiles: files.length,
  };
  downloadOrders(world).put(order.orderId, order);
  removeFromLegacyList(world, caller, files);
  return order;
}

/** An order of the caller. @throws 404, 403 when it belongs to another user */
export function getOrder(world: World, caller: Caller, id: string): M.DownloadOrder {
  const order = downloadOrders(world).get(id);
  if (order === undefined) {
    throw notFound(`Download order '${id}' does not exist`);
  }
  if (order.createdBy !== String(caller.userId)) {
    throw forbidden('Only the owner may get a DownloadOrder');
  }
  return order;
}

/** The caller's orders, newest first, without their files. @throws 403 for anonymous callers */
export function listOrders(world: World, caller: Caller): M.DownloadOrderSummary[] {
  requireLogin(caller);
  return [...downloadOrders(world).values()]
    .filter(({ createdBy }) => createdBy === String(caller.userId))
    .map(({ orderId, createdBy, createdOn, zipFileName, totalSizeBytes, totalNumberOfFiles }) => ({
      orderId,
      createdBy,
      createdOn,
      zipFileName,
      totalSizeBytes,
      totalNumberOfFiles,
    }))
    .reverse();
}

function downloadableSize(
  world: World,
  caller: Caller,
  file: M.FileHandleAssociation,
): number | undefined {
  const handle = world.files.find(file.fileHandleId ?? '');
  return handle?.concreteType === handleTypes.s3 && world.files.mayDownload(caller, file)
    ? handle.contentSize
    : undefined;
}

function checked(files: readonly M.FileHandleAssociation[] | undefined): M.FileHandleAssociation[] {
  if (files === undefined) {
    throw badRequest('List<FileHandleAssociation> is required.');
  }
  files.forEach(checkAssociation);
  return [...files];
}

function keyOf(file: M.FileHandleAssociation): string {
  return JSON.stringify([file.associateObjectType, file.associateObjectId, file.fileHandleId]);
}
