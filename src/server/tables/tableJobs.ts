import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityReference } from '../entities/entityIds.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { JobContext } from '../jobs/jobRunner.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { previewUpload } from './csvUploadPreview.js';
import { downloadCsv } from './query/csvDownload.js';
import { readPageToken } from './query/pageTokens.js';
import { queryBundle, queryPage } from './query/queryBundle.js';
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
    { readOnly: true },
  );
  jobs.define(
    `${model}.QueryNextPageToken`,
    (request, { caller }) => queryPage(tables, caller, readPageToken(request.token)),
    { readOnly: true },
  );
  jobs.define(`${model}.DownloadFromTableRequest`, (request, { caller, signal }) =>
    downloadCsv(tables, caller, request, signal),
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
  const changes = request.changes ?? [];
  const wantsSnapshot = request.createSnapshot === true;
  checkTransaction(tables, request);
  const record = requireWritable(tables, context.caller, request.entityId);
  const work: TableWork = {
    changes,
    ...(wantsSnapshot && { snapshot: request.snapshotOptions ?? {} }),
  };
  return record.type === 'table'
    ? runTableTransaction(tables, record, work, context)
    : runViewTransaction(tables, record, work, context);
}

/** @throws 404, 400 for a transaction without a table or changes, and for changes of another table */
function checkTransaction(
  { world }: Tables,
  { entityId, changes = [], createSnapshot, snapshotOptions }: M.TableUpdateTransactionRequest,
): void {
  if (entityId === undefined) {
    throw badRequest('request.entityId is required.');
  }
  requireTableType(getEntityRecord(world, parseEntityReference(entityId).id));
  checkIsCurrent(entityId);
  if (createSnapshot === undefined && snapshotOptions !== undefined) {
    throw badRequest('Included SnapshotOptions but the createSnapshot boolean is null');
  }
  if (changes.length === 0 && createSnapshot !== true) {
    throw badRequest('Must include be at least one change or create a snapshot.');
  }
  const isOther = (change: M.TableUpdateRequest): boolean =>
    (change.entityId ?? entityId) !== entityId;
  if (changes.some(isOther)) {
    throw badRequest(
      'EntityId of TableUpdateRequest does not match the requested transaction entityId',
    );
  }
}

/** @throws 400 for a snapshot */
function checkIsCurrent(entityId: string): void {
  if (parseEntityReference(entityId).version !== undefined) {
    throw badRequest('A snapshot is immutable and cannot be updated.');
  }
}

/** The table that a request names. @throws 400 for a snapshot, 403 without UPDATE, 404 */
export function requireWritable(
  tables: Tables,
  caller: Caller,
  entityId: string | undefined,
): EntityRecord {
  if (entityId === undefined) {
    throw badRequest('entityId is required.');
  }
  checkIsCurrent(entityId);
  const { id } = parseEntityReference(entityId);
  const record = requireAccess(tables.world, caller, id, 'UPDATE');
  requireTableType(record);
  return record;
}
