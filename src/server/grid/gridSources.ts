import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import {
  findEntityRecord,
  getVersionRecord,
  type CurrentEntity,
  type EntityRecord,
} from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { csvFormat } from '../tables/csv/csvFormat.js';
import { CsvPreview } from '../tables/csv/csvPreview.js';
import { readPageToken } from '../tables/query/pageTokens.js';
import { queryPage } from '../tables/query/queryBundle.js';
import { tablesOf } from '../tables/tables.js';
import type { World } from '../world.js';
import { readGridCell, type GridColumn } from './gridCells.js';
import { readCsv } from './gridFiles.js';
import { maxGridRows, type GridContent, type GridRecord, type GridRow } from './gridRecords.js';

/** The rows of a new grid and the entity that they come from. */
export interface GridSource extends GridContent {
  readonly entity?: EntityRecord;
}

/**
 * The rows in the file of a record set, with column types that fit its cells.
 *
 * @throws 404, 403 without READ and DOWNLOAD, 400 when it is not a record set or has no columns
 */
export async function recordSetRows(
  world: World,
  caller: Caller,
  recordSetId: string,
): Promise<GridSource> {
  const id = parseEntityId(recordSetId);
  const entity = requireAccess(world, caller, id, 'READ');
  requireAccess(world, caller, id, 'DOWNLOAD');
  const { dataFileHandleId, csvDescriptor } = getVersionRecord(world, entity).fields;
  if (entity.type !== 'recordset' || dataFileHandleId === undefined) {
    throw badRequest(`${id} is not a record set.`);
  }
  const lines = await readCsv(world, world.files.get(dataFileHandleId), csvDescriptor);
  const { isFirstLineHeader } = csvFormat(csvDescriptor);
  const preview = new CsvPreview(isFirstLineHeader);
  for (const line of lines) {
    preview.add(line);
  }
  const suggestions = lines.length === 0 ? [] : preview.suggestions();
  if (suggestions.length === 0) {
    throw badRequest(
      'Cannot determine the schema from the CSV file, at least one column header must be present.',
    );
  }
  const columns = suggestions.map(({ column }) => gridColumn(column));
  const rows = lines.slice(isFirstLineHeader ? 1 : 0).map((line) => ({
    cells: columns.map((column, place) =>
      readGridCell(line[suggestions[place]?.index ?? place] ?? null, column),
    ),
  }));
  return { columns, rows: checkedSize(rows), entity };
}

/**
 * The rows of a query of a table or a view. From a view, only the rows that the owner of the grid
 * may update.
 *
 * @throws 400, 403, 404
 */
export async function queryRows(
  world: World,
  caller: Caller,
  query: M.Query,
  ownerPrincipalId: string | undefined,
): Promise<GridSource> {
  const first = await queryPage(tablesOf(world), caller, { ...query, limit: 1 });
  const entity = queriedSource(world, caller, first.queryResults?.tableId);
  const columns = (first.queryResults?.headers ?? []).map(gridColumn);
  const isView = entity?.type === 'entityview';
  const reader = isView ? rowReader(caller, Number(ownerPrincipalId)) : caller;
  const isHidden = ({ rowId }: M.Row) =>
    isView && rowId !== undefined && !hasAccess(world, reader, `syn${rowId}`, 'UPDATE');
  const rows: GridRow[] = [];
  let next: M.Query | undefined = { ...query, includeEntityEtag: true };
  while (next !== undefined) {
    const page: M.QueryResult = await queryPage(tablesOf(world), reader, next);
    for (const row of page.queryResults?.rows ?? []) {
      if (!isHidden(row)) {
        rows.push(queriedRow(row, columns));
      }
    }
    checkedSize(rows);
    next = page.nextPageToken && readPageToken(page.nextPageToken.token);
  }
  return { columns, rows, ...(entity && { entity }) };
}

/**
 * The principals that read the rows of a view: for a grid of a team, the permissions of the team
 * apply.
 */
function rowReader(caller: Caller, ownerId: number): Caller {
  return caller.isAdmin || caller.userId === ownerId
    ? caller
    : { ...caller, userId: ownerId, groups: new Set([ownerId]) };
}

function queriedSource(
  world: World,
  caller: Caller,
  tableId: string | undefined,
): EntityRecord | undefined {
  if (tableId === undefined) {
    return undefined;
  }
  const entity = requireAccess(world, caller, parseEntityId(tableId.split('.')[0] ?? ''), 'READ');
  if (entity.type !== 'entityview' && entity.type !== 'table') {
    throw badRequest(`Unsupported grid source type: ${entity.type}`);
  }
  return entity;
}

/** The record set of a grid. @throws 400 when the grid has another source */
export function sourceRecordSet(world: World, { session }: GridRecord): CurrentEntity {
  const { sourceEntityId } = session;
  const record = sourceEntityId === undefined ? undefined : findEntityRecord(world, sourceEntityId);
  if (record?.type !== 'recordset') {
    throw badRequest(
      'Unsupported grid session: only a grid created from a record set is supported.',
    );
  }
  return { record, version: getVersionRecord(world, record) };
}

/** Converts a column to a grid column. A column without a type is text. */
export function gridColumn({ name = '', columnType = 'STRING' }: M.ColumnModel): GridColumn {
  return { name, columnType };
}

/** @throws 400 for more rows than a grid can have */
export function checkedSize<Row>(rows: readonly Row[]): readonly Row[] {
  if (rows.length > maxGridRows) {
    throw badRequest(`A grid cannot have more than ${maxGridRows} rows.`);
  }
  return rows;
}

function queriedRow(
  { rowId, versionNumber, etag, values = [] }: M.Row,
  columns: readonly GridColumn[],
): GridRow {
  const cells = columns.map((column, index) => readGridCell(values[index] ?? null, column));
  return rowId === undefined
    ? { cells }
    : {
        cells,
        source: {
          rowId,
          ...(versionNumber !== undefined && { versionNumber }),
          ...(etag !== undefined && { etag }),
        },
      };
}
