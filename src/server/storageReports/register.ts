import type { World } from '../world.js';
import { storageReport } from './storageReport.js';

/** Registers the job that reports what projects store. */
export function registerStorageReports(world: World): void {
  world.jobs.define(
    'org.sagebionetworks.repo.model.report.DownloadStorageReportRequest',
    (request, { caller }) => storageReport(world, caller, request),
  );
}
