import type { Readable } from 'node:stream';
import type * as M from '../../../generated/models.js';
import type { JobOptions } from '../../api/runJob.js';
import type { Context } from '../../context.js';
import { openAssociation } from '../../storages/openAssociation.js';
import { downloadStream } from '../../transfer/downloadStream.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { cellTexts } from '../csv/csvCells.js';
import { csvDescriptor, csvDialect, type CsvDialect } from '../csv/csvDialect.js';
import { scanCsv, type CsvBatch } from '../csv/csvScanner.js';
import { rowColumns } from '../rows/rowReference.js';
import type { QueryRequest } from './queryRequest.js';

/** How {@link startCsvResult} runs the job. */
export interface CsvResultOptions extends Omit<JobOptions, 'headers'> {
  dialect?: CsvDialect;
  /** Whether each row begins with its ROW_ID and ROW_VERSION, where the result has them. @default true */
  references?: boolean;
  /** Whether the first row has the names of the columns. @default true */
  header?: boolean;
}

/** A CSV file that Synapse has written as the result of a query. */
export interface StoredCsv {
  /** The columns that the query selects, without ROW_ID and the like. */
  columns: readonly M.SelectColumn[];
  dialect: Required<CsvDialect>;
  /** Changes with every change of the table. */
  etag: string | undefined;
  /** Opens the file for a download. */
  open: () => Promise<StoredObject>;
}

/**
 * Runs a query, the result of which Synapse writes to a CSV file.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/download/csv/async/start.html
 */
export async function startCsvResult(
  ctx: Context,
  { id, query }: QueryRequest,
  { dialect, references = true, header = true, ...options }: CsvResultOptions = {},
): Promise<StoredCsv> {
  const full = csvDialect(dialect);
  const { resultsFileHandleId, headers, etag } = await ctx.http.runJob(
    {
      ...query,
      concreteType: 'org.sagebionetworks.repo.model.table.DownloadFromTableRequest',
      entityId: id,
      writeHeader: header,
      includeRowIdAndRowVersion: references,
      csvTableDescriptor: csvDescriptor(full, header),
    },
    { id },
    options,
  );
  const association = {
    fileHandleId: resultsFileHandleId,
    associateObjectType: 'TableEntity',
    associateObjectId: id,
  } as const;
  const open = () => openAssociation(ctx, association, { signal: options.signal });
  return { columns: headers ?? [], dialect: full, etag, open };
}

/** The rows of a result as CSV text. Read the bytes to their end, or {@link CsvResult.close | close} them. */
export interface CsvResult {
  /** The columns that the query selects. */
  columns: readonly M.SelectColumn[];
  /** The columns that come before them in each row: none, ROW_ID and ROW_VERSION, or these and ROW_ETAG. */
  references: readonly string[];
  /** UTF-8. The first row is the header: {@link references} and the names of {@link columns}. Reading them ends the download. */
  bytes: AsyncIterable<Uint8Array>;
  dialect: Required<CsvDialect>;
  /** Number of bytes, if Synapse knows it. */
  size: number | undefined;
  /** Changes with every change of the table. */
  etag: string | undefined;
  /** Ends the download. */
  close: () => void;
}

/**
 * Runs a query and streams its result, which Synapse writes to a CSV file. An interrupted download resumes; its MD5 is checked.
 *
 * {@link csvBatches} finds the cells.
 */
export async function openCsvResult(
  ctx: Context,
  request: QueryRequest,
  options: Omit<CsvResultOptions, 'header'> = {},
): Promise<CsvResult> {
  const { columns, dialect, etag, open } = await startCsvResult(ctx, request, options);
  const object = await open();
  const { signal, onProgress } = options;
  const stream = await downloadStream(ctx, {
    open: () => Promise.resolve(object),
    signal,
    onProgress,
  });
  try {
    const { names, bytes } = await readHeader(stream, dialect);
    return {
      columns,
      references: referencesOf(names, columns),
      bytes,
      dialect,
      size: object.handle?.contentSize,
      etag,
      close: () => stream.destroy(),
    };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** What the CSV text is called in messages. */
export const resultName = 'the result of the query';

/** Reads the first row without consuming it. */
async function readHeader(
  stream: Readable,
  dialect: Required<CsvDialect>,
): Promise<{ names: (string | null)[]; bytes: AsyncIterable<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const read: Uint8Array[] = [];
  const scan = scanCsv(recorded(iterator, read), { dialect, name: resultName, emptyLines: 'row' });
  const first = await scan.next();
  const names = first.done ? [] : headerNames(first.value, dialect);
  return { names, bytes: replayed(read, iterator, stream) };
}

async function* recorded(
  source: AsyncIterator<Uint8Array>,
  read: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  for (let next = await source.next(); !next.done; next = await source.next()) {
    read.push(next.value);
    yield next.value;
  }
}

async function* replayed(
  read: Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  stream: Readable,
): AsyncGenerator<Uint8Array> {
  try {
    for (let chunk = read.shift(); chunk !== undefined; chunk = read.shift()) yield chunk;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    stream.destroy();
  }
}

function headerNames(batch: CsvBatch, dialect: Required<CsvDialect>): (string | null)[] {
  const text = cellTexts(batch, dialect);
  return Array.from({ length: batch.width }, (_, cell) => text(cell));
}

/** The names before those of the columns. Synapse leaves them out for aggregates, and does not say so elsewhere. */
function referencesOf(
  names: readonly (string | null)[],
  columns: readonly M.SelectColumn[],
): string[] {
  const known = new Set<string | null>(Object.values(rowColumns));
  const extra = names.slice(0, Math.max(0, names.length - columns.length));
  return extra.filter((name): name is string => known.has(name));
}

/**
 * The rows of a result, some at a time, without the header. Each batch is valid until the next one is read. Ends the download
 * when the loop is left.
 */
export async function* csvBatches({
  bytes,
  dialect,
}: Pick<CsvResult, 'bytes' | 'dialect'>): AsyncGenerator<CsvBatch> {
  const options = { dialect, name: resultName, emptyLines: 'row' } as const;
  let isFirst = true;
  for await (const batch of scanCsv(bytes, options)) {
    const skipped = isFirst ? 1 : 0;
    isFirst = false;
    const { cells, width, rowCount, firstRow } = batch;
    if (rowCount === skipped) continue;
    yield {
      ...batch,
      cells: cells.subarray(2 * width * skipped),
      rowCount: rowCount - skipped,
      // The header is row 1.
      firstRow: firstRow + skipped - 1,
    };
  }
}
