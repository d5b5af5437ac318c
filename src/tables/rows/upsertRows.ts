import { join } from 'node:path';
import type { Context } from '../../context.js';
import type { EntityRef } from '../../values/ids.js';
import type { RowsInput } from './rowSource.js';
import { openUpdates } from './updateInput.js';
import { withRowsFolder } from './rowsFolder.js';
import { Spool } from './updateSpool.js';
import { openTarget } from './updateTarget.js';
import { readUpsertInput, type UpsertRow } from './upsertInput.js';
import type { UpsertOptions, UpsertReport } from './upsertOptions.js';
import { upsertTable } from './upsertTable.js';
import { upsertView } from './upsertView.js';

/** Implements {@link Tables.upsert}. */
export async function upsertRows(
  ctx: Context,
  table: EntityRef,
  rows: RowsInput,
  options: UpsertOptions,
): Promise<UpsertReport> {
  const target = await openTarget(ctx, table, options);
  const isView = target.view !== undefined;
  return withRowsFolder(async (folder) => {
    const { columns } = target;
    const spool = new Spool<UpsertRow>(join(folder, 'rows'));
    // A view shows no default values.
    const input = await readUpsertInput(openUpdates(rows, columns, options), spool, {
      columns,
      keys: options.keys,
      defaults: !isView,
    });
    return (isView ? upsertView : upsertTable)(ctx, { target, input, folder }, options);
  });
}
