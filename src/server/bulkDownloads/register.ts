import type { World } from '../world.js';
import { bulkDownload } from './bulkDownload.js';

/** Registers the job that puts many files into one archive. */
export function registerBulkDownloads(world: World): void {
  world.jobs.define(
    'org.sagebionetworks.repo.model.file.BulkFileDownloadRequest',
    (request, { caller }) => bulkDownload(world, caller, request),
  );
}
