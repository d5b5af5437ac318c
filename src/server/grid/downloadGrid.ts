import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import type { World } from '../world.js';
import type { GridCell } from './gridCells.js';
import { storeCsv } from './gridFiles.js';
import { requireGrid, type GridContent } from './gridRecords.js';

/** Options of writing a grid to a file. */
interface Written {
  readonly writeHeader: boolean;
  readonly withRowIds: boolean;
  readonly withEtags: boolean;
}

/**
 * Writes a grid to a CSV file of the caller.
 *
 * @throws 404, 403
 * @see https://rest-docs.synapse.org/rest/POST/grid/download/csv/async/start.html
 */
export async function downloadGrid(
  world: World,
  caller: Caller,
  request: M.DownloadFromGridRequest,
): Promise<M.DownloadFromGridResult> {
  const grid = requireGrid(world, caller, request.sessionId);
  const { sessionId } = grid.session;
  const lines = linesOf(grid, {
    writeHeader: request.writeHeader ?? true,
    withRowIds: request.includeRowIdAndRowVersion ?? true,
    withEtags: request.includeEtag ?? true,
  });
  const resultsFileHandleId = await storeCsv(world, caller, lines, {
    fileName: request.fileName ?? `grid-${sessionId}.csv`,
    descriptor: request.csvTableDescriptor,
  });
  return {
    concreteType: 'org.sagebionetworks.repo.model.grid.DownloadFromGridResult',
    sessionId,
    resultsFileHandleId,
  };
}

/** The lines of a CSV file. Rows that do not come from a table have no ids and etags. */
export function linesOf(
  { columns, rows }: GridContent,
  { writeHeader, withRowIds, withEtags }: Written,
): GridCell[][] {
  const header = [
    ...(withRowIds ? ['ROW_ID', 'ROW_VERSION'] : []),
    ...(withEtags ? ['etag'] : []),
    ...columns.map(({ name }) => name),
  ];
  const lines = rows.map(({ cells, source: { rowId, versionNumber, etag } = {} }) => [
    ...(withRowIds ? [rowId, versionNumber].map((id) => id?.toString() ?? null) : []),
    ...(withEtags ? [etag ?? null] : []),
    ...cells,
  ]);
  return writeHeader ? [header, ...lines] : lines;
}
