import type * as M from '../../generated/models.js';
import type { StoredColumn } from '../columns/columnModel.js';
import { getColumns } from '../columns/getColumns.js';
import type { Context } from '../context.js';
import { SynapseError } from '../errors.js';
import { copyFileHandles } from '../fileHandles/copyFileHandles.js';
import { cellTexts } from '../tables/csv/csvCells.js';
import { csvDescriptor } from '../tables/csv/csvDialect.js';
import { CellFiles } from '../tables/files/cellFiles.js';
import { csvBatches, openCsvResult, startCsvResult } from '../tables/query/csvResult.js';
import { largestCsv } from '../tables/rows/appendLimits.js';
import { appendSource } from '../tables/rows/appendSource.js';
import type { RowToWrite } from '../tables/rows/rowTypes.js';
import { runTransaction } from '../tables/rows/transaction.js';
import { UnconfirmedError } from '../tables/rows/transactionError.js';
import { resultMd5 } from './resultMd5.js';

/** A table whose rows are copied. */
export interface TableToCopy {
  id: string;
  /** Creates the table that the rows go to. Called when the rows have been read, so that a failure leaves no empty table. */
  prepare: () => Promise<string>;
}

/** How rows are copied. */
interface RowOptions {
  signal: AbortSignal;
  /** Bytes of the CSV of one transaction. */
  maxTransactionBytes?: number;
  /** The ids of copies by those of the originals, which they replace in columns of ids. @default ids stay as they are */
  copyOf?: (id: string) => string | undefined;
}

const idTypes: readonly (string | undefined)[] = ['ENTITYID', 'ENTITYID_LIST'];

/**
 * Copies the rows of a table to another one with the same columns, in their order. Synapse writes them to a file, and reads that file:
 * they do not come through this machine. They do where Synapse could not read its own file back: when cells hold files, which are copied,
 * or ids that are replaced; when there is one column, whose empty cells would be empty lines; and when the file is larger than Synapse reads.
 *
 * @returns The id of the other table.
 */
export async function copyTable(
  ctx: Context,
  table: TableToCopy,
  options: RowOptions,
): Promise<string> {
  const columns = await getColumns(ctx, table.id, options);
  if (columns.length === 0) return table.prepare();
  const isChanged = columns.some(
    ({ columnType }) =>
      columnType === 'FILEHANDLEID' || (options.copyOf && idTypes.includes(columnType)),
  );
  const isDone = !isChanged && columns.length > 1 && (await copyOnServer(ctx, table, options));
  return isDone || copyThroughHere(ctx, table, columns, options);
}

function requestFor(id: string): { id: string; query: M.Query & { sql: string } } {
  return { id, query: { sql: `SELECT * FROM ${id} ORDER BY ROW_ID` } };
}

/** @returns the id of the other table; `undefined` when Synapse cannot read the file */
async function copyOnServer(
  ctx: Context,
  { id, prepare }: TableToCopy,
  { signal, maxTransactionBytes = largestCsv }: RowOptions,
): Promise<string | undefined> {
  const { dialect, open } = await startCsvResult(ctx, requestFor(id), {
    references: false,
    signal,
  });
  const { handle } = await open();
  if (handle?.id === undefined || (handle.contentSize ?? Infinity) > maxTransactionBytes) {
    return undefined;
  }
  const tableId = await prepare();
  const upload: M.UploadToTableRequest = {
    concreteType: 'org.sagebionetworks.repo.model.table.UploadToTableRequest',
    tableId,
    uploadFileHandleId: handle.id,
    csvTableDescriptor: csvDescriptor(dialect, true),
  };
  try {
    await runTransaction(ctx, tableId, [upload], { signal });
  } catch (error) {
    signal.throwIfAborted();
    const mayBeThere = error instanceof UnconfirmedError;
    if (!mayBeThere || !(await haveSameRows(ctx, [id, tableId], signal))) throw error;
  }
  return tableId;
}

/** Whether the rows of a table are in its copy, after the answer to the transaction was lost. */
async function haveSameRows(
  ctx: Context,
  tables: readonly [string, string],
  signal: AbortSignal,
): Promise<boolean> {
  const [one, other] = await Promise.all(
    tables.map((id) => resultMd5(ctx, { id, sql: requestFor(id).query.sql }, signal)),
  );
  return one !== undefined && one === other;
}

async function copyThroughHere(
  ctx: Context,
  { id, prepare }: TableToCopy,
  columns: readonly StoredColumn[],
  { signal, maxTransactionBytes, copyOf }: RowOptions,
): Promise<string> {
  let tableId = '';
  const read = rowsOf(ctx, id, columns, signal);
  const source = copyOf === undefined ? read : withCopiedIds(columns, read, copyOf);
  const rows = withCopiedFiles(ctx, id, columns, source, signal);
  await appendSource(
    ctx,
    {
      source: { columns, rows },
      cellFiles: new CellFiles(),
      prepare: async () => {
        tableId = await prepare();
        return { tableId, columns };
      },
    },
    { signal, maxTransactionBytes },
  );
  return tableId;
}

async function* rowsOf(
  ctx: Context,
  id: string,
  columns: readonly StoredColumn[],
  signal: AbortSignal,
): AsyncGenerator<RowToWrite> {
  const csv = await openCsvResult(ctx, requestFor(id), { references: false, signal });
  try {
    let number = 0;
    for await (const batch of csvBatches(csv)) {
      const text = cellTexts(batch, csv.dialect);
      for (let row = 0; row < batch.rowCount; row += 1) {
        number += 1;
        const cells = columns.map((_, index) => text(row * batch.width + index));
        yield { row: number, reference: {}, cells };
      }
    }
  } finally {
    csv.close();
  }
}

/** Rows with the ids of copies in columns of ids. An id with a version stays: it is a state of the original. */
async function* withCopiedIds(
  columns: readonly StoredColumn[],
  rows: AsyncIterable<RowToWrite>,
  copyOf: (id: string) => string | undefined,
): AsyncGenerator<RowToWrite> {
  const at = columns.flatMap(({ columnType }, index) =>
    idTypes.includes(columnType) ? [index] : [],
  );
  for await (const row of rows) {
    for (const index of at) {
      const text = row.cells[index];
      if (text) row.cells[index] = text.replace(/syn\d+(?!\d|\.\d)/g, (id) => copyOf(id) ?? id);
    }
    yield row;
  }
}

/** Rows that are read before the files in them are copied. */
const windowSize = 1_000;

/** Rows with copies of the files in their cells: files of other users cannot be put into a table, and a file belongs to each that has it. */
async function* withCopiedFiles(
  ctx: Context,
  tableId: string,
  columns: readonly StoredColumn[],
  rows: AsyncIterable<RowToWrite>,
  signal: AbortSignal,
): AsyncGenerator<RowToWrite> {
  const at = columns.flatMap(({ columnType }, index) =>
    columnType === 'FILEHANDLEID' ? [index] : [],
  );
  if (at.length === 0) {
    yield* rows;
    return;
  }
  const copies = new Map<string, string>();
  let window: RowToWrite[] = [];
  const flush = async function* (): AsyncGenerator<RowToWrite> {
    await copyFilesOf({ ctx, tableId, columns, at, copies, signal }, window);
    for (const row of window) {
      for (const index of at) {
        const file = row.cells[index];
        if (file) row.cells[index] = copies.get(file) ?? file;
      }
      yield row;
    }
    window = [];
  };
  for await (const row of rows) {
    if (window.push(row) === windowSize) yield* flush();
  }
  yield* flush();
}

interface CellCopies {
  ctx: Context;
  tableId: string;
  columns: readonly StoredColumn[];
  /** The indexes of the columns with files. */
  at: readonly number[];
  copies: Map<string, string>;
  signal: AbortSignal;
}

async function copyFilesOf(
  { ctx, tableId, columns, at, copies, signal }: CellCopies,
  rows: readonly RowToWrite[],
): Promise<void> {
  const cells = new Map<string, { row: number; column: string }>();
  for (const { row, cells: texts } of rows) {
    for (const index of at) {
      const file = texts[index];
      if (file && !copies.has(file)) {
        cells.set(file, { row, column: columns[index]?.name ?? '' });
      }
    }
  }
  const wanted = [...cells.keys()].map((fileHandleId) => ({
    fileHandleId,
    associateObjectId: tableId,
    associateObjectType: 'TableEntity' as const,
  }));
  for (const { originalFileHandleId, fileHandle, error } of await copyFileHandles(ctx, wanted, {
    signal,
  })) {
    if (fileHandle?.id !== undefined) copies.set(originalFileHandleId, fileHandle.id);
    else throw cannotCopy(cells.get(originalFileHandleId), originalFileHandleId, error);
  }
}

function cannotCopy(
  cell: { row: number; column: string } | undefined,
  file: string,
  cause: Error | undefined,
): SynapseError {
  const { row = 0, column = '' } = cell ?? {};
  return new SynapseError(
    `The file ${file} in the column ${JSON.stringify(column)} of row ${row} cannot be copied, so the table is not: ${cause?.message ?? ''}`,
    { code: 'COPY', cause },
  );
}
