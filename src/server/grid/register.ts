import type { World } from '../world.js';
import { createGrid } from './createGrid.js';
import { downloadGrid } from './downloadGrid.js';
import { exportRecordSet } from './exportRecordSet.js';
import { importCsv } from './importCsv.js';
import { synchronizeGrid } from './synchronizeGrid.js';

const model = 'org.sagebionetworks.repo.model.grid';

/** Registers the jobs on grids. */
export function registerGrids(world: World): void {
  const { jobs } = world;
  jobs.define(`${model}.CreateGridRequest`, async (request, { caller }) => ({
    concreteType: `${model}.CreateGridResponse`,
    gridSession: (await createGrid(world, caller, request)).session,
  }));
  jobs.define(`${model}.GridCsvImportRequest`, (request, { caller }) =>
    importCsv(world, caller, request),
  );
  jobs.define(`${model}.DownloadFromGridRequest`, (request, { caller }) =>
    downloadGrid(world, caller, request),
  );
  jobs.define(`${model}.GridRecordSetExportRequest`, (request, { caller }) =>
    exportRecordSet(world, caller, request.sessionId),
  );
  jobs.define(`${model}.SynchronizeGridRequest`, (request, { caller }) =>
    synchronizeGrid(world, caller, request.gridSessionId),
  );
}
