import type * as M from '../../../generated/models.js';
import { findEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { putGrid, requireGrid, type GridContent, type GridRow } from './gridRecords.js';
import { queryRows } from './gridSources.js';

/**
 * Updates a grid from its view: removes rows and columns that are no longer in the view and appends
 * new ones. Nothing is written to the view, because rows of a view can only be edited over a web
 * socket.
 *
 * @throws 404, 403, 400 when the grid has another source
 * @see https://rest-docs.synapse.org/rest/POST/grid/synchronize/async/start.html
 */
export async function synchronizeGrid(
  world: World,
  caller: Caller,
  gridSessionId: string | undefined,
): Promise<M.SynchronizeGridResponse> {
  if (gridSessionId === undefined) {
    throw badRequest('request.gridSessionId is required.');
  }
  const { sourceEntityId, ownerPrincipalId } = requireGrid(world, caller, gridSessionId).session;
  const source = sourceEntityId === undefined ? undefined : findEntityRecord(world, sourceEntityId);
  if (source?.type !== 'entityview') {
    throw badRequest(`Unsupported type: ${source?.type ?? 'none'}`);
  }
  const query = { sql: `select * from ${source.id}` };
  const found = await queryRows(world, caller, query, ownerPrincipalId);
  world.store.transaction(() => {
    const grid = requireGrid(world, caller, gridSessionId);
    putGrid(world, { ...grid, ...inOrderOf(grid, found) });
  });
  return {
    concreteType: 'org.sagebionetworks.repo.model.grid.SynchronizeGridResponse',
    gridSessionId,
    errorMessages: [],
  };
}

/** Merges the found items into the existing ones, which keep their order. */
function inOrderOf(grid: GridContent, found: GridContent): GridContent {
  const places = new Map(grid.columns.map(({ name }, place) => [name, place]));
  const columns = found.columns.map((column, index) => ({ column, index }));
  const placeOf = (name: string) => places.get(name) ?? places.size;
  columns.sort((a, b) => placeOf(a.column.name) - placeOf(b.column.name));
  const rows = found.rows.map((row) => ({
    ...row,
    cells: columns.map(({ index }) => row.cells[index] ?? null),
  }));
  const rowPlaces = new Map(grid.rows.map(({ source }, place) => [source?.rowId, place]));
  const placeOfRow = ({ source }: GridRow) => rowPlaces.get(source?.rowId) ?? rowPlaces.size;
  rows.sort((a, b) => placeOfRow(a) - placeOfRow(b));
  return { columns: columns.map(({ column }) => column), rows };
}
