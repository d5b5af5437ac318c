import { createHash } from 'node:crypto';
import { getColumns } from '../columns/getColumns.js';
import type { StoredColumn } from '../columns/columnModel.js';
import { runPool } from '../transfer/pool.js';
import { rowsById } from '../tables/rows/matchRows.js';
import { isStaleRow } from '../tables/rows/transaction.js';
import { MissingRowsError, StaleRowsError } from '../tables/rows/updateError.js';
import { updateRows } from '../tables/rows/updateRows.js';
import { snapshotTable } from '../tables/snapshots/snapshotTable.js';
import { readHandles } from './indexTable.js';
import type { IndexRow } from './indexRows.js';
import { judgeHandle } from './judgeHandle.js';
import { restless } from './migrateFile.js';
import type { PendingEntity } from './migrationIndex.js';
import { failed, itemOf, migrated, type MigrateRun } from './migrateRun.js';

/** Cells of one transaction. */
const cellsAtOnce = 500;

/** How often the rows of a batch may change while they are migrated. */
const maximumChanges = 5;

interface TableRun extends MigrateRun {
  readonly tableId: string;
  readonly columns: readonly StoredColumn[];
  /** Makes the snapshot, once. */
  readonly snapshot: () => Promise<void>;
}

/** Migrates the files in the cells of a table. */
export async function migrateTable(
  run: MigrateRun,
  table: PendingEntity,
  signal: AbortSignal,
): Promise<void> {
  const { id: tableId } = table;
  let columns: StoredColumn[];
  try {
    columns = await getColumns(run.ctx, tableId, { signal });
  } catch (error) {
    signal.throwIfAborted();
    for (const rows of batches(run, tableId)) failed(run, rows, error);
    return;
  }
  let made: Promise<void> | undefined;
  const snapshot = (): Promise<void> => (made ??= takeSnapshot(run, tableId, signal));
  const tableRun: TableRun = { ...run, tableId, columns, snapshot };
  // Cells that have changed since they were indexed are indexed again, and migrated in the next round.
  for (let changes = 0; changes <= maximumChanges; changes += 1) {
    if (run.index.nextCells(tableId, [-1, -1], 1).length === 0) return;
    for (const rows of batches(run, tableId)) await migrateCells(tableRun, rows, signal);
  }
  for (const rows of batches(run, tableId)) {
    const [first] = rows;
    if (first !== undefined) failed(run, rows, restless(first));
  }
}

function* batches(run: MigrateRun, tableId: string): Generator<IndexRow[]> {
  for (let last: [number, number] = [-1, -1]; ;) {
    const rows = run.index.nextCells(tableId, last, cellsAtOnce);
    const end = rows.at(-1);
    if (end === undefined) return;
    last = [end.rowId ?? 0, end.columnId ?? 0];
    yield rows;
  }
}

/** A cell with the copy of its file, and the version of its row that was read. */
interface CellToWrite {
  row: IndexRow;
  column: string;
  rowVersion: number;
  copy: string;
}

async function migrateCells(
  run: TableRun,
  rows: readonly IndexRow[],
  signal: AbortSignal,
): Promise<void> {
  let left = rows;
  for (let changes = 0; left.length > 0; changes += 1) {
    try {
      const cells = await copyCells(run, await compare(run, left, signal), signal);
      left = cells.map(({ row }) => row);
      if (left.length === 0) return;
      await run.snapshot();
      await writeCells(run, cells, signal);
      for (const { row, copy } of cells) migrated(run, row, copy);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (isStale(error) && changes < maximumChanges) continue;
      failed(run, left, error);
      return;
    }
  }
}

function isStale(error: unknown): boolean {
  return error instanceof StaleRowsError || error instanceof MissingRowsError || isStaleRow(error);
}

/** Compares the cells with the table. What has other content now is indexed again, or left out. @returns the other cells */
async function compare(
  run: TableRun,
  rows: readonly IndexRow[],
  signal: AbortSignal,
): Promise<Omit<CellToWrite, 'copy'>[]> {
  const { ctx, columns, tableId, copies, index } = run;
  const used = new Set(rows.map(({ columnId }) => String(columnId)));
  const wanted = columns.filter(({ id }) => used.has(id));
  const ids = [...new Set(rows.flatMap(({ rowId }) => rowId ?? []))];
  const found = await rowsById(ctx, { tableId, columns: wanted }, ids, { signal });
  const same: Omit<CellToWrite, 'copy'>[] = [];
  const done = new Map<IndexRow, string>();
  const changed = new Map<IndexRow, string>();
  const removed: IndexRow[] = [];
  for (const row of rows) {
    const at = wanted.findIndex(({ id }) => id === String(row.columnId));
    const now = found.get(row.rowId ?? -1);
    const handleId = at < 0 ? undefined : now?.cells[at];
    const copy = copies.known(row);
    if (copy !== undefined && handleId === copy) done.set(row, copy);
    else if (!handleId) removed.push(row);
    else if (handleId !== row.fromFileHandleId || row.size === null) changed.set(row, handleId);
    else {
      const rowVersion = now?.reference.versionNumber ?? 0;
      same.push({ row, column: wanted[at]?.name ?? '', rowVersion });
    }
  }
  for (const row of removed) {
    index.replace(row, undefined, { ...itemOf(row), reason: emptied });
  }
  for (const [row, copy] of done) migrated(run, row, copy);
  await indexAgain(run, changed, signal);
  return same;
}

const emptied = 'The cell, its row or its column has been removed since it was indexed.';

/** The new rows of the index are migrated in the next round. */
async function indexAgain(
  run: TableRun,
  changed: ReadonlyMap<IndexRow, string>,
  signal: AbortSignal,
): Promise<void> {
  const { ctx, index, settings, tableId } = run;
  const entries = [...changed];
  for (let start = 0; start < entries.length; start += 100) {
    const part = entries.slice(start, start + 100);
    const cells = part.map(([, fileHandleId]) => ({ id: tableId, fileHandleId }));
    const handles = await readHandles(ctx, cells, signal);
    for (const [row, fileHandleId] of part) {
      const handle = handles.get(fileHandleId);
      if (handle instanceof Error) failed(run, [row], handle);
      else if (handle !== undefined) {
        const judged = judgeHandle(handle, row, settings);
        index.replace(row, judged.row, judged.leftOut);
      }
    }
  }
}

/** Copies the files of cells. @returns the cells whose files are copied */
async function copyCells(
  run: TableRun,
  cells: readonly Omit<CellToWrite, 'copy'>[],
  signal: AbortSignal,
): Promise<CellToWrite[]> {
  const copied: CellToWrite[] = [];
  await runPool(cells, { limit: run.concurrency, signal }, async (cell, own) => {
    try {
      copied.push({ ...cell, copy: await run.copies.of(cell.row, own) });
    } catch (error) {
      own.throwIfAborted();
      failed(run, [cell.row], error);
    }
  });
  return copied;
}

/** Synapse refuses rows that have changed since they were read. */
async function writeCells(
  { ctx, tableId }: TableRun,
  cells: readonly CellToWrite[],
  signal: AbortSignal,
): Promise<void> {
  const byRow = new Map<number, Record<string, number | string>>();
  for (const { row, column, rowVersion, copy } of cells) {
    const id = row.rowId ?? 0;
    const values = byRow.get(id) ?? { ROW_ID: id, ROW_VERSION: rowVersion };
    byRow.set(id, { ...values, [column]: copy });
  }
  await updateRows(ctx, tableId, [...byRow.values()], { signal });
}

/**
 * Makes a snapshot of a table before its first change. Its label is the same in each run, so that a run which was killed after it
 * is not followed by one that makes it again.
 */
async function takeSnapshot(run: MigrateRun, id: string, signal: AbortSignal): Promise<void> {
  const { ctx, index, settings, createTableSnapshots } = run;
  if (!createTableSnapshots || index.hasMigrated(id)) return;
  const cells = [...index.cellHandles(id)].join('\n');
  const place = `storage location ${settings.destinationStorageLocationId}`;
  const label = `before migration ${digest(`${place}\n${cells}`)}`;
  const versions = ctx.http.paginate('entity.listEntityVersions', { id, limit: 50 }, { signal });
  for await (const { versionLabel } of versions) if (versionLabel === label) return;
  await snapshotTable(ctx, id, {
    label,
    comment: `Before the files were migrated to ${place}`,
    signal,
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
