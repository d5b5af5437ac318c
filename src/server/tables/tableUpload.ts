import type * as M from '../../../generated/models.js';
import { isCloudHandle } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import type { StoredColumn } from './columnModels.js';
import { csvFormat, missingHeader, type CsvFormat } from './csv/csvFormat.js';
import { CsvError, CsvParser, type CsvRow } from './csv/csvParser.js';
import type { RowChange } from './rowWriter.js';
import { parseLong } from './sql/numberText.js';

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
    throw badRequest('The provided CSV file exceeds the maximum size of 1 GB.');
  }
  const linesToSkip = request.linesToSkip ?? 0;
  if (linesToSkip < 0) {
    throw badRequest('linesToSkip cannot be negative.');
  }
  const format = csvFormat(request.csvTableDescriptor);
  if (new Set([format.separator, format.quote, format.escape]).size < 3) {
    // The service does not expect this mistake.
    throw new ServiceError(500, 'The separator, quote, and escape characters must be different!');
  }
  return { handle, format, linesToSkip };
}

/**
 * The rows of a CSV file, in constant memory. Other requests are processed in between.
 *
 * @param options - `linesToSkip` is a number of lines. {@link CsvRowReader} skips whole rows.
 * @throws 400 for a file that is not CSV, and the reason of `signal`
 */
export async function* uploadedRows(
  world: World,
  { handle, format }: UploadedCsv,
  signal: AbortSignal,
  { linesToSkip = 0 }: { readonly linesToSkip?: number } = {},
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
  #rowsToSkip: number;
  /** The last row that was skipped. It may name system columns. */
  #skipped: CsvRow = [];
  #layout: Layout | undefined;

  constructor(
    schema: readonly StoredColumn[],
    { format, linesToSkip }: Pick<UploadedCsv, 'format' | 'linesToSkip'>,
  ) {
    this.#schema = schema;
    this.#hasHeader = format.isFirstLineHeader;
    this.#rowsToSkip = linesToSkip;
  }

  /** The change of a row; `undefined` for the header and for rows that are skipped. @throws 400 */
  read(row: CsvRow): CsvChange | undefined {
    if (this.#rowsToSkip > 0) {
      this.#rowsToSkip -= 1;
      this.#skipped = row;
      return undefined;
    }
    if (this.#layout === undefined) {
      if (this.#hasHeader) {
        this.#layout = headerLayout(row, this.#schema);
        return undefined;
      }
      this.#layout = headerLayout(
        [...systemHeader(this.#skipped, this.#schema.length), ...this.#schema.map(nameOf)],
        this.#schema,
      );
    }
    return changeOf(row, this.#layout);
  }

  /** Ends the file. @throws 400 when its header is missing */
  end(): void {
    if (this.#hasHeader && this.#layout === undefined) {
      throw badRequest(missingHeader);
    }
  }
}

function nameOf({ name }: StoredColumn): string {
  return name;
}

interface Layout {
  /** Positions in the file of system columns. */
  readonly system: Readonly<Partial<Record<SystemName, number>>>;
  /** Positions in the file of cells, in order, and of their columns in the schema. */
  readonly cells: readonly { readonly index: number; readonly position: number }[];
  readonly positions: readonly number[];
  /** Number of cells of a row with all columns. */
  readonly width: number;
}

/** The system columns before the cells, when the last skipped row is a header that names them. */
function systemHeader(skipped: CsvRow, columns: number): SystemName[] {
  const [first, second, third] = skipped;
  if (skipped.length < columns + 2 || first !== 'ROW_ID' || second !== 'ROW_VERSION') {
    return [];
  }
  const hasEtag = skipped.length === columns + 3 && third === 'ROW_ETAG';
  return systemNames.slice(0, hasEtag ? 3 : 2);
}

/** Columns without a name are ignored. The last of several columns of a name counts. */
function headerLayout(header: CsvRow, schema: readonly StoredColumn[]): Layout {
  const system: Partial<Record<SystemName, number>> = {};
  const indexes = new Map<number, number>();
  header.forEach((name, index) => {
    if (name === null) {
      return;
    }
    const systemName = systemNames.find((candidate) => candidate === name.trim().toUpperCase());
    if (systemName !== undefined) {
      system[systemName] = index;
      return;
    }
    const position = schema.findIndex((column) => column.name === name);
    if (position < 0) {
      throw badRequest(
        'The first line is expected to be a header but the values do not match the names of of the columns of the table ' +
          `(${name} is not a valid column name or id). Header row: ${header.map((cell) => cell ?? '').join(',')}`,
      );
    }
    indexes.set(position, index);
  });
  const cells = [...indexes].map(([position, index]) => ({ position, index }));
  cells.sort((a, b) => a.index - b.index);
  const positions = cells.map(({ position }) => position);
  return { system, cells, positions, width: (cells.at(-1)?.index ?? -1) + 1 };
}

/**
 * The change of a row. Columns whose cells a short row lacks are not changed, and a row without any
 * is deleted. Cells beyond the header are ignored.
 */
function changeOf(row: CsvRow, { system, cells, positions, width }: Layout): CsvChange {
  const isWhole = row.length >= width;
  const given = isWhole ? cells : cells.filter(({ index }) => index < row.length);
  const text = (name: SystemName): string | undefined => {
    const index = system[name];
    return (index === undefined ? undefined : row[index]) || undefined;
  };
  return {
    rowId: numberIn(text('ROW_ID')),
    versionNumber: numberIn(text('ROW_VERSION')),
    columns: isWhole ? positions : given.map(({ position }) => position),
    values: given.length === 0 ? undefined : given.map(({ index }) => row[index] ?? null),
    ...(system.ROW_ETAG !== undefined && { etag: text('ROW_ETAG') }),
  };
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const number = parseLong(text);
  if (number === undefined) {
    throw badRequest(`For input string: "${text}"`);
  }
  return Number(number);
}
