import type * as M from '../../../generated/models.js';
import { findEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import { checkLabelIsFree } from '../entities/versionLabels.js';
import type { JobContext } from '../jobs/jobRunner.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { StoredColumn } from './columnModels.js';
import { convertColumn } from './convertColumn.js';
import { applyRedo, clearRedo, type Redo } from './redo.js';
import { partialRowSetChanges, rowSetChanges } from './rowSets.js';
import { tableKind } from './rowStorage.js';
import { RowWriter, type WriterOptions } from './rowWriter.js';
import { checkConversions, planSchema } from './schemaChange.js';
import type { TableDatabase } from './tableDatabase.js';
import { putSnapshot, putTable, type TableMeta } from './tableMeta.js';
import { alterTable, currentTable, schemaOf, setSearch, writableTable } from './tableState.js';
import type { Tables } from './tables.js';
import { CsvRowReader, openUpload, uploadedRows } from './tableUpload.js';

const model = 'org.sagebionetworks.repo.model.table';

/** Label and comment of a snapshot. */
export type SnapshotMark = M.SnapshotRequest;

/** The changes and the snapshot of a transaction. */
export interface TableWork {
  readonly changes: readonly M.TableUpdateRequest[];
  readonly snapshot?: SnapshotMark | undefined;
}

/**
 * Changes a table, all or nothing, and then creates a snapshot if requested.
 *
 * @throws 400, 403, 404 or 412 when a change is not possible; nothing is changed then
 */
export async function runTableTransaction(
  tables: Tables,
  record: EntityRecord,
  work: TableWork,
  context: JobContext,
): Promise<M.TableUpdateTransactionResponse> {
  tables.requireSpace();
  return tables.exclusive(async (db) => {
    const current = currentTable(tables.world, db, record);
    db.begin();
    try {
      const transaction = new TableTransaction(tables, db, record, context, current.meta);
      const results: M.TableUpdateResponse[] = [];
      for (const change of work.changes) {
        results.push(await transaction.apply(change));
      }
      const snapshotVersionNumber =
        work.snapshot === undefined ? undefined : transaction.snapshot(work.snapshot);
      transaction.commit();
      return {
        concreteType: `${model}.TableUpdateTransactionResponse`,
        results,
        ...(snapshotVersionNumber !== undefined && { snapshotVersionNumber }),
      };
    } catch (error) {
      db.rollback();
      throw error;
    }
  });
}

class TableTransaction {
  readonly #tables: Tables;
  readonly #db: TableDatabase;
  readonly #record: EntityRecord;
  readonly #context: JobContext;
  #meta: TableMeta;
  #redo: Redo;

  constructor(
    tables: Tables,
    db: TableDatabase,
    record: EntityRecord,
    context: JobContext,
    meta: TableMeta,
  ) {
    const { world } = tables;
    this.#tables = tables;
    this.#db = db;
    this.#record = record;
    this.#context = context;
    this.#meta = meta;
    this.#redo = {
      entityId: record.id,
      userId: context.caller.userId,
      etag: world.uuid(),
      modifiedOn: world.timestamp(),
    };
  }

  async apply(change: M.TableUpdateRequest): Promise<M.TableUpdateResponse> {
    switch (change.concreteType) {
      case 'org.sagebionetworks.repo.model.table.TableSchemaChangeRequest':
        return this.#changeSchema(change);
      case 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest':
        return this.#append(change);
      case 'org.sagebionetworks.repo.model.table.UploadToTableRequest':
        return this.#upload(change);
      case 'org.sagebionetworks.repo.model.table.TableSearchChangeRequest':
        return this.#changeSearch(change);
    }
  }

  /** Makes the current rows a snapshot. The next change copies them. */
  snapshot(mark: SnapshotMark): number {
    const { world } = this.#tables;
    const version = this.#currentRecord().currentVersion;
    const { snapshotLabel, snapshotComment, snapshotActivityId } = mark;
    const label = snapshotLabel ?? String(version);
    checkLabelIsFree(world, this.#record.id, { number: version, label });
    const { tableId, storage, columns, etag, changedOn, search } = this.#meta;
    putSnapshot(this.#db, {
      tableId,
      version,
      storage,
      columns,
      etag,
      changedOn,
      search,
      ...tableKind,
    });
    this.#redo = {
      ...this.#redo,
      snapshot: {
        version,
        ...(snapshotLabel !== undefined && { label: snapshotLabel }),
        ...(snapshotComment !== undefined && { comment: snapshotComment }),
        ...(snapshotActivityId !== undefined && { activityId: snapshotActivityId }),
      },
    };
    return version;
  }

  /** Commits the changes of the rows and the entity. */
  commit(): void {
    const { world } = this.#tables;
    this.#currentRecord();
    this.#tables.requireSpace();
    putTable(this.#db, { ...this.#meta, redo: JSON.stringify(this.#redo) });
    world.store.transaction(() => {
      applyRedo(world, this.#redo, this.#context.caller);
      // The entity is changed last, so that its errors also roll back the rows.
      this.#db.commit();
    });
    clearRedo(this.#db, this.#meta.tableId);
  }

  /** The current entity, which may have been changed or deleted while rows were read. */
  #currentRecord(): EntityRecord {
    const record = findEntityRecord(this.#tables.world, this.#record.id);
    if (record === undefined) {
      throw notFound(`Resource: '${this.#record.id}' does not exist`);
    }
    return record;
  }

  #schema(): StoredColumn[] {
    return schemaOf(this.#tables.world, this.#meta.columns);
  }

  #changeSchema(request: M.TableSchemaChangeRequest): M.TableSchemaChangeResponse {
    const { world } = this.#tables;
    const before = this.#meta.columns;
    const { schema, replacements } = planSchema(world, this.#record.id, before, request);
    checkConversions(world, this.#record.type, replacements);
    const ids = schema.map(({ id }) => id);
    if (ids.join() !== before.join()) {
      this.#meta = alterTable(
        world,
        this.#db,
        this.#meta,
        replacements,
        schema,
        (storage, from, to) => convertColumn(this.#db, storage, from, to),
      );
      this.#redo = { ...this.#redo, columnIds: ids };
    }
    return { concreteType: `${model}.TableSchemaChangeResponse`, schema: [...schema] };
  }

  #changeSearch(request: M.TableSearchChangeRequest): M.TableSearchChangeResponse {
    const { searchEnabled } = request;
    if (searchEnabled === undefined) {
      throw badRequest('The searchEnabled value is required.');
    }
    if (searchEnabled !== this.#meta.search) {
      this.#meta = setSearch(this.#tables.world, this.#db, this.#meta, searchEnabled);
      this.#redo = { ...this.#redo, isSearchEnabled: searchEnabled };
    }
    return { concreteType: `${model}.TableSearchChangeResponse`, searchEnabled };
  }

  #writer(options: Pick<WriterOptions, 'etag' | 'keepReferences' | 'overwrite'>): RowWriter {
    const schema = this.#schema();
    this.#meta = writableTable(this.#db, this.#meta, schema);
    return new RowWriter({
      world: this.#tables.world,
      db: this.#db,
      caller: this.#context.caller,
      meta: this.#meta,
      schema,
      ...options,
    });
  }

  #append({ toAppend }: M.AppendableRowSetRequest): M.RowReferenceSetResults {
    if (toAppend === undefined) {
      throw badRequest('AppendableRowSetRequest.toAppend is required.');
    }
    if (toAppend.tableId === undefined) {
      throw badRequest('TableId is required.');
    }
    const schema = this.#schema();
    const isPartial =
      toAppend.concreteType === 'org.sagebionetworks.repo.model.table.PartialRowSet';
    const rows = isPartial
      ? partialRowSetChanges(toAppend, schema)
      : rowSetChanges(toAppend, schema);
    const writer = this.#writer({
      keepReferences: true,
      // Partial rows overwrite concurrent changes.
      overwrite: isPartial,
      ...(!isPartial && { etag: toAppend.etag }),
    });
    for (const row of rows) {
      writer.add(row);
    }
    writer.flush();
    this.#meta = writer.meta;
    const rowReferenceSet: M.RowReferenceSet = {
      tableId: this.#record.id,
      etag: this.#meta.etag,
      headers: schema.map(({ id, name, columnType }) => ({ id, name, columnType })),
      rows: [...writer.written],
    };
    return {
      concreteType: `${model}.RowReferenceSetResults`,
      // Without rows there is no change to refer to.
      rowReferenceSet: writer.count === 0 ? {} : rowReferenceSet,
    };
  }

  async #upload(request: M.UploadToTableRequest): Promise<M.UploadToTableResult> {
    const { world } = this.#tables;
    const { caller, signal, progress } = this.#context;
    const upload = openUpload(world, caller, request);
    if ((request.columnIds?.length ?? 0) > 0) {
      throw badRequest('Unsupported columnIds');
    }
    const writer = this.#writer({ etag: request.updateEtag });
    const reader = new CsvRowReader(this.#schema(), upload);
    for await (const rows of uploadedRows(world, upload, signal)) {
      for (const row of rows) {
        const change = reader.read(row);
        if (change !== undefined) {
          writer.add(change);
        }
      }
      progress(writer.count, writer.count, `Processed ${writer.count} rows`);
    }
    reader.end();
    writer.flush();
    this.#meta = writer.meta;
    // Without rows there is no change, so the etag is the one that was sent.
    const etag = writer.count === 0 ? request.updateEtag : this.#meta.etag;
    return {
      concreteType: `${model}.UploadToTableResult`,
      rowsProcessed: writer.count,
      ...(etag !== undefined && { etag }),
    };
  }
}
