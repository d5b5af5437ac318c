import type * as M from '../../../generated/models.js';

/** New cells of a row, by the ids of their columns. */
export type PartialCells = readonly (readonly [columnId: string, cell: string | null])[];

/** The state of the row that is changed. */
export interface PartialRowReference {
  rowId: number;
  /** Rows of views only. */
  etag?: string | undefined;
}

/** A row in the form of the API that changes only some of its cells. */
export function partialRow(
  { rowId, etag }: PartialRowReference,
  cells: PartialCells,
): M.PartialRow {
  return {
    rowId,
    ...(etag !== undefined && { etag }),
    values: cells.map(([key, value]) => ({ key, value })),
  };
}

/** A change of some cells of some rows. */
export function partialRowSet(tableId: string, rows: readonly M.PartialRow[]): M.PartialRowSet {
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.PartialRowSet',
    tableId,
    rows: [...rows],
  };
}

/** Bytes that Synapse counts for each character. */
const bytesPerCharacter = 4;

/** Bytes of a row, as Synapse counts them. The rows of a request have at most 2 MiB. */
export function partialRowBytes(cells: PartialCells): number {
  return (
    cells.reduce((sum, [key, cell]) => sum + key.length + (cell?.length ?? 0), 0) *
    bytesPerCharacter
  );
}
