import type * as M from '../../../../generated/models.js';
import type { Caller } from '../../kernel/caller.js';
import { tableNames } from '../sql/selectFacts.js';
import type { TranslationEnvironment } from '../sql/translation.js';
import type { Statement } from '../sql/tree.js';
import type { TableDatabase } from '../tableDatabase.js';
import type { Tables } from '../tables.js';
import { TableOpener, type OpenedTable } from '../tableSources.js';
import { combineQuery, parseQuery, type CombinedQuery } from './combineQuery.js';

/** A query that is ready to run. */
export interface PreparedQuery {
  readonly db: TableDatabase;
  readonly caller: Caller;
  readonly query: M.Query;
  readonly table: OpenedTable;
  readonly environment: TranslationEnvironment;
  readonly combined: CombinedQuery;
}

/**
 * Parses a query and opens its table. Must be called in an exclusive section. `prepared` is absent
 * when the table has no columns.
 *
 * @throws 400 for a bad query, 403 and 404 without access to the table
 */
export function prepareQuery(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  query: M.Query,
): { readonly table: OpenedTable; readonly prepared?: PreparedQuery } {
  const statement = parseQuery(query.sql);
  const opener = new TableOpener(tables, db, caller);
  const table = opener.open(tableOf(statement));
  if (table.schema.length === 0) {
    return { table };
  }
  const environment = opener.environment();
  const combined = combineQuery(statement, query, table.schema);
  return { table, prepared: { db, caller, query, table, environment, combined } };
}

/** The table that determines permissions, schema and facets. */
function tableOf(statement: Statement): string {
  const { first } = statement.query;
  const source = statement.with?.query.first.from ?? first.from;
  const [name] = tableNames(source);
  return name ?? '';
}
