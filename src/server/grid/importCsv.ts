import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest } from '../kernel/serviceError.js';
import { CellError, cellErrorMessage } from '../tables/columnValues.js';
import type { CsvRow } from '../tables/csv/csvParser.js';
import type { World } from '../world.js';
import {
  jsonOfCell,
  readGridCell,
  widerType,
  type GridCell,
  type GridColumn,
} from './gridCells.js';
import { readCsv } from './gridFiles.js';
import { putGrid, requireGrid, type GridContent, type GridRecord } from './gridRecords.js';
import { checkedSize, gridColumn, sourceRecordSet } from './gridSources.js';

/**
 * Imports the rows of a CSV file into the grid of a record set. A row updates the grid rows with
 * the same upsert key; other rows are added. Columns that the grid does not have are ignored.
 *
 * @throws 404, 403, 400
 * @see https://rest-docs.synapse.org/rest/POST/grid/import/csv/async/start.html
 */
export async function importCsv(
  world: World,
  caller: Caller,
  request: M.GridCsvImportRequest,
): Promise<M.GridCsvImportResponse> {
  const keys = ['sessionId', 'fileHandleId', 'csvDescriptor', 'schema'] as const;
  requireFields(request, keys, (key) => `request.${key}`);
  const { sessionId, fileHandleId, csvDescriptor, schema } = request;
  upsertKeyOf(world, requireGrid(world, caller, sessionId));
  const handle = world.files.getOwn(caller, fileHandleId);
  const lines = await readCsv(world, handle, csvDescriptor);
  const hasHeader = csvDescriptor.isFirstLineHeader === true;
  const columns = (hasHeader ? sortedSchema(lines[0], schema) : schema).map(gridColumn);
  const body = hasHeader ? lines.slice(1) : lines;
  if (body.length === 0) {
    throw badRequest('The CSV file cannot be empty.');
  }
  return world.store.transaction(() => {
    const grid = requireGrid(world, caller, sessionId);
    const mapped = mappedColumns(columns, grid.columns, upsertKeyOf(world, grid));
    const rows = body.map((line, index) => readLine(line, mapped, index));
    const merged = mergeRows(grid, rows, mapped);
    checkedSize(merged.rows);
    putGrid(world, { ...grid, columns: merged.columns, rows: merged.rows });
    return {
      concreteType: 'org.sagebionetworks.repo.model.grid.GridCsvImportResponse',
      sessionId: grid.session.sessionId,
      totalCount: merged.created + merged.updated,
      createdCount: merged.created,
      updatedCount: merged.updated,
    };
  });
}

/** @throws 400 when the grid does not come from a record set */
function upsertKeyOf(world: World, grid: GridRecord): readonly string[] {
  return sourceRecordSet(world, grid).version.fields.upsertKey ?? [];
}

/** The schema in the order of the header. */
function sortedSchema(
  header: CsvRow | undefined,
  schema: readonly M.ColumnModel[],
): M.ColumnModel[] {
  if (header === undefined) {
    throw badRequest('The CSV file cannot be empty.');
  }
  if (header.length !== schema.length) {
    throw badRequest('The CSV header does not match the schema size.');
  }
  return header.map((name) => {
    const column = schema.find((known) => known.name === name);
    if (column === undefined) {
      throw badRequest(`The CSV header column "${name ?? ''}" does not exist in the schema.`);
    }
    return column;
  });
}

/** A column of the file that is also in the grid. */
interface MappedColumn extends GridColumn {
  readonly csvIndex: number;
  readonly gridIndex: number;
  readonly isKey: boolean;
}

function mappedColumns(
  csv: readonly GridColumn[],
  grid: readonly GridColumn[],
  upsertKey: readonly string[],
): MappedColumn[] {
  const placeOf = (columns: readonly GridColumn[], name: string) =>
    columns.findIndex((column) => column.name === name);
  for (const name of upsertKey) {
    for (const [columns, title] of [
      [csv, 'CSV'],
      [grid, 'grid'],
    ] as const) {
      if (placeOf(columns, name) < 0) {
        throw badRequest(`The upsert key column "${name}" does not exist in the ${title} schema.`);
      }
    }
  }
  return csv
    .map((column, csvIndex) => ({
      ...column,
      csvIndex,
      gridIndex: placeOf(grid, column.name),
      isKey: upsertKey.includes(column.name),
    }))
    .filter(({ gridIndex }) => gridIndex >= 0);
}

/** The cells of a line in the order of the mapped columns. */
function readLine(line: CsvRow, mapped: readonly MappedColumn[], row: number): GridCell[] {
  return mapped.map((column) => {
    try {
      return readGridCell(line[column.csvIndex] ?? null, column);
    } catch (error) {
      throw error instanceof CellError
        ? badRequest(cellErrorMessage(error, row, column.csvIndex, column))
        : error;
    }
  });
}

interface Merged extends GridContent {
  readonly created: number;
  readonly updated: number;
}

function mergeRows(
  grid: GridContent,
  added: readonly (readonly GridCell[])[],
  mapped: readonly MappedColumn[],
): Merged {
  const keys = mapped.filter(({ isKey }) => isKey);
  const places = new Map<string, number[]>();
  grid.rows.forEach(({ cells }, place) => {
    const key = keyText(keys.map(({ gridIndex }) => [cells[gridIndex], grid.columns[gridIndex]]));
    const known = places.get(key);
    if (known === undefined) {
      places.set(key, [place]);
    } else {
      known.push(place);
    }
  });
  const rows = [...grid.rows];
  let updated = 0;
  let created = 0;
  for (const line of added) {
    const key = keyText(keys.map((column) => [line[mapped.indexOf(column)], column]));
    const known = keys.length === 0 ? [] : (places.get(key) ?? []);
    for (const place of known) {
      const row = rows[place];
      rows[place] = { ...row, cells: withCells(row?.cells ?? [], line, mapped) };
    }
    if (known.length === 0) {
      rows.push({
        cells: withCells(
          grid.columns.map(() => null),
          line,
          mapped,
        ),
      });
      created += 1;
    }
    updated += known.length;
  }
  return { columns: widened(grid.columns, mapped), rows, created, updated };
}

/** Integers and doubles of the same value are the same key. */
function keyText(
  cells: readonly (readonly [GridCell | undefined, GridColumn | undefined])[],
): string {
  return JSON.stringify(
    cells.map(([cell, column]) => (column ? jsonOfCell(cell ?? null, column) : null)),
  );
}

function withCells(
  cells: readonly GridCell[],
  line: readonly GridCell[],
  mapped: readonly MappedColumn[],
): GridCell[] {
  const changed = [...cells];
  mapped.forEach(({ gridIndex }, index) => {
    changed[gridIndex] = line[index] ?? null;
  });
  return changed;
}

function widened(columns: readonly GridColumn[], mapped: readonly MappedColumn[]): GridColumn[] {
  return columns.map((column, place) => {
    const added = mapped.find(({ gridIndex }) => gridIndex === place)?.columnType;
    return added === undefined
      ? column
      : { ...column, columnType: widerType(column.columnType, added) };
  });
}
