import { createHash } from 'node:crypto';

import { numericId } from '../../entities/entityIds.js';
import { findEntityRecord, getVersionRecord } from '../../entities/entityRecords.js';
import { badRequest } from '../../kernel/serviceError.js';
import { parseFirstSelect } from '../sql/parseQuery.js';
import { joinNotSupported, SqlError, SqlSyntaxError } from '../sql/sqlError.js';
import { keywordNote } from '../sql/unknownColumn.js';
import { findTable } from '../tableMeta.js';
import type { Tables } from '../tables.js';

/**
 * The key of a request that queries a table: as long as the table does not change, the same request
 * has the same result. `undefined` for other tables, whose rows may change without a trace.
 *
 * @throws 400 for SQL that does not begin with a select from one table
 */
export function resultKey(
  tables: Tables,
  request: object,
  sql: string | undefined,
): string | undefined {
  const name = queriedTable(sql);
  const reference = /^(syn\d+)(?:\.\d+)?$/.exec(name);
  const record =
    reference?.[1] === undefined ? undefined : findEntityRecord(tables.world, reference[1]);
  if (record?.type !== 'table') {
    return undefined;
  }
  const { fields } = getVersionRecord(tables.world, record);
  const etag = findTable(tables.db, numericId(record.id))?.etag ?? null;
  const state = [request, etag, fields.columnIds ?? [], fields.isSearchEnabled ?? false];
  return createHash('sha256').update(JSON.stringify(state)).digest('hex');
}

/** The table that the service looks up before it starts a query. */
function queriedTable(sql: string | undefined): string {
  if (sql === undefined) {
    throw badRequest('SQL string is required.');
  }
  try {
    const { from } = parseFirstSelect(sql);
    if (from.kind === 'join') {
      throw badRequest(joinNotSupported);
    }
    return from.name;
  } catch (error) {
    if (error instanceof SqlSyntaxError) {
      throw badRequest(error.message + keywordNote);
    }
    throw error instanceof SqlError ? badRequest(error.message) : error;
  }
}
