import { join } from 'node:path';
import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import { checkVersions, type KnownRow } from './checkVersions.js';
import { cellMatcher } from './matchCell.js';
import { mostRowIds, rowsById } from './matchRows.js';
import type { RowsInput } from './rowSource.js';
import { isStaleRow, sendTwice } from './transaction.js';
import { TableChanges } from './transactionChanges.js';
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

/** A row to update. */
export interface RowUpdate extends KnownRow {
  /** Pairs of the index of a column and its new cell. */
  cells: SetCells;
}

/** Updates rows of a table by their ids and versions: all of them, or none. */
export function updateTable(
  ctx: Context,
  target: UpdateTarget,
  input: RowsInput,
  options: UpdateOptions,
): Promise<UpdateReport> {
  return withRowsFolder(async (folder) => {
    const spool = new Spool<RowUpdate>(join(folder, 'updates'));
    const unchanged = await collect(openUpdates(input, target.columns, options), spool, options);
    const update = new TableUpdate(ctx, { target, spool, options });
    await update.check();
    const report = { updated: spool.count, unchanged };
    if (options.dryRun !== true && spool.count > 0) await update.send(folder);
    return report;
  });
}

/** Checks the rows, and keeps those that set something. Returns the number of the others. */
async function collect(
  rows: AsyncIterable<ChangedRow>,
  spool: Spool<RowUpdate>,
  { overwrite = false }: UpdateOptions,
): Promise<number> {
  const seen = new Map<number, number>();
  let unchanged = 0;
  for await (const { row, reference, cells } of rows) {
    const { rowId, versionNumber } = reference;
    if (rowId === undefined || (versionNumber === undefined && !overwrite)) {
      throw new ArgumentError(
        `Row ${row} has no ${rowId === undefined ? 'ROW_ID' : 'ROW_VERSION'}: update takes rows that were read from the table. ` +
          'Use append or upsert for other rows.',
      );
    }
    claimRow(seen, rowId, row);
    if (cells.length === 0) unchanged += 1;
    else await spool.add({ row, rowId, versionNumber, cells });
  }
  return unchanged;
}

interface Updates {
  target: UpdateTarget;
  spool: Spool<RowUpdate>;
  options: UpdateOptions;
}

/** Checked rows on their way into a table. */
export class TableUpdate {
  readonly #ctx: Context;
  readonly #target: UpdateTarget;
  readonly #spool: Spool<RowUpdate>;
  readonly #options: UpdateOptions;
  /** The versions that were found for rows without one. */
  #versions: ReadonlyMap<number, number> = new Map();

  constructor(ctx: Context, { target, spool, options }: Updates) {
    this.#ctx = ctx;
    this.#target = target;
    this.#spool = spool;
    this.#options = options;
  }

  /**
   * Compares the rows with the versions in the table. Synapse compares with the newest version of a change only, so that it would
   * overwrite an older row that has changed.
   *
   * @throws {@link MissingRowsError} and {@link StaleRowsError}.
   */
  async check(cause?: unknown): Promise<void> {
    const source = { tableId: this.#target.id, batches: this.#batches() };
    this.#versions = await checkVersions(this.#ctx, source, this.#options, cause);
  }

  /** Sends the rows in one transaction. */
  async send(folder: string): Promise<void> {
    const changes = new TableChanges(this.#target.id, folder);
    for await (const { rowId, versionNumber, cells } of this.#spool.items()) {
      const version = versionNumber ?? this.#versions.get(rowId);
      await changes.add(
        cells.map(([index]) => this.#column(index)),
        { reference: { rowId, versionNumber: version }, cells: cells.map(([, cell]) => cell) },
      );
    }
    try {
      await sendTwice(
        () => changes.send(this.#ctx, this.#options),
        () => this.#wasApplied(),
      );
    } catch (error) {
      // The error of Synapse names one row only.
      if (isStaleRow(error)) await this.check(error);
      throw error;
    }
  }

  /** Whether the rows have their new values. */
  async #wasApplied(): Promise<boolean> {
    const matchers = this.#target.columns.map((column) => cellMatcher(column, { defaults: true }));
    for await (const batch of this.#batches()) {
      const used = [...new Set(batch.flatMap(({ cells }) => cells.map(([index]) => index)))];
      const source = {
        tableId: this.#target.id,
        columns: used.map((index) => this.#column(index)),
      };
      const ids = batch.map(({ rowId }) => rowId);
      const rows = await rowsById(this.#ctx, source, ids, this.#options);
      const isSame = ({ rowId, cells }: RowUpdate): boolean => {
        const row = rows.get(rowId);
        return cells.every(([index, cell]) => {
          const match = matchers[index] ?? ((text) => text);
          const stored = row?.cells[used.indexOf(index)];
          return stored !== undefined && match(cell) === match(stored);
        });
      };
      if (!batch.every(isSame)) return false;
    }
    return true;
  }

  #batches(): AsyncGenerator<RowUpdate[]> {
    return comparedTogether(this.#spool, mostRowIds);
  }

  #column(index: number): StoredColumn {
    const column = this.#target.columns[index];
    if (column === undefined) throw new RangeError(`No column ${index}`);
    return column;
  }
}
