import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { nameRows, rowsById } from './matchRows.js';
import { MissingRowsError, StaleRowsError } from './updateError.js';

/** A row of the input that stands for a row of a table. */
export interface KnownRow {
  /** The number of the row in the input. */
  row: number;
  rowId: number;
  /** The version that was read; absent when any version will do. */
  versionNumber?: number | undefined;
}

/** The rows to compare with those of a table. */
export interface RowsToCheck {
  tableId: string;
  batches: AsyncIterable<readonly KnownRow[]>;
}

/**
 * Compares the versions of rows with those in a table, because Synapse does not compare all of them.
 *
 * @param cause - The error that led to the comparison.
 * @returns The versions of the rows that were given without one, by their ids.
 * @throws {@link MissingRowsError} and {@link StaleRowsError}, which name all of the rows.
 */
export async function checkVersions(
  ctx: Context,
  { tableId, batches }: RowsToCheck,
  options: CommonOptions,
  cause?: unknown,
): Promise<Map<number, number>> {
  const versions = new Map<number, number>();
  const missing: KnownRow[] = [];
  const stale: KnownRow[] = [];
  for await (const batch of batches) {
    const ids = batch.map(({ rowId }) => rowId);
    const rows = await rowsById(ctx, { tableId, columns: [] }, ids, options);
    for (const item of batch) {
      const version = rows.get(item.rowId)?.reference.versionNumber;
      if (version === undefined) missing.push(item);
      else if (item.versionNumber === undefined) versions.set(item.rowId, version);
      else if (version !== item.versionNumber) stale.push(item);
    }
  }
  const errorOf = (rows: readonly KnownRow[]) => ({
    tableId,
    rowIds: rows.map(({ rowId }) => rowId),
    cause,
  });
  if (missing.length > 0) throw new MissingRowsError(nameRows(missing), errorOf(missing));
  if (stale.length > 0) throw new StaleRowsError(nameRows(stale), errorOf(stale));
  return versions;
}
