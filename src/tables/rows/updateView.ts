import { join } from 'node:path';
import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import { ArgumentError, type Failure } from '../../errors.js';
import { MissingRowsError } from './updateError.js';
import { ViewUpdateError } from './updateViewError.js';
import type { CommonOptions } from '../../options.js';
import { quoted } from '../../values/quoted.js';
import type { RawRow } from '../query/queryRows.js';
import { cellMatcher } from './matchCell.js';
import { mostRowIds, nameRows, rowsById } from './matchRows.js';
import type { RowsInput } from './rowSource.js';
import {
  claimRow,
  comparedTogether,
  openUpdates,
  type ChangedRow,
  type SetCells,
} from './updateInput.js';
import type { UpdateOptions, UpdateReport } from './updateOptions.js';
import { withRowsFolder } from './rowsFolder.js';
import { Spool } from './updateSpool.js';
import type { UpdateTarget } from './updateTarget.js';
import { objectId, rowError, updateViewRows, type ViewRowUpdate } from './updateViewRows.js';

/** A row of a view with new values. */
interface GivenRow {
  row: number;
  rowId: number;
  etag: string;
  cells: SetCells;
}

/** Changes annotations of the entities of a view, by their ids and etags: each row on its own. */
export function updateView(
  ctx: Context,
  target: UpdateTarget,
  input: RowsInput,
  options: UpdateOptions,
): Promise<UpdateReport> {
  return withRowsFolder(async (folder) => {
    const { columns } = target;
    const given = new Spool<GivenRow>(join(folder, 'given'));
    await collect(openUpdates(input, columns, options), columns, given);
    const changes = new Spool<ViewRowUpdate>(join(folder, 'changes'));
    const plan = { given, changes };
    const { failures, unchanged } = await planView(ctx, target, plan, options);
    if (options.dryRun === true) {
      if (failures.length > 0) throw new ViewUpdateError(0, failures);
      return { updated: changes.count, unchanged };
    }
    const { id: viewId, view } = target;
    const updated = await updateViewRows(ctx, { viewId, view, rows: changes, failures }, options);
    return { updated, unchanged };
  });
}

async function collect(
  rows: AsyncIterable<ChangedRow>,
  columns: readonly StoredColumn[],
  given: Spool<GivenRow>,
): Promise<void> {
  const seen = new Map<number, number>();
  const idAt = columns.findIndex(({ name }) => name === 'id');
  const etagAt = columns.findIndex(({ name }) => name === 'etag');
  for await (const { row, reference, cells } of rows) {
    const texts = new Map(cells);
    const rowId = reference.rowId ?? numberOfId(texts.get(idAt));
    const etag = reference.etag ?? texts.get(etagAt) ?? undefined;
    if (rowId === undefined || etag === undefined) {
      throw new ArgumentError(
        `Row ${row} has no ${rowId === undefined ? 'ROW_ID' : 'ROW_ETAG'}: update takes rows that were read from the view.`,
      );
    }
    claimRow(seen, rowId, row);
    await given.add({ row, rowId, etag, cells });
  }
}

function numberOfId(id: string | null | undefined): number | undefined {
  const digits = /^(?:syn)?(\d{1,15})$/i.exec(id ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The names of the columns of a view that show properties of its entities. They cannot be changed through the view. */
export async function readOnlyColumns(
  ctx: Context,
  { view }: UpdateTarget,
  { signal }: CommonOptions,
): Promise<ReadonlySet<string>> {
  const viewTypeMask = view === 'entityview' ? 1 : undefined;
  const { list = [] } = await ctx.services.table.listDefaultViewColumns(
    { viewEntityType: view, viewTypeMask },
    { signal },
  );
  return new Set(list.map(({ name = '' }) => name));
}

interface ViewPlan {
  given: Spool<GivenRow>;
  /** Filled with the rows to send. */
  changes: Spool<ViewRowUpdate>;
}

/** Finds what the rows change in a view. Nothing has been sent yet. */
async function planView(
  ctx: Context,
  target: UpdateTarget,
  { given, changes }: ViewPlan,
  options: UpdateOptions,
): Promise<{ failures: Failure[]; unchanged: number }> {
  const { columns } = target;
  const readOnly = await readOnlyColumns(ctx, target, options);
  const matchers = columns.map((column) => cellMatcher(column));
  const failures: Failure[] = [];
  const missing: GivenRow[] = [];
  let unchanged = 0;
  for await (const batch of comparedTogether(given, mostRowIds)) {
    const found = await currentRows(ctx, target, batch, options);
    for (const item of batch) {
      const current = found.get(item.rowId);
      if (current === undefined) {
        missing.push(item);
        continue;
      }
      const isCurrent = current.etag === item.etag;
      const changed = item.cells.filter(
        ([index, cell]) =>
          matchers[index]?.(cell) !== matchers[index]?.(current.cells.get(index) ?? null),
      );
      const fixed = changed.find(([index]) => readOnly.has(columns[index]?.name ?? ''));
      if (fixed !== undefined) {
        const column = columns[fixed[0]]?.name ?? '';
        if (isCurrent) throw readOnlyError(item, column, fixed[1]);
        failures.push(staleFailure(objectId(target.view, item.rowId), item.row));
        continue;
      }
      // A view that has not caught up shows older values: what equals them may still be a change.
      const cells = (isCurrent ? changed : item.cells).filter(
        ([index]) => !readOnly.has(columns[index]?.name ?? ''),
      );
      if (cells.length === 0) unchanged += 1;
      else await changes.add(changeOf(item, cells, columns));
    }
  }
  if (missing.length > 0) {
    const rowIds = missing.map(({ rowId }) => rowId);
    throw new MissingRowsError(nameRows(missing), { tableId: target.id, rowIds });
  }
  return { failures, unchanged };
}

interface CurrentRow {
  etag: string | undefined;
  cells: ReadonlyMap<number, string | null>;
}

/** The rows as the view shows them now, with the columns that the given rows have. */
async function currentRows(
  ctx: Context,
  { id, columns }: UpdateTarget,
  batch: readonly GivenRow[],
  options: CommonOptions,
): Promise<Map<number, CurrentRow>> {
  const indexes = [...new Set(batch.flatMap(({ cells }) => cells.map(([index]) => index)))];
  const wanted = indexes.flatMap((index) => columns[index] ?? []);
  const ids = batch.map(({ rowId }) => rowId);
  const rows = await rowsById(ctx, { tableId: id, columns: wanted, etags: true }, ids, options);
  const current = (row: RawRow): CurrentRow => ({
    etag: row.reference.etag,
    cells: new Map(indexes.map((index, at) => [index, row.cells[at] ?? null])),
  });
  return new Map(Array.from(rows, ([rowId, row]) => [rowId, current(row)]));
}

function changeOf(
  { row, rowId, etag }: GivenRow,
  cells: SetCells,
  columns: readonly StoredColumn[],
): ViewRowUpdate {
  return {
    row,
    rowId,
    etag,
    cells: cells.map(([index, cell]) => [columns[index]?.id ?? '', cell]),
  };
}

function readOnlyError({ row }: GivenRow, column: string, cell: string | null): ArgumentError {
  return new ArgumentError(
    `Row ${row}: the column ${quoted(column)} of a view shows a property of the entity and cannot be changed to ${quoted(cell)} through the view. ` +
      'Only annotations can. Change the entity itself with syn.store.',
  );
}

function staleFailure(entityId: string, row: number): Failure {
  const reason = 'it has changed since the row was read. Read the row again and repeat the change';
  return { path: entityId, error: rowError({ code: 'CONCURRENT_UPDATE', entityId, row, reason }) };
}
