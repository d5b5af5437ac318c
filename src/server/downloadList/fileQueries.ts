import type * as M from '../../../generated/models.js';
import { findEntityRecord } from '../entities/entityRecords.js';
import { parseEntityReference } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { StoredColumn } from '../tables/columnModels.js';
import { columnExpression, parseQuery } from '../tables/query/combineQuery.js';
import { readPageToken } from '../tables/query/pageTokens.js';
import { queryPage, tableOfQuery } from '../tables/query/queryBundle.js';
import { printStatement } from '../tables/sql/printSql.js';
import { tableNames } from '../tables/sql/selectFacts.js';
import type { Statement } from '../tables/sql/tree.js';
import { asServiceError } from '../tables/tableAccess.js';
import { tablesOf } from '../tables/tables.js';
import type { World } from '../world.js';
import { maxFiles, type WantedFile } from './downloadListItems.js';

/**
 * The files that the rows of a query name: those of a view or dataset by their row id, those of
 * other tables by a column that the query selects. Entities of other types are skipped.
 *
 * @throws 400 for a bad query, or when it is unclear which column has the files, 403 and 404
 * without access to the table
 */
export async function filesOfQuery(
  world: World,
  caller: Caller,
  query: M.Query,
  useVersion: boolean,
): Promise<WantedFile[]> {
  const { sql, sort, additionalFilters, selectedFacets } = query;
  const statement = statementOf(sql);
  requireFileColumns(world, statement, query, useVersion);
  const { schema } = await tableOfQuery(tablesOf(world), caller, { sql });
  const columns = fileColumns(schema, query, useVersion);
  // The limits of the request are those of a page that a person looks at.
  let next: M.Query | undefined = {
    sql: printStatement(selecting(statement, columns)),
    ...(sort && { sort }),
    ...(additionalFilters && { additionalFilters }),
    ...(selectedFacets && { selectedFacets }),
  };
  const found: WantedFile[] = [];
  while (next !== undefined && found.length <= maxFiles) {
    const page: M.QueryResult = await queryPage(tablesOf(world), caller, next);
    for (const { values = [] } of page.queryResults?.rows ?? []) {
      const file = fileOf(values, useVersion);
      if (file !== undefined && findEntityRecord(world, file.entityId)?.type === 'file') {
        found.push(file);
      }
    }
    next = page.nextPageToken && readPageToken(page.nextPageToken.token);
  }
  return found;
}

function statementOf(sql: string | undefined): Statement {
  try {
    return parseQuery(sql);
  } catch (error) {
    throw asServiceError(error);
  }
}

/** Row ids are ids of files, and row versions are theirs, only in these types of tables. */
const fileTables: ReadonlySet<M.EntityType | undefined> = new Set<M.EntityType>([
  'entityview',
  'dataset',
]);

/** @throws 400 for a table other than a view or dataset without the columns of its files */
function requireFileColumns(
  world: World,
  statement: Statement,
  { selectFileColumn, selectFileVersionColumn }: M.Query,
  useVersion: boolean,
): void {
  const [name = ''] = tableNames(statement.query.first.from);
  const type = findEntityRecord(world, parseEntityReference(name).id)?.type;
  if (type === undefined || fileTables.has(type)) {
    return;
  }
  const required = {
    selectFileColumn,
    ...(useVersion && { selectFileVersionColumn }),
  };
  for (const [member, column] of Object.entries(required)) {
    if (column === undefined) {
      throw badRequest(
        `'${name}' is not a file view or a dataset, the query.${member} must be specified`,
      );
    }
  }
}

/** Names of the columns with the ids of files and their versions. @throws 400 */
function fileColumns(
  schema: readonly StoredColumn[],
  { selectFileColumn, selectFileVersionColumn }: M.Query,
  useVersion: boolean,
): string[] {
  const named = (id: number | undefined, columnType: M.ColumnType, fallback: string): string => {
    if (id === undefined) {
      return fallback;
    }
    const column = schema.find((each) => each.id === String(id) && each.columnType === columnType);
    if (column === undefined) {
      const member = columnType === 'ENTITYID' ? 'selectFileColumn' : 'selectFileVersionColumn';
      throw badRequest(
        `The query.${member} must be an ${columnType} column that is part of the schema of the underlying table/view`,
      );
    }
    return column.name;
  };
  const file = named(selectFileColumn, 'ENTITYID', 'ROW_ID');
  return useVersion ? [file, named(selectFileVersionColumn, 'INTEGER', 'ROW_VERSION')] : [file];
}

/** The same rows, with only these columns, in their order. */
function selecting(statement: Statement, columns: readonly string[]): Statement {
  const items = columns.map((name) => ({ expression: columnExpression(name) }));
  const first = { ...statement.query.first, list: items, orderBy: items };
  return { ...statement, query: { ...statement.query, first } };
}

/** The file of a row; `undefined` for a row that names none. @throws 400 without a version */
function fileOf(
  [id, version]: readonly (string | null | undefined)[],
  useVersion: boolean,
): WantedFile | undefined {
  if (id === null || id === undefined) {
    return undefined;
  }
  const { id: entityId } = parseEntityReference(id);
  if (!useVersion) {
    return { entityId };
  }
  if (version === null || version === undefined) {
    throw badRequest(`The row of the file ${entityId} has no version.`);
  }
  return { entityId, versionNumber: Number(version) };
}
