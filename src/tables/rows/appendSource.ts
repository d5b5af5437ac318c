import { createReadStream } from 'node:fs';
import type * as M from '../../../generated/models.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import type { SchemaPlan } from '../../columns/schemaPlan.js';
import type { Context } from '../../context.js';
import { ArgumentError, SynapseError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import type { CellFiles } from '../files/cellFiles.js';
import { AppendError } from './appendError.js';
import { largestCsv, largestRowSet } from './appendLimits.js';
import { changedRowCount } from './changedRowCount.js';
import type { RowSource } from './rowTypes.js';
import { spoolRows, type SpooledFile, type SpooledRows } from './spoolRows.js';
import { runTransaction } from './transaction.js';
import { UnconfirmedError } from './transactionError.js';
import { uploadRows } from './uploadRows.js';

/** How rows are sent. */
export interface SendOptions extends CommonOptions {
  /**
   * Checks all rows, and sends nothing.
   * @default false
   */
  dryRun?: boolean;
  /**
   * Bytes of the CSV of one transaction. Larger inputs take several transactions, in the order of the rows.
   * @default 943718400 (900 MiB; Synapse accepts 1 GiB)
   */
  maxTransactionBytes?: number;
}

/** What was appended. */
export interface AppendReport {
  /** Number of rows that were appended; with `dryRun`, that would be. */
  rows: number;
  /** Number of transactions. Each is applied in whole or not at all. */
  transactions: number;
  /** Bytes of the rows as CSV. */
  bytes: number;
  /** Number of local files in cells. */
  files: number;
  /** How the columns of the table were changed; with `createColumns` and `expandColumns` only. */
  schema?: SchemaPlan;
}

/** A table to append rows to. */
export interface AppendTarget {
  tableId: string;
  /** The columns of the rows, with their ids. */
  columns: readonly StoredColumn[];
}

/** Rows to append. */
export interface Appending {
  source: RowSource;
  cellFiles: CellFiles;
  /** Called when all rows have been checked: creates the table, or changes its columns. */
  prepare: () => AppendTarget | Promise<AppendTarget>;
}

/** Checks rows, then sends them. See {@link Tables.append}. */
export async function appendSource(
  ctx: Context,
  { source, cellFiles, prepare }: Appending,
  { dryRun = false, maxTransactionBytes = largestCsv, signal, onProgress }: SendOptions,
): Promise<AppendReport> {
  if (!(maxTransactionBytes > 0)) {
    throw new ArgumentError(`maxTransactionBytes is ${maxTransactionBytes}: it must be positive.`);
  }
  const spool = await spoolRows(source, {
    maxFileBytes: maxTransactionBytes,
    maxMemoryBytes: Math.min(largestRowSet, maxTransactionBytes),
    isDry: dryRun,
    signal,
  });
  try {
    const batches = batchesOf(spool, maxTransactionBytes);
    const { rows, bytes } = spool;
    const report = { rows, bytes, transactions: batches.length, files: cellFiles.size };
    if (dryRun) {
      await cellFiles.check(signal);
      return report;
    }
    const common = { signal, onProgress };
    await cellFiles.check(signal);
    const { tableId, columns: stored } = await prepare();
    await cellFiles.upload(ctx, common);
    await sendAll({ ctx, tableId, stored, cellFiles, common }, batches);
    return report;
  } finally {
    await spool.remove();
  }
}

/** The rows of a transaction. */
interface Batch {
  rows: number;
  firstRow: number;
  lastRow: number;
  changes: (sending: Sending) => Promise<M.TableUpdateRequest[]>;
}

interface Sending {
  ctx: Context;
  tableId: string;
  /** Columns of the table, with their ids. */
  stored: readonly StoredColumn[];
  cellFiles: CellFiles;
  common: CommonOptions;
}

function batchesOf({ few, files, rows }: SpooledRows, maxBytes: number): Batch[] {
  if (rows === 0) return [];
  if (few !== undefined) {
    const firstRow = few.rows[0]?.row ?? 0;
    const lastRow = few.rows.at(-1)?.row ?? 0;
    const changes = (sending: Sending): Promise<M.TableUpdateRequest[]> =>
      Promise.resolve([rowSetChange(few, sending)]);
    return [{ rows, firstRow, lastRow, changes }];
  }
  return groups(files, maxBytes).map((group) => ({
    rows: group.reduce((sum, file) => sum + file.rows, 0),
    firstRow: group[0]?.firstRow ?? 0,
    lastRow: group.at(-1)?.lastRow ?? 0,
    changes: (sending) => uploadAll(group, sending),
  }));
}

/** Small files in a row share a transaction. */
function groups(files: readonly SpooledFile[], maxBytes: number): SpooledFile[][] {
  const result: SpooledFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    bytes += file.bytes;
    if (bytes > maxBytes) {
      result.push([]);
      bytes = file.bytes;
    }
    result.at(-1)?.push(file);
  }
  return result;
}

async function uploadAll(
  files: readonly SpooledFile[],
  { ctx, tableId, cellFiles, common }: Sending,
): Promise<M.TableUpdateRequest[]> {
  const changes: M.TableUpdateRequest[] = [];
  for (const file of files) {
    const content =
      cellFiles.size === 0
        ? { path: file.path }
        : { stream: cellFiles.resolveBytes(createReadStream(file.path)) };
    const upload = { tableId, content, fileName: `${tableId}.csv` };
    changes.push(await uploadRows(ctx, upload, common));
  }
  return changes;
}

function rowSetChange(
  { columns, rows }: NonNullable<SpooledRows['few']>,
  { tableId, stored, cellFiles }: Sending,
): M.AppendableRowSetRequest {
  // Synapse deletes a row without any cell, so rows of nothing are sent with an empty one.
  const sent = columns.length > 0 ? columns : stored.slice(0, 1);
  const ids = new Map(stored.map(({ id, name }) => [name, id]));
  const valuesOf = (cells: readonly (string | null)[]): (string | null)[] =>
    sent.map((_, index) => {
      const cell = cells[index] ?? null;
      return cell === null ? null : cellFiles.resolve(cell);
    });
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
    toAppend: {
      concreteType: 'org.sagebionetworks.repo.model.table.RowSet',
      tableId,
      headers: sent.map(({ name, columnType }) => ({ id: ids.get(name), name, columnType })),
      rows: rows.map(({ cells }) => ({ values: valuesOf(cells) })),
    },
  };
}

async function sendAll(sending: Sending, batches: readonly Batch[]): Promise<void> {
  const { ctx, tableId, common } = sending;
  let appended = 0;
  for (const batch of batches) {
    const { rows, firstRow, lastRow } = batch;
    let results: readonly M.TableUpdateResponse[];
    try {
      common.signal?.throwIfAborted();
      results = await runTransaction(ctx, tableId, await batch.changes(sending), common);
    } catch (error) {
      common.signal?.throwIfAborted();
      const unknown = error instanceof UnconfirmedError ? { firstRow, lastRow } : undefined;
      if (appended === 0 && unknown === undefined) throw error;
      throw new AppendError(tableId, { appended, nextRow: firstRow, unknown }, error);
    }
    checkCount(tableId, batch, results);
    appended += rows;
  }
}

/** @throws SynapseError when the service read another number of rows */
function checkCount(
  tableId: string,
  { rows, firstRow, lastRow }: Batch,
  results: readonly M.TableUpdateResponse[],
): void {
  const read = results.reduce((sum, result) => sum + (changedRowCount(result) ?? 0), 0);
  if (read === rows) return;
  throw new SynapseError(
    `Rows ${firstRow} to ${lastRow} were sent to ${tableId}: ${rows} rows, but Synapse says that it wrote ${read}. ` +
      'Look into the table before you go on.',
    { code: 'APPEND' },
  );
}
