import type { Context } from '../../context.js';
import { csvDialect } from '../csv/csvDialect.js';
import { openCsvResult } from '../query/csvResult.js';
import { isEmptySchema, withQueryErrors } from '../query/queryError.js';
import type { QueryJobOptions } from '../query/queryOptions.js';
import type { QueryRequest } from '../query/queryRequest.js';
import type { CsvRows } from './openColumns.js';

/** Runs a query and opens its result, which Synapse writes to a CSV file. */
export async function openExport(
  ctx: Context,
  request: QueryRequest,
  { signal, onProgress, timeout, stallTimeout }: QueryJobOptions,
): Promise<CsvRows> {
  const options = { signal, onProgress, timeout, stallTimeout };
  try {
    return await withQueryErrors(request, () => openCsvResult(ctx, request, options));
  } catch (error) {
    if (isEmptySchema(error)) return emptyResult();
    throw error;
  }
}

/** Of a table without columns. */
function emptyResult(): CsvRows {
  return {
    columns: [],
    references: [],
    bytes: noBytes(),
    dialect: csvDialect(),
    close: () => undefined,
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {
  // A table without columns has no rows.
}
