import type * as M from '../../../../generated/models.js';
import { numericId } from '../../entities/entityIds.js';
import {
  getEntityRecord,
  getVersionRecord,
  type EntityRecord,
} from '../../entities/entityRecords.js';
import { snapshotEntity } from '../../entities/entityVersions.js';
import type { JobContext } from '../../jobs/jobRunner.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { StoredColumn } from '../columnModels.js';
import { applyRedo } from '../redo.js';
import { buildSearch, copyStorage } from '../rowStorage.js';
import { checkConversions, planSchema } from '../schemaChange.js';
import { findSnapshot, putSnapshot } from '../tableMeta.js';
import { dropSnapshot, type Tables } from '../tables.js';
import { schemaOf } from '../tableState.js';
import type { SnapshotMark, TableWork } from '../tableTransaction.js';
import type { ViewKind } from './viewKind.js';
import { viewKindOf } from './viewKinds.js';
import { rowsOf, updateRows, uploadedViewRows } from './viewRows.js';
import { viewStorage } from './viewStates.js';

const model = 'org.sagebionetworks.repo.model.table';

/**
 * Changes the columns of a view or annotations of its objects. Unlike changes of a table, each
 * change is independent.
 *
 * @throws 400 for a change that views do not support
 */
export async function runViewTransaction(
  tables: Tables,
  record: EntityRecord,
  { changes, snapshot }: TableWork,
  context: JobContext,
): Promise<M.TableUpdateTransactionResponse> {
  const kind = viewKindOf(record.type);
  if (kind === undefined) {
    throw badRequest(`Unsupported type: ${record.type}`);
  }
  if (snapshot !== undefined && changes.length > 0) {
    throw badRequest('When creating a view snapshot no changes can be included in the request.');
  }
  tables.requireSpace();
  const results: M.TableUpdateResponse[] = [];
  for (const change of changes) {
    results.push(await applyChange({ tables, kind, id: record.id, context }, change));
  }
  const snapshotVersionNumber =
    snapshot && (await snapshotView({ tables, kind, id: record.id, context }, snapshot));
  return {
    concreteType: `${model}.TableUpdateTransactionResponse`,
    results,
    ...(snapshotVersionNumber !== undefined && { snapshotVersionNumber }),
  };
}

/** The view to change. */
interface ViewTarget {
  readonly tables: Tables;
  readonly kind: ViewKind;
  readonly id: string;
  readonly context: JobContext;
}

async function applyChange(
  target: ViewTarget,
  change: M.TableUpdateRequest,
): Promise<M.TableUpdateResponse> {
  const { kind, context, tables } = target;
  const { world } = tables;
  switch (change.concreteType) {
    case 'org.sagebionetworks.repo.model.table.TableSchemaChangeRequest':
      return changeSchema(target, change);
    case 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest': {
      const schema = viewSchema(target);
      const rows = rowsOf(target.id, change.toAppend, schema);
      return updateRows(world, kind, schema, rows, context);
    }
    case 'org.sagebionetworks.repo.model.table.UploadToTableRequest': {
      const schema = viewSchema(target);
      const rows = uploadedViewRows(world, change, schema, context);
      return updateRows(world, kind, schema, rows, context);
    }
    case 'org.sagebionetworks.repo.model.table.TableSearchChangeRequest':
      // The search of a view is changed with its entity.
      throw badRequest(`Unsupported TableUpdateRequest: ${change.concreteType}`);
  }
}

function viewSchema({ tables: { world }, id }: ViewTarget): StoredColumn[] {
  const { fields } = getVersionRecord(world, getEntityRecord(world, id));
  return schemaOf(world, fields.columnIds ?? []);
}

/** Changes fields of the view entity. */
function touch(
  { tables: { world }, id, context }: ViewTarget,
  fields: { readonly columnIds: readonly string[] },
): void {
  const { caller } = context;
  const stamp = { userId: caller.userId, etag: world.uuid(), modifiedOn: world.timestamp() };
  world.store.transaction(() => applyRedo(world, { entityId: id, ...stamp, ...fields }, caller));
}

function changeSchema(
  target: ViewTarget,
  request: M.TableSchemaChangeRequest,
): M.TableSchemaChangeResponse {
  const { tables, id } = target;
  const before = viewSchema(target).map((column) => column.id);
  const { schema, replacements } = planSchema(tables.world, id, before, request);
  checkConversions(tables.world, getEntityRecord(tables.world, id).type, replacements);
  const columnIds = schema.map((column) => column.id);
  if (columnIds.join() !== before.join()) {
    touch(target, { columnIds });
  }
  return { concreteType: `${model}.TableSchemaChangeResponse`, schema: [...schema] };
}

/** Creates a snapshot of the current rows of a view. */
function snapshotView(
  { tables, kind, id, context }: ViewTarget,
  { snapshotLabel, snapshotComment, snapshotActivityId }: SnapshotMark,
): Promise<number> {
  const { world } = tables;
  return tables.exclusive((db) => {
    const record = getEntityRecord(world, id);
    const { fields } = getVersionRecord(world, record);
    const reason = kind.emptyReason(fields);
    if (reason !== undefined) {
      throw badRequest(reason);
    }
    const schema = schemaOf(world, fields.columnIds ?? []);
    const state = tables.views.current({ db, kind, record, fields, schema });
    const [tableId, version] = [numericId(id), record.currentVersion];
    const search = fields.isSearchEnabled ?? false;
    db.begin();
    try {
      if (findSnapshot(db, tableId, version) !== undefined) {
        // A killed server may have written the rows without the version.
        dropSnapshot(db, tableId, version);
      }
      const storage = copyStorage(db, state.storage, schema, { ...viewStorage, derived: false });
      if (search) {
        buildSearch(db, storage, schema, viewStorage);
      }
      const { etag, changedOn } = state;
      const columns = schema.map((column) => column.id);
      const { benefactors, hasEtags } = viewStorage;
      putSnapshot(db, {
        ...{ tableId, version, storage, columns, etag, changedOn, search },
        ...{ benefactors, hasEtags },
      });
      world.store.transaction(() => {
        snapshotEntity(world, context.caller, record, {
          label: snapshotLabel,
          comment: snapshotComment,
          activityId: snapshotActivityId,
        });
        // The entity is changed last, so that its errors also roll back the rows.
        db.commit();
      });
      return version;
    } catch (error) {
      db.rollback();
      throw error;
    }
  });
}
