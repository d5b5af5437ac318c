import type * as M from '../../../generated/models.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { csvFormat } from '../tables/csv/csvFormat.js';
import { CsvError, CsvParser, type CsvRow } from '../tables/csv/csvParser.js';
import { CsvWriter } from '../tables/csv/csvWriter.js';
import type { World } from '../world.js';
import type { GridCells } from './gridRecords.js';

/** Largest file that is read into a grid, in bytes. */
const maxFile = 64 * 1024 * 1024;

/** Columns and rows. */
export interface GridContent {
  readonly columns: readonly string[];
  readonly rows: readonly GridCells[];
}

/**
 * Reads a CSV file whole.
 *
 * @param columns names of the columns of a file without a header
 * @throws 400 for what is too large, no CSV, or has rows of different lengths
 */
export async function readCsv(
  world: World,
  handle: HandleRecord,
  { descriptor, columns }: { descriptor?: M.CsvTableDescriptor; columns?: readonly string[] },
): Promise<GridContent> {
  if ('contentSize' in handle && (handle.contentSize ?? 0) > maxFile) {
    throw badRequest(`A file of more than ${maxFile} bytes cannot be read into a grid.`);
  }
  const format = csvFormat(descriptor);
  const parser = new CsvParser(format);
  const decoder = new TextDecoder();
  const all: CsvRow[] = [];
  try {
    for await (const chunk of world.files.read(handle) as AsyncIterable<Uint8Array>) {
      all.push(...parser.push(decoder.decode(chunk, { stream: true })));
    }
    all.push(...parser.end());
  } catch (error) {
    throw error instanceof CsvError ? badRequest(error.message) : error;
  }
  const header = format.isFirstLineHeader ? all.shift() : columns;
  if (header === undefined || header.length === 0) {
    throw badRequest('The CSV file needs a header, or a schema that names its columns.');
  }
  const names = header.map((name) => name ?? '');
  if (new Set(names).size < names.length || names.includes('')) {
    throw badRequest('Each column of the CSV file needs a name of its own.');
  }
  const uneven = all.findIndex((row) => row.length !== names.length);
  if (uneven >= 0) {
    throw badRequest(`Row ${uneven + 1} of the CSV file does not have ${names.length} cells.`);
  }
  return { columns: names, rows: all };
}

/** Stores columns and rows as a CSV file of the caller. */
export function storeCsv(
  world: World,
  caller: Caller,
  { columns, rows }: GridContent,
  options: {
    readonly fileName: string;
    readonly descriptor?: M.CsvTableDescriptor | undefined;
    readonly writeHeader?: boolean;
  },
): Promise<HandleRecord> {
  const writer = new CsvWriter(csvFormat(options.descriptor));
  const written = options.writeHeader === false ? rows : [columns, ...rows];
  const text = written.map((row) => writer.row(row)).join('');
  return world.files.store(Buffer.from(text), {
    createdBy: caller.userId,
    fileName: options.fileName,
    contentType: 'text/csv',
  });
}

/**
 * Puts rows into a grid: rows with the same values in the key columns are replaced, all others are
 * added. Columns that the grid does not have yet are added too.
 */
export function mergeRows(
  grid: GridContent,
  added: GridContent,
  keyColumns: readonly string[],
): GridContent & { readonly created: number; readonly updated: number } {
  const columns = [...new Set([...grid.columns, ...added.columns])];
  const widen = ({ columns: names, rows }: GridContent) => {
    const places = columns.map((name) => names.indexOf(name));
    return rows.map((row) => places.map((place) => row[place] ?? null));
  };
  const rows = widen(grid);
  const places = keyColumns.map((name) => columns.indexOf(name)).filter((place) => place >= 0);
  const keyOf = (row: GridCells) => JSON.stringify(places.map((place) => row[place]));
  const known = new Map(places.length > 0 ? rows.map((row, index) => [keyOf(row), index]) : []);
  let updated = 0;
  for (const row of widen(added)) {
    const index = places.length > 0 ? known.get(keyOf(row)) : undefined;
    if (index === undefined) {
      known.set(keyOf(row), rows.push(row) - 1);
    } else {
      rows[index] = row;
      updated += 1;
    }
  }
  return { columns, rows, updated, created: added.rows.length - updated };
}
