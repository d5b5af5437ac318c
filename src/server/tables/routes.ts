import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityReference } from '../entities/entityIds.js';
import { getVersionRecord } from '../entities/entityRecords.js';
import type { JobContext } from '../jobs/jobRunner.js';
import type { Caller } from '../kernel/caller.js';
import { itemsOf, pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { cellFile, cellPreview, tableFileHandles } from './cellFiles.js';
import { columnsWithPrefix, createColumns, getColumn } from './columnModels.js';
import { requireWritable } from './tableJobs.js';
import { tablesOf, type Tables } from './tables.js';
import { requireTableType } from './tableAccess.js';
import { currentSchema } from './views/definingSql.js';
import { viewRoutes } from './views/routes.js';
import { runTableTransaction } from './tableTransaction.js';

/** Serves columns and tables. */
export function tableRoutes(router: Router, world: World): void {
  const tables = tablesOf(world);
  columnRoutes(router, world);
  rowRoutes(router, tables);
  viewRoutes(router, tables);
}

function columnRoutes(router: Router, world: World): void {
  router.post('/repo/v1/column', ({ caller, body }) => {
    const [column] = createColumns(world, caller, [body]);
    return column ?? {};
  });
  router.post('/repo/v1/column/batch', ({ caller, body }) => ({
    list: createColumns(world, caller, itemsOf(body)),
  }));
  router.get('/repo/v1/column/{columnId}', ({ path }) => getColumn(world, path.columnId));
  router.get('/repo/v1/column', ({ query }) => {
    const { offset, limit } = pageWindow(query, pageLimits.columns);
    const all = columnsWithPrefix(world, query.prefix ?? '');
    return { results: all.slice(offset, offset + limit), totalNumberOfResults: all.length };
  });
  router.get('/repo/v1/entity/{id}/column', ({ caller, path }) => {
    const { id, version } = parseEntityReference(path.id);
    const record = requireAccess(world, caller, id, 'READ');
    requireTableType(record);
    const { fields } = getVersionRecord(world, record, version);
    return { results: currentSchema(world, record, fields) };
  });
}

/** The context for running a job handler in a synchronous endpoint. */
function callContext(caller: Caller, signal: AbortSignal): JobContext {
  return { caller, signal, path: {}, progress: () => undefined };
}

function rowRoutes(router: Router, tables: Tables): void {
  const { world } = tables;
  router.post('/repo/v1/entity/{id}/table/snapshot', async ({ caller, path, body, signal }) => {
    const record = requireWritable(tables, caller, path.id);
    if (record.type !== 'table') {
      throw badRequest(
        'EntityView snapshots can only be created via an asynchronous table transaction job.',
      );
    }
    const { snapshotVersionNumber } = await runTableTransaction(
      tables,
      record,
      { changes: [], snapshot: body },
      callContext(caller, signal),
    );
    return { snapshotVersionNumber: snapshotVersionNumber ?? 0 };
  });
  router.extra(
    'POST',
    '/repo/v1/entity/{id}/table/deleteRows',
    async ({ caller, path, body, signal }) => {
      const record = requireWritable(tables, caller, path['id']);
      const { rowIds, etag } = body as M.RowSelection;
      const toAppend: M.RowSet = {
        concreteType: 'org.sagebionetworks.repo.model.table.RowSet',
        tableId: record.id,
        ...(etag !== undefined && { etag }),
        headers: [],
        rows: (rowIds ?? []).map((rowId) => ({ rowId })),
      };
      const { results } = await runTableTransaction(
        tables,
        record,
        {
          changes: [
            {
              concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
              toAppend,
            },
          ],
        },
        callContext(caller, signal),
      );
      const [result] = results ?? [];
      return result !== undefined && 'rowReferenceSet' in result ? result.rowReferenceSet : {};
    },
    { body: 'RowSelection', status: 201 },
  );
  router.post('/repo/v1/entity/{id}/table/filehandles', ({ caller, path, body }) =>
    tables.exclusive(() => tableFileHandles(tables, caller, path.id, body)),
  );
  const cell = '/repo/v1/entity/{id}/table/column/{columnId}/row/{rowId}/version/{versionNumber}';
  router.get(`${cell}/file`, ({ caller, path }) => {
    const { id, columnId, rowId, versionNumber } = path;
    const address = { entityId: id, columnId, rowId, versionNumber };
    return tables.exclusive(() => world.files.url(cellFile(tables, caller, address)));
  });
  router.get(`${cell}/filepreview`, ({ caller, path }) => {
    const { id, columnId, rowId, versionNumber } = path;
    const address = { entityId: id, columnId, rowId, versionNumber };
    return tables.exclusive(async () =>
      world.files.url(await cellPreview(tables, caller, address)),
    );
  });
}
