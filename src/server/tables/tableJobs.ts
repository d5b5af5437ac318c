import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseIdAndVersion } from '../entities/entityIds.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { JobContext } from '../jobs/jobRunner.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { previewUpload } from './csvUploadPreview.js';
import { downloadCsv } from './query/csvDownload.js';
import { readPageToken } from './query/pageTokens.js';
import { queryBundle, queryPage } from './query/queryBundle.js';
import { resultKey } from './query/resultKey.js';
import type { Tables } from './tables.js';
import { requireTableType } from './tableAccess.js';
import { runTableTransaction, type TableWork } from './tableTransaction.js';
import { runViewTransaction } from './views/viewTransaction.js';

const model = 'org.sagebionetworks.repo.model.table';

/** Registers the asynchronous jobs of tables. */
export function defineTableJobs(tables: Tables): void {
  const { jobs } = tables.world;
  jobs.define(`${model}.TableUpdateTransactionRequest`, (request, context) =>
    runTransaction(tables, request, context),
  );
  jobs.define(`${model}.UploadToTableRequest`, async (request, context) => {
    const { results } = await runTransaction(tables, wrapped(request), context);
    return first(results, `${model}.UploadToTableResult`);
  });
  jobs.define(
    `${model}.QueryBundleRequest`,
    (request, { caller }) => queryBundle(tables, caller, request.query ?? {}, request.partMask),
    {
      readOnly: true,
      resultKey: (request) => resultKey(tables, request, request.query?.sql),
    },
  );
  jobs.define(
    `${model}.QueryNextPageToken`,
    (request, { caller }) => queryPage(tables, caller, readPageToken(request.token)),
    {
      readOnly: true,
      resultKey: (request) => resultKey(tables, request, readPageToken(request.token).sql),
    },
  );
  jobs.define(
    `${model}.DownloadFromTableRequest`,
    (request, { caller, signal }) => downloadCsv(tables, caller, request, signal),
    { resultKey: (request) => resultKey(tables, request, request.sql) },
  );
  jobs.define(
    `${model}.UploadToTablePreviewRequest`,
    (request, context) => previewUpload(tables.world, request, context),
    { readOnly: true },
  );
}

/** Wraps a single change of older clients in a transaction. */
function wrapped(change: M.UploadToTableRequest): M.TableUpdateTransactionRequest {
  const entityId = change.entityId ?? change.tableId;
  return {
    concreteType: `${model}.TableUpdateTransactionRequest`,
    ...(entityId !== undefined && { entityId }),
    changes: [change],
  };
}

function first<K extends M.TableUpdateResponse['concreteType']>(
  results: readonly M.TableUpdateResponse[] | undefined,
  concreteType: K,
): Extract<M.TableUpdateResponse, { concreteType: K }> {
  const result = results?.[0];
  if (result?.concreteType !== concreteType) {
    throw badRequest('Views are changed with TableUpdateTransactionRequest.');
  }
  return result as Extract<M.TableUpdateResponse, { concreteType: K }>;
}

/**
 * Changes a table or view.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
 */
export function runTransaction(
  tables: Tables,
  request: M.TableUpdateTransactionRequest,
  context: JobContext,
): Promise<M.TableUpdateTransactionResponse> {
  requireTableType(getEntityRecord(tables.world, currentId(request.entityId)));
  checkTransaction(request);
  const record = requireWritable(tables, context.caller, request.entityId);
  const changes = request.changes ?? [];
  const wantsSnapshot = request.createSnapshot === true;
  const work: TableWork = {
    changes,
    ...(wantsSnapshot && { snapshot: request.snapshotOptions ?? {} }),
  };
  return record.type === 'table'
    ? runTableTransaction(tables, record, work, context)
    : runViewTransaction(tables, record, work, context);
}

/** @throws 400 for a request that says nothing to do, or contradicts itself */
function checkTransaction(request: M.TableUpdateTransactionRequest): void {
  const { entityId, changes = [], createSnapshot, snapshotOptions } = request;
  if (createSnapshot === undefined && snapshotOptions !== undefined) {
    throw badRequest('Included SnapshotOptions but the createSnapshot boolean is null');
  }
  if (changes.length === 0 && createSnapshot !== true) {
    throw badRequest('Must include be at least one change or create a snapshot.');
  }
  if (changes.some((change) => (change.entityId ?? entityId) !== entityId)) {
    throw badRequest(
      'EntityId of TableUpdateRequest does not match the requested transaction entityId',
    );
  }
}

/** The id of the table that a request names. @throws 400 for none, and for a snapshot */
function currentId(entityId: string | undefined): string {
  if (entityId === undefined) {
    throw badRequest('entityId is required.');
  }
  const { id, version } = parseIdAndVersion(entityId);
  if (version !== undefined) {
    throw badRequest('A snapshot is immutable and cannot be updated.');
  }
  return id;
}

/** The table that a request names. @throws 400 for a snapshot, 403 without UPDATE, 404 */
export function requireWritable(
  tables: Tables,
  caller: Caller,
  entityId: string | undefined,
): EntityRecord {
  const record = requireAccess(tables.world, caller, currentId(entityId), 'UPDATE');
  requireTableType(record);
  return record;
}
