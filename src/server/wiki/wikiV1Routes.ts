import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { pageWindow, paginated } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { attachmentHandles, attachmentPreviewUrl, attachmentUrl } from './wikiFiles.js';
import { ownerSegments, requireOwnerAccess, wikiOwner, type OwnerSegment } from './wikiOwners.js';
import {
  getRoot,
  getVersion,
  headerModel,
  pageModel,
  pageTree,
  type WikiPageRecord,
} from './wikiRecords.js';
import { readableOwner, readPage } from './wikiReads.js';
import { createPage, deletePage, requireUpdatable, updatePage } from './wikiWrites.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Maximum size of a decompressed page. */
const maxMarkdownBytes = 16 * 1024 * 1024;

/** Serves the first API of wikis, whose pages contain their markdown as text. */
export function wikiV1Routes(router: Router, world: World): void {
  for (const segment of ownerSegments) {
    textRoutes(router, world, segment);
  }
  for (const segment of ['entity', 'evaluation'] as const) {
    fullRoutes(router, world, segment);
  }
}

function textRoutes(router: Router, world: World, segment: OwnerSegment): void {
  router.post(`/repo/v1/${segment}/{ownerId}/wiki`, async ({ path, caller, body }) => {
    const owner = wikiOwner(world, segment, path.ownerId);
    requireOwnerAccess(world, caller, owner, 'CREATE');
    const page = await withMarkdownFile(world, caller, body, (content) =>
      createPage(world, caller, owner, content),
    );
    return textModel(world, page);
  });
  router.get(`/repo/v1/${segment}/{ownerId}/wiki/{wikiId}`, ({ path, query, caller }) =>
    textModel(world, readPage(world, caller, segment, path), query.wikiVersion),
  );
  router.put(`/repo/v1/${segment}/{ownerId}/wiki/{wikiId}`, async ({ path, caller, body }) => {
    const target = { owner: wikiOwner(world, segment, path.ownerId), wikiId: path.wikiId };
    requireUpdatable(world, caller, target, body);
    const page = await withMarkdownFile(world, caller, body, (content) =>
      updatePage(world, caller, target, content),
    );
    return textModel(world, page);
  });
}

function fullRoutes(
  router: Router,
  world: World,
  segment: Exclude<OwnerSegment, 'access_requirement'>,
): void {
  router.get(`/repo/v1/${segment}/{ownerId}/wiki`, ({ path, caller }) =>
    textModel(world, getRoot(world, readableOwner(world, caller, segment, path.ownerId))),
  );
  router.delete(`/repo/v1/${segment}/{ownerId}/wiki/{wikiId}`, ({ path, caller }) =>
    deletePage(world, caller, wikiOwner(world, segment, path.ownerId), path.wikiId),
  );
  router.get(`/repo/v1/${segment}/{ownerId}/wikiheadertree`, ({ path, query, caller }) => {
    const root = getRoot(world, readableOwner(world, caller, segment, path.ownerId));
    const headers = pageTree(world, root).map((page) => headerModel(world, page));
    return paginated(headers, pageWindow(query, pageLimits.wikiHeaders));
  });
  const base = `/repo/v1/${segment}/{ownerId}/wiki/{wikiId}` as const;
  router.get(`${base}/attachmenthandles`, ({ path, caller }) => ({
    list: attachmentHandles(world, getVersion(world, readPage(world, caller, segment, path))),
  }));
  router.get(`${base}/attachment`, ({ path, query, caller }) => {
    const version = getVersion(world, readPage(world, caller, segment, path));
    return attachmentUrl(world, version, query.fileName);
  });
  router.get(`${base}/attachmentpreview`, ({ path, query, caller }) => {
    const version = getVersion(world, readPage(world, caller, segment, path));
    return attachmentPreviewUrl(world, version, query.fileName);
  });
}

/**
 * Writes a page with its text in a file, compressed as by clients of the second API. When the page
 * is refused, the file is removed.
 */
async function withMarkdownFile(
  world: World,
  caller: Caller,
  { markdown = '', ...page }: M.WikiPage,
  write: (page: M.V2WikiPage) => WikiPageRecord,
): Promise<WikiPageRecord> {
  const blob = await world.blobs.save(await compress(markdown));
  return world.files.objects.keep(blob, () => {
    const { id } = world.files.record(blob, {
      createdBy: caller.userId,
      fileName: 'markdown.txt.gz',
      contentType: 'application/x-gzip',
    });
    return write({ ...page, markdownFileHandleId: id });
  });
}

async function textModel(world: World, page: WikiPageRecord, number?: number): Promise<M.WikiPage> {
  const version = getVersion(world, page, number);
  const model: M.V2WikiPage & M.WikiPage = {
    ...pageModel(page, version),
    markdown: await readMarkdown(world, version.markdownFileHandleId),
  };
  delete model.markdownFileHandleId;
  return model;
}

/** @throws 400 when the file is not in the storage of this server, or is not the text of a page */
async function readMarkdown(world: World, fileHandleId: string): Promise<string> {
  const handle = world.files.get(fileHandleId);
  if ((handle.contentSize ?? 0) > maxMarkdownBytes) {
    throw badRequest(`File handle ${fileHandleId} is too large for the text of a wiki page.`);
  }
  const stored = await buffer(world.files.read(handle));
  const isCompressed = stored[0] === 0x1f && stored[1] === 0x8b;
  if (!isCompressed) {
    return stored.toString('utf8');
  }
  try {
    const text = await decompress(stored, { maxOutputLength: maxMarkdownBytes });
    return text.toString('utf8');
  } catch {
    throw badRequest(`The content of file handle ${fileHandleId} cannot be decompressed.`);
  }
}
