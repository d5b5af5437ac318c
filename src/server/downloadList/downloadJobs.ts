import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import {
  findEntityRecord,
  findVersionRecord,
  getVersionRecord,
} from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import {
  addFound,
  addQueried,
  filesIn,
  freeSlots,
  requireOwner,
  type WantedFile,
} from './downloadListItems.js';
import { filesOfQuery } from './fileQueries.js';
import { availableFiles, itemResult, listStatistics, requiredActions } from './listedFiles.js';
import { manifestCsv, storeManifest } from './manifest.js';
import { packageFiles } from './packageFiles.js';
import { sortItems } from './sortItems.js';

const base = 'org.sagebionetworks.repo.model.download';

/** Defines the asynchronous jobs on download lists. */
export function defineDownloadJobs(world: World): void {
  const { jobs } = world;
  jobs.define(
    `${base}.DownloadListQueryRequest`,
    ({ requestDetails }, { caller }) => ({
      concreteType: `${base}.DownloadListQueryResponse`,
      responseDetails: answerQuery(world, caller, requestDetails),
    }),
    { readOnly: true },
  );
  jobs.define(`${base}.AddToDownloadListRequest`, async (request, { caller }) => {
    requireOwner(caller);
    requireOneSource(request);
    freeSlots(world, caller);
    const files = await requestedFiles(world, caller, request);
    const add = request.query === undefined ? addFound : addQueried;
    return {
      concreteType: `${base}.AddToDownloadListResponse`,
      numberOfFilesAdded: world.store.transaction(() => add(world, caller, files)),
    };
  });
  jobs.define(
    `${base}.AddToDownloadListStatsRequest`,
    async ({ request }, { caller }) => {
      if (request === undefined) {
        throw badRequest('The request is required.');
      }
      requireOwner(caller);
      requireOneSource(request);
      const files = await requestedFiles(world, caller, request);
      return {
        concreteType: `${base}.AddToDownloadListStatsResponse`,
        fileCount: files.length,
        fileSize: files.reduce((sum, file) => sum + sizeOf(world, file), 0),
        isFileCountAndSizeEstimate: false,
      };
    },
    { readOnly: true },
  );
  jobs.define(`${base}.DownloadListManifestRequest`, async ({ csvTableDescriptor }, { caller }) => {
    const csv = manifestCsv(world, caller, csvTableDescriptor);
    const { id } = await storeManifest(world, caller, csv, csvTableDescriptor);
    return { concreteType: `${base}.DownloadListManifestResponse`, resultFileHandleId: id };
  });
  jobs.define(`${base}.DownloadListPackageRequest`, async (request, { caller }) => {
    const { id } = await packageFiles(world, caller, request);
    return { concreteType: `${base}.DownloadListPackageResponse`, resultFileHandleId: id };
  });
}

function answerQuery(
  world: World,
  caller: Caller,
  request: M.QueryRequestDetails | undefined,
): M.QueryResponseDetails {
  if (request === undefined) {
    throw badRequest('requestBody.requestDetails is required.');
  }
  requireOwner(caller);
  switch (request.concreteType) {
    case `${base}.AvailableFilesRequest`: {
      const { filter, sort, nextPageToken } = request;
      const files = availableFiles(world, caller)
        .filter(
          ({ isPackable }) =>
            filter === undefined || isPackable === (filter === 'eligibleForPackaging'),
        )
        .map((file) => ({ file, result: itemResult(world, file) }));
      const { page, ...next } = tokenPage(sortItems(files, sort), nextPageToken);
      return {
        concreteType: `${base}.AvailableFilesResponse`,
        page: page.map(({ result }) => result),
        ...next,
      };
    }
    case `${base}.ActionRequiredRequest`: {
      const page = tokenPage(requiredActions(world, caller), request.nextPageToken);
      return { concreteType: `${base}.ActionRequiredResponse`, ...page };
    }
    case `${base}.FilesStatisticsRequest`:
      return listStatistics(world, caller);
  }
}

/** @throws 400 unless a request names a query or a container, and not both */
function requireOneSource({ query, parentId }: M.AddToDownloadListRequest): void {
  if (query !== undefined && parentId !== undefined) {
    throw badRequest('Please provide request.parentId or request.query() but not both.');
  }
  if (query === undefined && parentId === undefined) {
    throw badRequest('Must include either request.parentId or request.query().');
  }
}

/** The files that a request adds. The caller must be able to read a container. */
async function requestedFiles(
  world: World,
  caller: Caller,
  { query, parentId, recursive, useVersionNumber = true }: M.AddToDownloadListRequest,
): Promise<WantedFile[]> {
  if (query !== undefined) {
    return filesOfQuery(world, caller, query, useVersionNumber);
  }
  const parent = requireAccess(world, caller, parseEntityId(parentId ?? ''), 'READ');
  if (parent.type === 'dataset') {
    const { items = [] } = getVersionRecord(world, parent).fields;
    return items.map(({ entityId = '', versionNumber = 0 }) => ({
      entityId: parseEntityId(entityId),
      versionNumber,
    }));
  }
  return filesIn(world, parent.id, {
    recursive: recursive ?? false,
    useVersion: useVersionNumber,
  });
}

function sizeOf(world: World, { entityId, versionNumber }: WantedFile): number {
  const number = versionNumber ?? currentVersionOf(world, entityId);
  return findVersionRecord(world, entityId, number)?.contentSize ?? 0;
}

function currentVersionOf(world: World, entityId: string): number {
  return findEntityRecord(world, entityId)?.currentVersion ?? 0;
}
