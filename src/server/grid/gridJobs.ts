import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import { entityModel } from '../entities/entityModels.js';
import { getVersionRecord, type EntityRecord } from '../entities/entityRecords.js';
import { updateEntity } from '../entities/updateEntity.js';
import { boundSchema } from '../jsonSchema/boundSchemas.js';
import { compileSchema } from '../jsonSchema/validate.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { readPageToken } from '../tables/query/pageTokens.js';
import { queryPage } from '../tables/query/queryBundle.js';
import { tablesOf } from '../tables/tables.js';
import type { World } from '../world.js';
import { mergeRows, readCsv, storeCsv, type GridContent } from './gridFiles.js';
import { putGrid, requireGrid, type GridCells, type GridRecord } from './gridRecords.js';

const model = 'org.sagebionetworks.repo.model.grid';
const maxRows = 100_000;

interface Source extends GridContent {
  readonly entity?: EntityRecord;
}

/** Defines the asynchronous jobs on grids. */
export function defineGridJobs(world: World): void {
  const { jobs } = world;
  jobs.define(`${model}.CreateGridRequest`, async (request, { caller }) => ({
    concreteType: `${model}.CreateGridResponse`,
    gridSession: (await createGrid(world, caller, request)).session,
  }));
  jobs.define(`${model}.GridCsvImportRequest`, (request, { caller }) =>
    importCsv(world, caller, request),
  );
  jobs.define(`${model}.DownloadFromGridRequest`, async (request, { caller }) => {
    const grid = requireGrid(world, caller, request.sessionId);
    const { id } = await storeCsv(world, caller, grid, {
      fileName: request.fileName ?? `grid-${grid.session.sessionId}.csv`,
      descriptor: request.csvTableDescriptor,
      writeHeader: request.writeHeader ?? true,
    });
    return {
      concreteType: `${model}.DownloadFromGridResult`,
      sessionId: grid.session.sessionId,
      resultsFileHandleId: id,
    };
  });
  jobs.define(`${model}.GridRecordSetExportRequest`, (request, { caller }) =>
    exportRecordSet(world, caller, request.sessionId),
  );
  // A canned reply: the grid is taken to agree with its source already.
  jobs.define(`${model}.SynchronizeGridRequest`, (request, { caller }) => {
    const { session } = requireGrid(world, caller, request.gridSessionId);
    return {
      concreteType: `${model}.SynchronizeGridResponse`,
      gridSessionId: session.sessionId,
      errorMessages: [],
    };
  });
}

async function createGrid(
  world: World,
  caller: Caller,
  request: M.CreateGridRequest,
): Promise<GridRecord> {
  requireLogin(caller);
  const { initialQuery, recordSetId, ownerPrincipalId } = request;
  if (initialQuery !== undefined && recordSetId !== undefined) {
    throw badRequest('Either an initialQuery or a recordSetId can be given, not both.');
  }
  if (ownerPrincipalId !== undefined && !caller.groups.has(Number(ownerPrincipalId))) {
    throw forbidden('The owner of a grid must be the caller or a team of the caller.');
  }
  const source = await sourceOf(world, caller, request);
  const bound =
    source.entity &&
    boundSchema(world, {
      record: source.entity,
      version: getVersionRecord(world, source.entity),
    });
  const now = world.timestamp();
  const sessionId = world.uuid();
  return world.store.transaction(() =>
    putGrid(world, {
      session: {
        sessionId,
        startedBy: String(caller.userId),
        startedOn: now,
        etag: world.uuid(),
        modifiedOn: now,
        lastReplicaIdClient: 0,
        lastReplicaIdService: 0,
        ...(bound && { gridJsonSchema$Id: bound.binding.schemaId }),
        ...(source.entity && { sourceEntityId: source.entity.id }),
        ...(ownerPrincipalId !== undefined && { ownerPrincipalId }),
      },
      columns: source.columns,
      rows: source.rows,
      replicas: [],
    }),
  );
}

async function sourceOf(
  world: World,
  caller: Caller,
  { initialQuery, recordSetId }: M.CreateGridRequest,
): Promise<Source> {
  if (initialQuery !== undefined) {
    return queryRows(world, caller, initialQuery);
  }
  if (recordSetId === undefined) {
    return { columns: [], rows: [] };
  }
  const entity = requireAccess(world, caller, parseEntityId(recordSetId), 'READ');
  const { dataFileHandleId, csvDescriptor } = getVersionRecord(world, entity).fields;
  if (entity.type !== 'recordset' || dataFileHandleId === undefined) {
    throw badRequest(`${entity.id} is not a record set.`);
  }
  const handle = world.files.get(dataFileHandleId);
  const content = await readCsv(world, handle, {
    ...(csvDescriptor && { descriptor: csvDescriptor }),
  });
  return { ...content, entity };
}

async function queryRows(world: World, caller: Caller, query: M.Query): Promise<Source> {
  let columns: string[] = [];
  let entity: EntityRecord | undefined;
  const rows: GridCells[] = [];
  for (let next: M.Query | undefined = query; next !== undefined && rows.length < maxRows;) {
    const page: M.QueryResult = await queryPage(tablesOf(world), caller, next);
    const { headers = [], rows: found = [], tableId } = page.queryResults ?? {};
    columns = headers.map(({ name = '' }) => name);
    rows.push(...found.map(({ values = [] }) => values));
    entity ??=
      tableId === undefined
        ? undefined
        : requireAccess(world, caller, parseEntityId(tableId.split('.')[0] ?? ''), 'READ');
    next = page.nextPageToken && readPageToken(page.nextPageToken.token);
  }
  return { columns, rows, ...(entity && { entity }) };
}

async function importCsv(
  world: World,
  caller: Caller,
  { sessionId, fileHandleId, csvDescriptor, schema }: M.GridCsvImportRequest,
): Promise<M.GridCsvImportResponse> {
  requireGrid(world, caller, sessionId);
  if (fileHandleId === undefined) {
    throw badRequest('The fileHandleId is required.');
  }
  const handle = world.files.getOwn(caller, fileHandleId);
  const added = await readCsv(world, handle, {
    ...(csvDescriptor && { descriptor: csvDescriptor }),
    ...(schema && { columns: schema.map(({ name = '' }) => name) }),
  });
  return world.store.transaction(() => {
    const grid = requireGrid(world, caller, sessionId);
    const merged = mergeRows(grid, added, keyColumns(world, caller, grid));
    if (merged.rows.length > maxRows) {
      throw badRequest(`A grid cannot have more than ${maxRows} rows.`);
    }
    putGrid(world, { ...grid, columns: merged.columns, rows: merged.rows });
    return {
      concreteType: `${model}.GridCsvImportResponse`,
      sessionId: grid.session.sessionId,
      totalCount: merged.rows.length,
      createdCount: merged.created,
      updatedCount: merged.updated,
    };
  });
}

function keyColumns(world: World, caller: Caller, { session }: GridRecord): readonly string[] {
  if (session.sourceEntityId === undefined) {
    return [];
  }
  const entity = requireAccess(world, caller, session.sourceEntityId, 'READ');
  return getVersionRecord(world, entity).fields.upsertKey ?? [];
}

/** Writes a grid back as a new version of its record set. */
async function exportRecordSet(
  world: World,
  caller: Caller,
  sessionId: string | undefined,
): Promise<M.GridRecordSetExportResponse> {
  const grid = requireGrid(world, caller, sessionId);
  const { sourceEntityId } = grid.session;
  if (sourceEntityId === undefined) {
    throw badRequest('The grid was not made from a record set.');
  }
  const record = requireAccess(world, caller, sourceEntityId, 'UPDATE');
  const { fields } = getVersionRecord(world, record);
  if (record.type !== 'recordset') {
    throw badRequest(`${record.id} is not a record set.`);
  }
  const validated = validateRows(world, record, grid);
  const handle = await storeCsv(world, caller, grid, {
    fileName: `${record.name}.csv`,
    descriptor: fields.csvDescriptor,
  });
  const report = await storeCsv(world, caller, validated.report, { fileName: 'validation.csv' });
  return world.store.transaction(() => {
    const current = requireAccess(world, caller, record.id, 'UPDATE');
    const version = getVersionRecord(world, current);
    const changed = {
      ...entityModel(world, current, version),
      versionLabel: undefined,
      dataFileHandleId: handle.id,
      validationSummary: validated.summary,
      validationFileHandleId: report.id,
    };
    const updated = updateEntity(world, caller, changed, {
      newVersion: true,
    });
    return {
      concreteType: `${model}.GridRecordSetExportResponse`,
      sessionId: grid.session.sessionId,
      recordSetId: record.id,
      recordSetVersionNumber: updated.version.number,
      validationSummaryStatistics: validated.summary,
      validationFileHandleId: report.id,
    };
  });
}

/** Checks each row as an object of its cells; without a schema nothing is known. */
function validateRows(
  world: World,
  record: EntityRecord,
  { columns, rows }: GridRecord,
): { readonly summary: M.ValidationSummaryStatistics; readonly report: GridContent } {
  const bound = boundSchema(world, { record, version: getVersionRecord(world, record) });
  const validate = bound && compileSchema(world, bound.whole);
  const results = rows.map((row) => {
    const cells = columns.flatMap((name, index) => {
      const cell = row[index];
      return cell === null || cell === undefined ? [] : [[name, cellValue(cell)] as const];
    });
    return validate?.(Object.fromEntries(cells));
  });
  const count = (wanted: boolean | undefined) => results.filter((one) => one === wanted).length;
  return {
    summary: {
      containerId: record.id,
      totalNumberOfChildren: rows.length,
      numberOfValidChildren: count(true),
      numberOfInvalidChildren: count(false),
      numberOfUnknownChildren: count(undefined),
      generatedOn: world.timestamp(),
    },
    report: {
      columns: ['row_index', 'is_valid'],
      rows: results.map((isValid, index) => [
        String(index),
        isValid === undefined ? null : String(isValid),
      ]),
    },
  };
}

/** Cells that look like a number or a boolean are one. */
function cellValue(cell: string): unknown {
  if (/^(?:true|false)$/i.test(cell)) {
    return cell.toLowerCase() === 'true';
  }
  return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell;
}
