import type * as M from '../../../../generated/models.js';
import type { Caller } from '../../kernel/caller.js';
import { badRequest } from '../../kernel/serviceError.js';
import { csvFormat } from '../csv/csvFormat.js';
import { CsvWriter } from '../csv/csvWriter.js';
import { formatCell } from '../sql/formatCell.js';
import type { TranslatedStatement } from '../sql/translateQuery.js';
import { translateStatement } from '../sql/translateQuery.js';
import { asServiceError } from '../tableAccess.js';
import type { SqlRow, TableDatabase } from '../tableDatabase.js';
import type { Tables } from '../tables.js';
import { prepareQuery } from './prepareQuery.js';
import { headersOf } from './queryBundle.js';

/** Number of characters that are buffered before a write. */
const chunkCharacters = 256 * 1024;

/**
 * Writes the result of a query to a CSV file that belongs to the caller.
 *
 * @throws 400 for a bad query or a table without columns, 403 and 404 without access
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/download/csv/async/start.html
 */
export function downloadCsv(
  tables: Tables,
  caller: Caller,
  request: M.DownloadFromTableRequest,
  signal: AbortSignal,
): Promise<M.DownloadFromTableResult> {
  const format = csvFormat(request.csvTableDescriptor);
  tables.requireSpace();
  return tables.exclusive(async (db) => {
    const { table, statement } = prepareDownload(tables, db, caller, request);
    const system = systemNames(statement, request);
    const writer = new CsvWriter(format);
    const header =
      request.writeHeader === false
        ? ''
        : writer.row([
            ...system.map((name) => name.toUpperCase()),
            ...statement.columns.map(({ name }) => name),
          ]);
    const content = csvChunks({ db, statement, system, writer, header, signal });
    const extension = format.separator === '\t' ? 'tsv' : 'csv';
    const handle = await tables.world.files.store(content, {
      createdBy: caller.userId,
      fileName: request.fileName ?? `Job-${tables.world.uuid()}.${extension}`,
      contentType: `text/${extension}`,
    });
    return {
      concreteType: 'org.sagebionetworks.repo.model.table.DownloadFromTableResult',
      resultsFileHandleId: handle.id,
      tableId: table.name,
      etag: table.etag,
      headers: headersOf(statement.columns),
    };
  });
}

function prepareDownload(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  request: M.DownloadFromTableRequest,
): { table: { name: string; etag: string }; statement: TranslatedStatement } {
  try {
    const { table, prepared } = prepareQuery(tables, db, caller, request);
    if (prepared === undefined) {
      throw badRequest(`Table ${table.name} has an empty schema`);
    }
    const { combined, environment } = prepared;
    return { table, statement: translateStatement(combined.limited, environment) };
  } catch (error) {
    throw asServiceError(error);
  }
}

/** The leading system columns. Results without row ids have none. */
function systemNames(
  { hasRowIds, hasEtags }: TranslatedStatement,
  request: M.DownloadFromTableRequest,
): string[] {
  if (!hasRowIds || request.includeRowIdAndRowVersion === false) {
    return [];
  }
  const withEtags = hasEtags && request.includeEntityEtag === true;
  return ['row_id', 'row_version', ...(withEtags ? ['row_etag'] : [])];
}

interface CsvSource {
  readonly db: TableDatabase;
  readonly statement: TranslatedStatement;
  readonly system: readonly string[];
  readonly writer: CsvWriter;
  readonly header: string;
  readonly signal: AbortSignal;
}

/** The text of the file, read row by row from the database. Other work may run in between. */
async function* csvChunks(source: CsvSource): AsyncGenerator<Uint8Array, void, undefined> {
  const { db, statement, system, writer, header, signal } = source;
  let text = header;
  try {
    for (const row of db.rows(statement.sql, statement.parameters)) {
      text += writer.row(cellsOf(row, statement, system));
      if (text.length >= chunkCharacters) {
        signal.throwIfAborted();
        yield Buffer.from(text);
        text = '';
        await db.pause();
      }
    }
  } catch (error) {
    throw asServiceError(error);
  }
  yield Buffer.from(text);
}

function cellsOf(
  row: SqlRow,
  { columns }: TranslatedStatement,
  system: readonly string[],
): (string | null)[] {
  const cells: (string | null)[] = [];
  for (const name of system) {
    const value = row[name];
    cells.push(value === null || value === undefined ? null : String(value));
  }
  columns.forEach((column, index) => {
    cells.push(formatCell(row[`v${index}`] ?? null, column));
  });
  return cells;
}
