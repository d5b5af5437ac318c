import type * as M from '../../generated/models.js';
import type { StoredColumn } from '../../src/columns/columnModel.js';
import { Project, type Synapse } from '../../src/index.js';

const model = 'org.sagebionetworks.repo.model.table';

/** A table, with its columns in their order. */
export interface RawTable {
  id: string;
  columns: StoredColumn[];
}

let count = 0;

/** A project of its own for each test. */
export async function createProject(syn: Synapse): Promise<string> {
  count += 1;
  const { id } = await syn.store(new Project({ name: `Tables ${count} ${crypto.randomUUID()}` }));
  return id;
}

/** Creates columns; they are returned in the given order. */
export async function createColumns(
  syn: Synapse,
  models: readonly M.ColumnModel[],
): Promise<StoredColumn[]> {
  if (models.length === 0) return [];
  const { list = [] } = await syn.services.table.createColumnBatch({ body: { list: [...models] } });
  return list as StoredColumn[];
}

/** Creates a table by the calls of the API alone. */
export async function createTable(
  syn: Synapse,
  parentId: string,
  models: readonly M.ColumnModel[],
  name = `table ${(count += 1)}`,
): Promise<RawTable> {
  const columns = await createColumns(syn, models);
  const { id = '' } = await syn.services.entity.createEntity({
    body: {
      concreteType: `${model}.TableEntity`,
      name,
      parentId,
      columnIds: columns.map((column) => column.id),
    },
  });
  return { id, columns };
}

/** A job of the API that does not wait long before the first look, so that tests are fast. */
export const pauses = { first: 1, factor: 2, longest: 100 };

/** Sends changes to a table as one transaction. */
export function transact(
  syn: Synapse,
  id: string,
  changes: M.TableUpdateTransactionRequest['changes'],
): Promise<M.TableUpdateTransactionResponse> {
  return syn.runJob(
    { concreteType: `${model}.TableUpdateTransactionRequest`, entityId: id, changes },
    { id },
    { pauses },
  );
}

/** A change that writes whole rows: new ones without `rowId`, deletions without `values`. */
export function rowSet(
  { id, columns }: RawTable,
  rows: readonly M.Row[],
): M.AppendableRowSetRequest {
  return {
    concreteType: `${model}.AppendableRowSetRequest`,
    entityId: id,
    toAppend: {
      concreteType: `${model}.RowSet`,
      tableId: id,
      headers: columns.map((column) => ({
        id: column.id,
        name: column.name,
        columnType: column.columnType,
      })),
      rows: [...rows],
    },
  };
}
