import type { Context } from '../../context.js';
import type { EntityRef } from '../../values/ids.js';
import type { RowsInput } from './rowSource.js';
import type { UpdateOptions, UpdateReport } from './updateOptions.js';
import { updateTable } from './updateTable.js';
import { openTarget } from './updateTarget.js';
import { updateView } from './updateView.js';

/** Implements {@link Tables.update}. */
export async function updateRows(
  ctx: Context,
  table: EntityRef,
  rows: RowsInput,
  options: UpdateOptions = {},
): Promise<UpdateReport> {
  const target = await openTarget(ctx, table, options);
  const update = target.view === undefined ? updateTable : updateView;
  return update(ctx, target, rows, options);
}
