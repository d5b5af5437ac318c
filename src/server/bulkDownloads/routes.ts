import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { bulkDownload } from './bulkDownload.js';

/** Serves the download of many files as one archive. */
export function bulkDownloadRoutes(_router: Router, world: World): void {
  world.jobs.define(
    'org.sagebionetworks.repo.model.file.BulkFileDownloadRequest',
    (request, { caller }) => bulkDownload(world, caller, request),
  );
}
