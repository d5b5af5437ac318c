import type * as M from '../../../../generated/models.js';
import type { Caller } from '../../kernel/caller.js';
import { badRequest } from '../../kernel/serviceError.js';
import { maxRowsPerPage } from '../columnLimits.js';
import { formatCell } from '../sql/formatCell.js';
import { printStatement } from '../sql/printSql.js';
import {
  translateCount,
  translateStatement,
  type TranslatedStatement,
} from '../sql/translateQuery.js';
import type { OutputColumn } from '../sql/translateSelect.js';
import { asServiceError } from '../tableAccess.js';
import type { SqlRow } from '../tableDatabase.js';
import type { Tables } from '../tables.js';
import type { OpenedTable } from '../tableSources.js';
import { actionsRequired } from './actionsRequired.js';
import { atMost } from './combineQuery.js';
import { facetResults } from './facets.js';
import { writePageToken } from './pageTokens.js';
import { prepareQuery, type PreparedQuery } from './prepareQuery.js';
import { sumFileSizes } from './sumFileSizes.js';

const model = 'org.sagebionetworks.repo.model.table';

/** The bits of a part mask. */
const parts = {
  queryResult: 0x1,
  queryCount: 0x2,
  selectColumns: 0x4,
  maxRowsPerPage: 0x8,
  columnModels: 0x10,
  facets: 0x20,
  sumFileSizes: 0x40,
  lastUpdatedOn: 0x80,
  combinedSql: 0x100,
  actionsRequired: 0x200,
} as const;

/** All parts except for the actions, which are the most expensive. */
const defaultMask = 0x1ff;

/**
 * Runs a query and returns the requested parts.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/query/async/start.html
 */
export function queryBundle(
  tables: Tables,
  caller: Caller,
  query: M.Query,
  partMask: number = defaultMask,
): Promise<M.QueryResultBundle> {
  return tables.exclusive(async (db) => {
    try {
      const { table, prepared } = prepareQuery(tables, db, caller, query);
      return prepared === undefined
        ? emptyBundle(table, partMask)
        : await fullBundle(tables, prepared, partMask);
    } catch (error) {
      throw asServiceError(error);
    }
  });
}

/** The table of a query, which the caller may read. @throws 400, 403, 404 */
export function tableOfQuery(
  tables: Tables,
  caller: Caller,
  query: M.Query,
): Promise<Pick<OpenedTable, 'schema'>> {
  return tables.exclusive((db) => {
    try {
      return prepareQuery(tables, db, caller, query).table;
    } catch (error) {
      throw asServiceError(error);
    }
  });
}

async function fullBundle(
  tables: Tables,
  prepared: PreparedQuery,
  mask: number,
): Promise<M.QueryResultBundle> {
  const { db, environment, combined, table, query } = prepared;
  const limited = translateStatement(combined.limited, environment);
  const perPage = maxRowsPerPage(limited.columns.map(widthOf));
  const wanted: Readonly<Record<keyof typeof parts, () => BundlePart | Promise<BundlePart>>> = {
    queryResult: () => ({ queryResult: pageOf(prepared, perPage) }),
    queryCount: () => ({ queryCount: countOf(prepared) }),
    selectColumns: () => ({ selectColumns: headersOf(limited.columns) }),
    maxRowsPerPage: () => ({ maxRowsPerPage: perPage }),
    columnModels: () => ({ columnModels: [...table.schema] }),
    facets: async () => ({
      facets: await facetResults({
        db,
        environment,
        statement: combined.withoutFacets,
        schema: table.schema,
        selections: query.selectedFacets ?? [],
      }),
    }),
    sumFileSizes: () => ({ sumFileSizes: sumFileSizes(tables.world, prepared) }),
    lastUpdatedOn: () => ({ lastUpdatedOn: table.changedOn }),
    combinedSql: () => ({ combinedSql: printStatement(combined.limited) }),
    actionsRequired: () => ({ actionsRequired: actionsRequired(tables.world, prepared) }),
  };
  let bundle: M.QueryResultBundle = { concreteType: `${model}.QueryResultBundle` };
  for (const [name, bit] of Object.entries(parts) as [keyof typeof parts, number][]) {
    if ((mask & bit) === 0) continue;
    // Each part may read the whole table.
    await db.pause();
    bundle = { ...bundle, ...(await wanted[name]()) };
  }
  return bundle;
}

type BundlePart = Omit<M.QueryResultBundle, 'concreteType'>;

/**
 * The result for a table without columns, which has no rows.
 *
 * @throws 400 when the combined SQL is asked for, which needs a schema
 */
function emptyBundle(table: OpenedTable, mask: number): M.QueryResultBundle {
  const has = (bit: number): boolean => (mask & bit) !== 0;
  if (has(parts.combinedSql)) {
    throw badRequest(`Schema for ${table.name} is empty.`);
  }
  return {
    concreteType: `${model}.QueryResultBundle`,
    ...(has(parts.queryResult) && {
      queryResult: {
        concreteType: `${model}.QueryResult`,
        queryResults: {
          concreteType: `${model}.RowSet`,
          tableId: table.name,
          headers: [],
          rows: [],
        },
      },
    }),
    ...(has(parts.queryCount) && { queryCount: 0 }),
    ...(has(parts.selectColumns) && { selectColumns: [] }),
    ...(has(parts.maxRowsPerPage) && { maxRowsPerPage: 1 }),
    ...(has(parts.columnModels) && { columnModels: [] }),
    ...(has(parts.sumFileSizes) && { sumFileSizes: { sumFileSizesBytes: 0, greaterThan: false } }),
    ...(has(parts.actionsRequired) && { actionsRequired: [] }),
  };
}

/** One page of rows, as `nextPage` gives it. */
export function queryPage(tables: Tables, caller: Caller, query: M.Query): Promise<M.QueryResult> {
  return queryBundle(tables, caller, query, parts.queryResult).then(
    ({ queryResult }) => queryResult ?? { concreteType: `${model}.QueryResult` },
  );
}

function pageOf(prepared: PreparedQuery, perPage: number): M.QueryResult {
  const { db, environment, combined, table, query } = prepared;
  const first = atMost(combined.limited.query.first, perPage);
  const statement = { ...combined.limited, query: { first, unions: [] } };
  const translated = translateStatement(statement, environment);
  const withEtags = query.includeEntityEtag === true;
  const rows = db
    .all(translated.sql, translated.parameters)
    .map((row) => rowModel(row, translated, withEtags));
  return {
    concreteType: `${model}.QueryResult`,
    queryResults: {
      concreteType: `${model}.RowSet`,
      tableId: table.name,
      etag: table.etag,
      headers: headersOf(translated.columns),
      rows,
    },
    ...(rows.length === perPage && { nextPageToken: nextToken(query, perPage, table.name) }),
  };
}

function nextToken(query: M.Query, perPage: number, entityId: string): M.QueryNextPageToken {
  const { limit, offset } = query;
  const next: M.Query = {
    ...query,
    offset: (offset ?? 0) + perPage,
    ...(limit !== undefined && { limit: Math.max(0, limit - perPage) }),
  };
  return writePageToken(next, entityId);
}

/** A row of a result as the API shows it. */
export function rowModel(
  row: SqlRow,
  { columns, hasRowIds, hasEtags }: TranslatedStatement,
  withEtags: boolean,
): M.Row {
  const etag = row['row_etag'];
  return {
    ...(hasRowIds && {
      rowId: Number(row['row_id']),
      versionNumber: Number(row['row_version']),
    }),
    ...(hasEtags && withEtags && typeof etag === 'string' && { etag }),
    values: columns.map((column, index) => formatCell(row[`v${index}`] ?? null, column)),
  };
}

/** The columns of a result as the API shows them. */
export function headersOf(columns: readonly OutputColumn[]): M.SelectColumn[] {
  return columns.map(({ name, type, id }) => ({
    name,
    columnType: type,
    ...(id !== undefined && { id }),
  }));
}

/** The properties that the width of a result column depends on. */
export function widthOf({ type, maximumSize, source }: OutputColumn): {
  columnType: M.ColumnType;
  maximumSize?: number;
  maximumListLength?: number;
} {
  const length = source?.maximumListLength;
  return {
    columnType: type,
    ...(maximumSize !== undefined && { maximumSize }),
    ...(length !== undefined && { maximumListLength: length }),
  };
}

/** The number of rows within the limits of the SQL; an aggregate without groups has one. */
function countOf({ db, environment, combined }: PreparedQuery): number {
  const counted = translateCount(combined.unlimited, environment);
  if (counted === undefined) {
    return 1;
  }
  const { limit, offset = '0' } = combined.unlimited.query.first;
  const rows = BigInt(String(db.get(counted.sql, counted.parameters)?.['v0'] ?? 0));
  const left = rows > BigInt(offset) ? rows - BigInt(offset) : 0n;
  return Number(limit !== undefined && BigInt(limit) < left ? BigInt(limit) : left);
}
