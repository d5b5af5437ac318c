import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow, paginated } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { attachmentHandles, attachmentPreviewUrl, attachmentUrl } from './wikiFiles.js';
import { ownerSegments, wikiOwner, type OwnerSegment } from './wikiOwners.js';
import {
  getRoot,
  getVersion,
  headerModel,
  pageModel,
  pageTree,
  versionsNewestFirst,
  type OrderHintRecord,
  type WikiPageRecord,
  type WikiVersionRecord,
} from './wikiRecords.js';
import { readableOwner, readPage } from './wikiReads.js';
import { wikiV1Routes } from './wikiV1Routes.js';
import {
  createPage,
  deletePage,
  readOrderHint,
  restoreVersion,
  updateOrderHint,
  updatePage,
} from './wikiWrites.js';

/** Serves wikis in both versions of their API. */
export function wikiRoutes(router: Router, world: World): void {
  for (const segment of ownerSegments) {
    pageRoutes(router, world, segment);
    treeRoutes(router, world, segment);
    fileRoutes(router, world, segment);
  }
  orderHintRoutes(router, world);
  wikiV1Routes(router, world);
}

function currentModel(world: World, page: WikiPageRecord): M.V2WikiPage {
  return pageModel(page, getVersion(world, page));
}

function pageRoutes(router: Router, world: World, segment: OwnerSegment): void {
  router.post(`/repo/v1/${segment}/{ownerId}/wiki2`, ({ path, caller, body }) =>
    currentModel(world, createPage(world, caller, wikiOwner(world, segment, path.ownerId), body)),
  );
  router.get(`/repo/v1/${segment}/{ownerId}/wiki2`, ({ path, caller }) =>
    currentModel(world, getRoot(world, readableOwner(world, caller, segment, path.ownerId))),
  );
  router.get(`/repo/v1/${segment}/{ownerId}/wiki2/{wikiId}`, ({ path, query, caller }) => {
    const page = readPage(world, caller, segment, path);
    return pageModel(page, getVersion(world, page, query.wikiVersion));
  });
  router.put(`/repo/v1/${segment}/{ownerId}/wiki2/{wikiId}`, ({ path, caller, body }) => {
    const owner = wikiOwner(world, segment, path.ownerId);
    const target = { owner, wikiId: path.wikiId };
    return currentModel(world, updatePage(world, caller, target, body));
  });
  router.delete(`/repo/v1/${segment}/{ownerId}/wiki2/{wikiId}`, ({ path, caller }) =>
    deletePage(world, caller, wikiOwner(world, segment, path.ownerId), path.wikiId),
  );
  router.put(`/repo/v1/${segment}/{ownerId}/wiki2/{wikiId}/{wikiVersion}`, ({ path, caller }) => {
    const owner = wikiOwner(world, segment, path.ownerId);
    const target = { owner, wikiId: path.wikiId };
    return currentModel(world, restoreVersion(world, caller, target, path.wikiVersion));
  });
}

function treeRoutes(router: Router, world: World, segment: OwnerSegment): void {
  router.get(`/repo/v1/${segment}/{ownerId}/wikiheadertree2`, ({ path, query, caller }) => {
    const root = getRoot(world, readableOwner(world, caller, segment, path.ownerId));
    const headers = pageTree(world, root).map((page) => headerModel(world, page));
    return paginated(headers, pageWindow(query, pageLimits.wikiHeaders));
  });
  router.get(`/repo/v1/${segment}/{ownerId}/wiki2/{wikiId}/wikihistory`, (call) => {
    const page = readPage(world, call.caller, segment, call.path);
    const snapshots = versionsNewestFirst(world, page).map((version) => ({
      version: String(version.version),
      modifiedOn: version.modifiedOn,
      modifiedBy: String(version.modifiedBy),
    }));
    return paginated(snapshots, pageWindow(call.query));
  });
  router.get(`/repo/v1/${segment}/{ownerId}/wikikey`, ({ path, caller }) => {
    const owner = readableOwner(world, caller, segment, path.ownerId);
    const { id: wikiPageId } = getRoot(world, owner);
    return { wikiPageId, ownerObjectId: owner.id, ownerObjectType: owner.type };
  });
}

function fileRoutes(router: Router, world: World, segment: OwnerSegment): void {
  const readVersion = (
    caller: Caller,
    path: { readonly ownerId: string; readonly wikiId: string },
    number: number | undefined,
  ): WikiVersionRecord => getVersion(world, readPage(world, caller, segment, path), number);

  const base = `/repo/v1/${segment}/{ownerId}/wiki2/{wikiId}` as const;
  router.get(`${base}/attachmenthandles`, ({ path, query, caller }) => ({
    list: attachmentHandles(world, readVersion(caller, path, query.wikiVersion)),
  }));
  router.get(`${base}/attachment`, ({ path, query, caller }) =>
    attachmentUrl(world, readVersion(caller, path, query.wikiVersion), query.fileName),
  );
  router.get(`${base}/attachmentpreview`, ({ path, query, caller }) =>
    attachmentPreviewUrl(world, readVersion(caller, path, query.wikiVersion), query.fileName),
  );
  router.get(`${base}/markdown`, ({ path, query, caller }) => {
    const { markdownFileHandleId } = readVersion(caller, path, query.wikiVersion);
    return world.files.url(world.files.get(markdownFileHandleId));
  });
}

function orderHintRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{ownerId}/wiki2orderhint', ({ path, caller }) =>
    orderHintModel(readOrderHint(world, caller, wikiOwner(world, 'entity', path.ownerId))),
  );
  router.put('/repo/v1/entity/{ownerId}/wiki2orderhint', ({ path, caller, body }) => {
    const owner = wikiOwner(world, 'entity', path.ownerId);
    if (body.ownerId !== undefined && wikiOwner(world, 'entity', body.ownerId).id !== owner.id) {
      throw badRequest('The ownerId of the path does not match that of the order hint.');
    }
    return orderHintModel(updateOrderHint(world, caller, owner, body));
  });
}

function orderHintModel({ owner, etag, idList }: OrderHintRecord): M.V2WikiOrderHint {
  return {
    ownerId: owner.id,
    ownerObjectType: owner.type,
    etag,
    ...(idList && { idList: [...idList] }),
  };
}
