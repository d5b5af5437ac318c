import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { getColumns } from '../columns/getColumns.js';
import type { CommonOptions } from '../options.js';
import { resultMd5 } from './resultMd5.js';
import { TableQuery } from '../tables/query/tableQuery.js';
import { stringifyJson } from '../values/json.js';
import { escapeColumnName } from '../values/sql.js';

/** How the rows of a table compare with those of another one. */
export type TableComparison =
  /** The other one has the same rows. */
  | 'same'
  /** The other one has no rows. */
  | 'empty'
  /** The other one has other columns. */
  | 'columns'
  /** The other one has other rows. */
  | 'rows';

/**
 * Compares two tables without reading their rows: Synapse writes those of both to files, whose MD5s are compared. Columns with files
 * are not among them, because the copies of files have other ids; nor are ids of entities, if they become those of copies.
 */
export async function compareTables(
  ctx: Context,
  { source, existing }: { source: M.Entity; existing: M.Entity },
  { signal, updateTableIds }: Pick<CommonOptions, 'signal'> & { updateTableIds: boolean },
): Promise<TableComparison> {
  const columnIds = columnIdsOf(source);
  if (stringifyJson(columnIds) !== stringifyJson(columnIdsOf(existing))) return 'columns';
  if (columnIds.length === 0) return 'same';
  const [from = '', to = ''] = [source.id, existing.id];
  const [expected, count] = await Promise.all([from, to].map((id) => countOf(ctx, id, signal)));
  if (expected === count && expected === 0) return 'same';
  if (count === 0) return 'empty';
  if (expected !== count) return 'rows';
  const columns = await getColumns(ctx, from, { signal });
  const others = updateTableIds ? ['FILEHANDLEID', 'ENTITYID', 'ENTITYID_LIST'] : ['FILEHANDLEID'];
  const texts = columns.filter(({ columnType }) => !others.includes(columnType));
  if (texts.length === 0) return 'same';
  const names = texts.map(escapeColumnName).join(', ');
  const [one, other] = await Promise.all(
    [from, to].map((id) =>
      resultMd5(ctx, { id, sql: `SELECT ${names} FROM ${id} ORDER BY ROW_ID` }, signal),
    ),
  );
  return one !== undefined && one === other ? 'same' : 'rows';
}

function columnIdsOf(entity: M.Entity): readonly string[] {
  return 'columnIds' in entity ? (entity.columnIds ?? []) : [];
}

function countOf(ctx: Context, id: string, signal: AbortSignal | undefined): Promise<number> {
  return new TableQuery(ctx, `SELECT * FROM ${id}`, { signal }).count();
}
