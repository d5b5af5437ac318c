import type { World } from '../world.js';
import { defineDownloadJobs } from './downloadJobs.js';
import { addFilesToLegacyList } from './legacyList.js';

/** Registers the jobs on download lists. */
export function registerDownloadLists(world: World): void {
  defineDownloadJobs(world);
  world.jobs.define(
    'org.sagebionetworks.repo.model.file.AddFileToDownloadListRequest',
    async (request, { caller }) => ({
      concreteType: 'org.sagebionetworks.repo.model.file.AddFileToDownloadListResponse',
      downloadList: await addFilesToLegacyList(world, caller, request),
    }),
  );
}
