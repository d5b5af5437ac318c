import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityModel } from '../entities/entityModels.js';
import { getVersionRecord } from '../entities/entityRecords.js';
import { putEntity } from '../entities/entityWrites.js';
import { updateEntity } from '../entities/updateEntity.js';
import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import { linesOf } from './downloadGrid.js';
import { storeCsv } from './gridFiles.js';
import { requireGrid } from './gridRecords.js';
import { sourceRecordSet } from './gridSources.js';
import { validateGrid } from './validateGrid.js';

/**
 * Writes a grid back as a new version of its record set, with the validation result of each row.
 *
 * @throws 404, 403, 400 when the grid has another source
 * @see https://rest-docs.synapse.org/rest/POST/grid/export/recordset/async/start.html
 */
export async function exportRecordSet(
  world: World,
  caller: Caller,
  sessionId: string | undefined,
): Promise<M.GridRecordSetExportResponse> {
  const grid = requireGrid(world, caller, sessionId);
  const { record, version: current } = sourceRecordSet(world, grid);
  const { id } = record;
  const { summary, details } = await validateGrid(world, grid);
  const written = { writeHeader: true, withRowIds: false, withEtags: false };
  const dataFileHandleId = await storeCsv(world, caller, linesOf(grid, written), {
    fileName: `${record.name}.csv`,
    descriptor: current.fields.csvDescriptor,
  });
  const validationFileHandleId = await storeCsv(world, caller, details, {
    fileName: 'grid_validation_details.csv',
  });
  const validationSummary = { containerId: id, ...summary };
  const { version } = world.store.transaction(() => {
    const latest = requireAccess(world, caller, id, 'UPDATE');
    const model = entityModel(world, latest, getVersionRecord(world, latest));
    const changed = { ...model, versionLabel: undefined, dataFileHandleId };
    const updated = updateEntity(world, caller, changed, { newVersion: true });
    const { fields } = updated.version;
    // Users cannot set these fields.
    const validated = { ...fields, validationSummary, validationFileHandleId };
    const entity = { ...updated, version: { ...updated.version, fields: validated } };
    putEntity(world, entity);
    return entity;
  });
  return {
    concreteType: 'org.sagebionetworks.repo.model.grid.GridRecordSetExportResponse',
    sessionId: grid.session.sessionId,
    recordSetId: id,
    recordSetVersionNumber: version.number,
    validationSummaryStatistics: validationSummary,
    validationFileHandleId,
  };
}
