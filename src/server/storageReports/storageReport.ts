import type * as M from '../../../generated/models.js';
import { rootId } from '../entities/entityIds.js';
import { childrenOf } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden } from '../kernel/serviceError.js';
import { storedBytes } from '../projectStorage/storageUsage.js';
import { csvFormat } from '../tables/csv/csvFormat.js';
import { CsvWriter } from '../tables/csv/csvWriter.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';

const model = 'org.sagebionetworks.repo.model.report';

/** Writes how much every project stores into a CSV file; there is one kind of report. @throws 403 */
export async function storageReport(
  world: World,
  caller: Caller,
): Promise<M.DownloadStorageReportResponse> {
  requireReporter(caller);
  const { id } = await world.files.store(Buffer.from(reportCsv(world)), {
    createdBy: caller.userId,
    fileName: 'Job.csv',
    contentType: 'text/csv',
  });
  return { concreteType: `${model}.DownloadStorageReportResponse`, resultsFileHandleId: id };
}

function requireReporter(caller: Caller): void {
  if (!caller.isAdmin && !caller.groups.has(fixedPrincipals.reportGroup)) {
    throw forbidden(
      'Only administrators or members of the Synapse Report Team can generate storage reports.',
    );
  }
}

/** Projects in descending order of their size. */
function reportCsv(world: World): string {
  const projects = childrenOf(world, rootId).map((project) => {
    const bytes = [...storedBytes(world, project).values()].reduce((sum, one) => sum + one, 0);
    return { project, bytes };
  });
  projects.sort((a, b) => b.bytes - a.bytes);
  const writer = new CsvWriter(csvFormat());
  const rows = projects.map(({ project, bytes }) => [project.id, project.name, String(bytes)]);
  return [['projectId', 'projectName', 'sizeInBytes'], ...rows]
    .map((row) => writer.row(row))
    .join('');
}
