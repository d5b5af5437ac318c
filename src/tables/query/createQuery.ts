import type { TableDefinition } from '../../columns/defineTable.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { SqlFragment } from '../sql/sqlFragment.js';
import type { QueryOptions } from './queryOptions.js';
import { TableQuery } from './tableQuery.js';

/** What {@link Tables.query} takes. */
export type QueryArguments =
  | [query: string | SqlFragment, options?: QueryOptions]
  | [definition: TableDefinition, query: string | SqlFragment, options?: QueryOptions];

/** Implements {@link Tables.query}. */
export function createQuery(ctx: Context, given: QueryArguments): TableQuery {
  const [first] = given;
  if (isSql(first)) {
    const [query, options] = given as [string | SqlFragment, QueryOptions?];
    return new TableQuery(ctx, query, options);
  }
  const [{ columns }, query, options] = given as [TableDefinition, unknown, QueryOptions?];
  if (isSql(query)) return new TableQuery(ctx, query, options, columns);
  throw new ArgumentError(`The query is not SQL but ${quoted(query)}.`);
}

function isSql(value: unknown): value is string | SqlFragment {
  return typeof value === 'string' || value instanceof SqlFragment;
}
