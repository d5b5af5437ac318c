import type * as M from '../../../generated/models.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { csvFormat } from '../tables/csv/csvFormat.js';
import { CsvError, CsvParser, type CsvRow } from '../tables/csv/csvParser.js';
import { CsvWriter } from '../tables/csv/csvWriter.js';
import type { World } from '../world.js';

/** Largest file that is read into a grid, in bytes. */
const maxFile = 64 * 1024 * 1024;

/**
 * Reads the rows of a CSV file, its header among them.
 *
 * @throws 400 when it is too large or not CSV
 */
export async function readCsv(
  world: World,
  handle: HandleRecord,
  descriptor: M.CsvTableDescriptor | undefined,
): Promise<CsvRow[]> {
  if ('contentSize' in handle && (handle.contentSize ?? 0) > maxFile) {
    throw badRequest(`A file of more than ${maxFile} bytes cannot be read into a grid.`);
  }
  const parser = new CsvParser(csvFormat(descriptor));
  const decoder = new TextDecoder();
  const rows: CsvRow[] = [];
  try {
    for await (const chunk of world.files.read(handle) as AsyncIterable<Uint8Array>) {
      rows.push(...parser.push(decoder.decode(chunk, { stream: true })));
    }
    rows.push(...parser.end());
  } catch (error) {
    throw error instanceof CsvError ? badRequest(error.message) : error;
  }
  return rows;
}

/** Stores rows as a CSV file of the caller. */
export async function storeCsv(
  world: World,
  caller: Caller,
  rows: readonly (readonly (string | null)[])[],
  options: { readonly fileName: string; readonly descriptor?: M.CsvTableDescriptor | undefined },
): Promise<string> {
  const writer = new CsvWriter(csvFormat(options.descriptor));
  const { id } = await world.files.store(Buffer.from(rows.map((row) => writer.row(row)).join('')), {
    createdBy: caller.userId,
    fileName: options.fileName,
    contentType: 'text/csv',
  });
  return id;
}
