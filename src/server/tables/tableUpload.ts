import type * as M from '../../../generated/models.js';
import { isCloudHandle } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import type { StoredColumn } from './columnModels.js';
import { csvFormat, type CsvFormat } from './csv/csvFormat.js';
import { CsvError, CsvParser, type CsvRow } from './csv/csvParser.js';
import type { RowChange } from './rowWriter.js';

/** Maximum size of a CSV file in bytes. */
const maxFileBytes = 1024 ** 3;
/** Milliseconds of work after which other requests are processed. */
const sliceMillis = 20;

/** An uploaded CSV file. */
export interface UploadedCsv {
  readonly handle: M.FileHandle;
  readonly format: CsvFormat;
  readonly linesToSkip: number;
}

/**
 * Finds the file of an upload.
 *
 * @throws 403 for another user's file, 404 for an unknown one, 400 when it is too large or not
 * stored on this server
 */
export function openUpload(
  world: World,
  caller: Caller,
  request: Pick<
    M.UploadToTableRequest,
    'csvTableDescriptor' | 'linesToSkip' | 'uploadFileHandleId'
  >,
): UploadedCsv {
  if (request.uploadFileHandleId === undefined) {
    throw badRequest('uploadFileHandleId is required.');
  }
  const handle = world.files.getOwn(caller, request.uploadFileHandleId);
  if (!isCloudHandle(handle)) {
    throw badRequest(`File handle ${handle.id} is not stored by this server.`);
  }
  if ((handle.contentSize ?? 0) > maxFileBytes) {
    throw badRequest('Provided CSV files exceeds the maximum files size of 1 GB.');
  }
  const linesToSkip = request.linesToSkip ?? 0;
  if (linesToSkip < 0) {
    throw badRequest('linesToSkip cannot be negative.');
  }
  return { handle, format: csvFormat(request.csvTableDescriptor), linesToSkip };
}

/**
 * The rows of a CSV file, in constant memory. Other requests are processed in between.
 *
 * @throws 400 for a file that is not CSV, and the reason of `signal`
 */
export async function* uploadedRows(
  world: World,
  { handle, format, linesToSkip }: UploadedCsv,
  signal: AbortSignal,
): AsyncGenerator<readonly CsvRow[], void, undefined> {
  const parser = new CsvParser(format, linesToSkip);
  const decoder = new TextDecoder('utf-8');
  const stream = world.files.read(handle);
  let sliceStart = performance.now();
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      yield parser.push(decoder.decode(chunk, { stream: true }));
      if (performance.now() - sliceStart > sliceMillis) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        sliceStart = performance.now();
      }
    }
    yield parser.push(decoder.decode());
    yield parser.end();
  } catch (error) {
    throw error instanceof CsvError ? badRequest(error.message) : error;
  } finally {
    stream.destroy();
  }
}

/** Names of the system columns of a CSV file, which identify rows. */
const systemNames = ['ROW_ID', 'ROW_VERSION', 'ROW_ETAG'] as const;
type SystemName = (typeof systemNames)[number];

/** A change of a row from a CSV file. */
export interface CsvChange extends RowChange {
  readonly etag?: string | undefined;
}

/** Turns the rows of a CSV file into changes of a table or view. */
export class CsvRowReader {
  readonly #schema: readonly StoredColumn[];
  readonly #hasHeader: boolean;
  #layout: Layout | undefined;
  #rows = 0;

  constructor(schema: readonly StoredColumn[], hasHeader: boolean) {
    this.#schema = schema;
    this.#hasHeader = hasHeader;
  }

  /** The change of a row; `undefined` for the header. @throws 400 */
  read(row: CsvRow): CsvChange | undefined {
    if (this.#layout === undefined) {
      if (this.#hasHeader) {
        this.#layout = headerLayout(row, this.#schema);
        return undefined;
      }
      this.#layout = widthLayout(row.length, this.#schema);
    }
    this.#rows += 1;
    const layout = this.#layout;
    if (row.length > layout.width) {
      throw badRequest(
        `Row number ${this.#rows + (this.#hasHeader ? 1 : 0)} has ${row.length} column(s).  ` +
          `Expected each row to have ${layout.width} columns or less.`,
      );
    }
    const rowId = this.#number(row, layout, 'ROW_ID');
    const versionNumber = this.#number(row, layout, 'ROW_VERSION');
    const etag = layout.system.ROW_ETAG;
    // A file with only ids and versions deletes the rows.
    const values =
      layout.cells.length === 0 ? undefined : layout.cells.map((index) => row[index] ?? null);
    return {
      rowId,
      versionNumber,
      columns: layout.columns,
      values,
      ...(etag !== undefined && { etag: row[etag] ?? undefined }),
    };
  }

  #number(row: CsvRow, layout: Layout, name: SystemName): number | undefined {
    const index = layout.system[name];
    const text = index === undefined ? null : (row[index]?.trim() ?? null);
    if (text === null || text === '') {
      return undefined;
    }
    if (!/^-?\d{1,15}$/.test(text)) {
      throw badRequest(`Row ${this.#rows}: the ${name} must be a number, but was: ${text}`);
    }
    return Number(text);
  }
}

interface Layout {
  readonly width: number;
  /** Positions in the file of system columns. */
  readonly system: Readonly<Partial<Record<SystemName, number>>>;
  /** Positions in the file of cells, and of their columns in the schema. */
  readonly cells: readonly number[];
  readonly columns: readonly number[];
}

function headerLayout(header: CsvRow, schema: readonly StoredColumn[]): Layout {
  const system: Partial<Record<SystemName, number>> = {};
  const cells: number[] = [];
  const columns: number[] = [];
  header.forEach((name, index) => {
    if (name === null) {
      return;
    }
    const systemName = systemNames.find((candidate) => candidate === name.trim().toUpperCase());
    if (systemName !== undefined) {
      system[systemName] = index;
      return;
    }
    const named = schema.findIndex((column) => column.name === name);
    const position = named < 0 ? schema.findIndex(({ id }) => id === name) : named;
    if (position < 0) {
      throw badRequest(
        'The first line is expected to be a header but the values do not match the names of of the columns of the table ' +
          `(${name} is not a valid column name or id). Header row: ${header.map((cell) => cell ?? '').join(',')}`,
      );
    }
    cells.push(index);
    columns.push(position);
  });
  return { width: header.length, system, cells, columns };
}

/** Without a header, the width of the first row tells which system columns come before the cells. */
function widthLayout(width: number, schema: readonly StoredColumn[]): Layout {
  const extra = width - schema.length;
  const leading = extra === 2 || extra === 3 ? systemNames.slice(0, extra) : [];
  const system = Object.fromEntries(leading.map((name, index) => [name, index]));
  const columns = schema.map((_, index) => index);
  return {
    width: Math.max(width, schema.length),
    system,
    cells: columns.map((position) => position + leading.length),
    columns,
  };
}
