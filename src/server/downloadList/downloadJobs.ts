import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { findEntityRecord, findVersionRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { addFiles, filesIn, type WantedFile } from './downloadListItems.js';
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
    const files = await requestedFiles(world, caller, request);
    return {
      concreteType: `${base}.AddToDownloadListResponse`,
      numberOfFilesAdded: world.store.transaction(() => addFiles(world, caller, files)),
    };
  });
  jobs.define(
    `${base}.AddToDownloadListStatsRequest`,
    async ({ request }, { caller }) => {
      if (request === undefined) {
        throw badRequest('The request is required.');
      }
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
    const { id } = await storeManifest(world, caller, csv);
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
  requireLogin(caller);
  switch (request?.concreteType) {
    case `${base}.AvailableFilesRequest`: {
      const { filter, sort, nextPageToken } = request;
      const files = availableFiles(world, caller)
        .filter(
          ({ isPackable }) =>
            filter === undefined || isPackable === (filter === 'eligibleForPackaging'),
        )
        .map((file) => itemResult(world, file));
      const page = tokenPage(sortItems(files, sort), nextPageToken);
      return { concreteType: `${base}.AvailableFilesResponse`, ...page };
    }
    case `${base}.ActionRequiredRequest`: {
      const page = tokenPage(requiredActions(world, caller), request.nextPageToken);
      return { concreteType: `${base}.ActionRequiredResponse`, ...page };
    }
    case `${base}.FilesStatisticsRequest`:
      return listStatistics(world, caller);
    case undefined:
      throw badRequest('The requestDetails are required.');
  }
}

/** The files that a request adds. The caller must be able to read a container. */
async function requestedFiles(
  world: World,
  caller: Caller,
  { query, parentId, recursive, useVersionNumber }: M.AddToDownloadListRequest,
): Promise<WantedFile[]> {
  requireLogin(caller);
  if ((query === undefined) === (parentId === undefined)) {
    throw badRequest('Must provide either a query or a parentId, but not both.');
  }
  if (query !== undefined) {
    return filesOfQuery(world, caller, query, useVersionNumber);
  }
  const parent = requireAccess(world, caller, parseEntityId(parentId ?? ''), 'READ');
  if (parent.type !== 'project' && parent.type !== 'folder') {
    throw badRequest(`${parent.id} is neither a project nor a folder.`);
  }
  return filesIn(world, parent.id, {
    recursive: recursive ?? false,
    useVersion: useVersionNumber ?? true,
  });
}

function sizeOf(world: World, { entityId, versionNumber }: WantedFile): number {
  const number = versionNumber ?? currentVersionOf(world, entityId);
  return findVersionRecord(world, entityId, number)?.contentSize ?? 0;
}

function currentVersionOf(world: World, entityId: string): number {
  return findEntityRecord(world, entityId)?.currentVersion ?? 0;
}
