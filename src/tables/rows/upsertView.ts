import { join } from 'node:path';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { Spool } from './updateSpool.js';
import { readOnlyColumns } from './updateView.js';
import { updateViewRows, type ViewRowUpdate } from './updateViewRows.js';
import { nameKey } from './upsertInput.js';
import type { UpsertOptions, UpsertReport } from './upsertOptions.js';
import { planUpsert, type UpsertStep } from './upsertPlan.js';
import type { Upsert } from './upsertTable.js';

/** Updates annotations of the entities of a view. Rows that the view does not have are reported. */
export async function upsertView(
  ctx: Context,
  { target, input, folder }: Upsert,
  options: UpsertOptions,
): Promise<UpsertReport> {
  const { id: viewId, view } = target;
  const { columns, keyIndexes } = input;
  const keys = keyIndexes.map((index) => columns[index]?.name ?? '');
  const report: UpsertReport = { inserted: 0, updated: 0, unchanged: 0, problems: [] };
  const readOnly = await readOnlyColumns(ctx, target, options);
  const changes = new Spool<ViewRowUpdate>(join(folder, 'changes'));
  for await (const step of planUpsert(ctx, { tableId: viewId, isView: true }, input, options)) {
    const { given, stored, cells } = step;
    const { rowId, etag } = stored?.reference ?? {};
    if (stored === undefined || rowId === undefined || etag === undefined) {
      const message = `${viewId} has no row with ${nameKey(keys, given.key)}. Rows of a view are entities: store the entity first.`;
      const key = Object.fromEntries(keys.map((name, at) => [name, given.key[at] ?? null]));
      report.problems.push({ row: given.row, key, message });
    } else if (cells.length === 0) {
      report.unchanged += 1;
    } else {
      const named = cells.map(([index, cell]) => [columns[index]?.id ?? '', cell] as const);
      checkWritable(step, columns, readOnly);
      await changes.add({ row: given.row, rowId, etag, cells: named });
    }
  }
  if (options.dryRun === true) return { ...report, updated: changes.count };
  const updates = { viewId, view, rows: changes, failures: [] };
  const updated = await updateViewRows(ctx, updates, options);
  return { ...report, updated };
}

function checkWritable(
  { given, cells }: UpsertStep,
  columns: Upsert['input']['columns'],
  readOnly: ReadonlySet<string>,
): void {
  for (const [index, cell] of cells) {
    const name = columns[index]?.name ?? '';
    if (!readOnly.has(name)) continue;
    throw new ArgumentError(
      `Row ${given.row}: the column ${quoted(name)} of a view shows a property of the entity and cannot be changed to ${quoted(cell)} through the view.`,
    );
  }
}
