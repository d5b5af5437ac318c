import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { MalformedResponseError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { quoted } from '../values/quoted.js';
import type { StoredColumn, TableColumn } from './columnModel.js';
import { maximumSizes } from './columnLimits.js';
import { columnTypes, type ColumnType } from './columnTypes.js';
import { listTypeOf } from './columnFacts.js';
import { storedColumn } from './getColumns.js';

/** What a view shows. */
export interface ViewScope {
  viewEntityType: M.ViewEntityType;
  /** The ids of containers, evaluations or items. */
  scope: readonly string[];
  /** Entity views only. */
  viewTypeMask?: number;
}

/**
 * Reads the columns that views of a kind have by default.
 *
 * @see https://rest-docs.synapse.org/rest/GET/column/tableview/defaults.html
 */
export async function defaultViewColumns(
  ctx: Context,
  { viewEntityType, viewTypeMask }: ViewScope,
  { signal }: CommonOptions,
): Promise<StoredColumn[]> {
  const { list = [] } = await ctx.services.table.listDefaultViewColumns(
    { viewEntityType, viewTypeMask },
    { signal },
  );
  return list.map(storedColumn);
}

/** Ten times the pages that a view can have columns for. */
const mostPages = 1000;

/**
 * Finds columns for the annotations of everything in the scope of a view. An annotation that has values of several types gets one
 * column, of texts.
 *
 * @see https://rest-docs.synapse.org/rest/POST/column/view/scope/async/start.html
 */
export async function annotationColumns(
  ctx: Context,
  { viewEntityType, viewTypeMask, scope }: ViewScope,
  options: CommonOptions,
): Promise<TableColumn[]> {
  if (scope.length === 0) return [];
  const found: TableColumn[] = [];
  let nextPageToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await ctx.http.runJob(
      {
        concreteType: 'org.sagebionetworks.repo.model.table.ViewColumnModelRequest',
        viewScope: { viewEntityType, viewTypeMask, scope: [...scope] },
        nextPageToken,
      },
      {},
      options,
    );
    found.push(
      ...answer.results.map(({ name = '', columnType = 'STRING', ...rest }) => ({
        ...rest,
        name,
        columnType,
      })),
    );
    nextPageToken = answer.nextPageToken;
    if (nextPageToken === undefined) return oneByName(ctx, found);
  }
  throw new MalformedResponseError({
    operation: 'table.getViewScopeColumnLookupResult',
    field: 'nextPageToken',
    expected: 'absent on the last page',
    actual: `present on ${mostPages} pages`,
  });
}

function oneByName(ctx: Context, columns: readonly TableColumn[]): TableColumn[] {
  const byName = new Map<string, TableColumn[]>();
  for (const column of columns) {
    byName.set(column.name, [...(byName.get(column.name) ?? []), column]);
  }
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length === 1) return same;
    const merged = mergedColumn(first.name, same);
    const types = same.map(({ columnType }) => columnType).join(' and ');
    ctx.log(
      `The annotation ${quoted(first.name)} has values of the types ${types}: its column is a ${merged.columnType}.`,
    );
    return [merged];
  });
}

/** The column of texts that shows the values of all of these columns. */
function mergedColumn(name: string, columns: readonly TableColumn[]): TableColumn {
  const large = columns.find(({ columnType }) => isLargeText(columnType));
  if (large !== undefined) return { name, columnType: 'LARGETEXT' };
  const isList = columns.some(({ columnType }) => columnTypes[columnType].isList);
  const size = Math.max(maximumSizes.usual, ...columns.map((one) => one.maximumSize ?? 0));
  const maximumSize = Math.min(size, maximumSizes.most);
  if (!isList) return { name, columnType: 'STRING', maximumSize };
  const lengths = columns.map((one) => one.maximumListLength ?? 2);
  const columnType = listTypeOf('STRING') ?? 'STRING';
  return { name, columnType, maximumSize, maximumListLength: Math.max(...lengths) };
}

function isLargeText(type: ColumnType): boolean {
  return type === 'MEDIUMTEXT' || type === 'LARGETEXT';
}
