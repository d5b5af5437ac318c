import { join } from 'node:path';
import { columnTypes } from '../../columns/columnTypes.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import type { EntityRef } from '../../values/ids.js';
import { SqlFragment } from '../sql/sqlFragment.js';
import { checkVersions } from './checkVersions.js';
import { openDeletes, type DoomedRow } from './deleteInput.js';
import type { DeleteRowsOptions, DeleteRowsReport, RowsToDelete } from './deleteOptions.js';
import { mostRowIds, rowsById } from './matchRows.js';
import { isStaleRow, sendTwice } from './transaction.js';
import { TableChanges } from './transactionChanges.js';
import { withRowsFolder } from './rowsFolder.js';
import { Spool } from './updateSpool.js';
import { openTarget, type UpdateTarget } from './updateTarget.js';

/** Implements {@link Tables.deleteRows}. */
export async function deleteRows(
  ctx: Context,
  table: EntityRef,
  given: RowsToDelete,
  options: DeleteRowsOptions = {},
): Promise<DeleteRowsReport> {
  const rows = given instanceof SqlFragment ? given.text : given;
  const target = await openTarget(ctx, table, options);
  if (target.view !== undefined) {
    throw new ArgumentError(
      `${target.id} is a view: its rows are entities. Delete them with syn.delete, or change the scope of the view.`,
    );
  }
  return withRowsFolder(async (folder) => {
    const spool = new Spool<DoomedRow>(join(folder, 'rows'));
    const seen = new Set<number>();
    for await (const row of openDeletes(ctx, target, rows, options)) {
      if (!seen.has(row.rowId)) await spool.add(row);
      seen.add(row.rowId);
    }
    const deletion = { target, spool };
    // The rows that a query finds have just been read.
    if (typeof rows !== 'string') await check(ctx, deletion, options);
    if (options.dryRun !== true && spool.count > 0) await send(ctx, deletion, folder, options);
    return { deleted: spool.count };
  });
}

interface Deletion {
  target: UpdateTarget;
  spool: Spool<DoomedRow>;
}

/** Compares the rows with those in the table: Synapse deletes rows without a comparison. See {@link checkVersions}. */
async function check(
  ctx: Context,
  { target: { id }, spool }: Deletion,
  options: DeleteRowsOptions,
  cause?: unknown,
): Promise<void> {
  await checkVersions(ctx, { tableId: id, batches: batchesOf(spool) }, options, cause);
}

function batchesOf(spool: Spool<DoomedRow>): AsyncGenerator<DoomedRow[]> {
  return spool.batches(mostRowIds, Infinity, () => 0);
}

/**
 * Deletes the rows in one transaction. Synapse does not compare the versions of deleted rows, but those of changed rows: each row
 * with a version is changed first, so that the whole transaction fails if another user has changed it.
 */
async function send(
  ctx: Context,
  { target, spool }: Deletion,
  folder: string,
  options: DeleteRowsOptions,
): Promise<void> {
  const changes = new TableChanges(target.id, folder);
  const { columns } = target;
  const guard = columns.find(({ columnType }) => !columnTypes[columnType].isList) ?? columns[0];
  for await (const { rowId, versionNumber } of spool.items()) {
    if (versionNumber === undefined || guard === undefined) continue;
    await changes.add([guard], { reference: { rowId, versionNumber }, cells: [null] });
  }
  await changes.seal();
  for await (const { rowId, versionNumber = 0 } of spool.items()) {
    await changes.add([], { reference: { rowId, versionNumber }, cells: [] });
  }
  const areGone = async (): Promise<boolean> => {
    for await (const batch of batchesOf(spool)) {
      const ids = batch.map(({ rowId }) => rowId);
      if ((await rowsById(ctx, { tableId: target.id, columns: [] }, ids, options)).size > 0)
        return false;
    }
    return true;
  };
  try {
    await sendTwice(() => changes.send(ctx, options), areGone);
  } catch (error) {
    // The error of Synapse names one row only.
    if (isStaleRow(error)) await check(ctx, { target, spool }, options, error);
    throw error;
  }
}
