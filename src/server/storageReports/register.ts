import type { World } from '../world.js';
import { storageReport } from './storageReport.js';

/** Registers the job that reports what projects store. */
export function registerStorageReports(world: World): void {
  world.jobs.define(
    'org.sagebionetworks.repo.model.report.DownloadStorageReportRequest',
    (_request, { caller }) => storageReport(world, caller),
  );
}
