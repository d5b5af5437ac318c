import type * as M from '../../generated/models.js';
import type { Synapse } from '../../src/index.js';

const model = 'org.sagebionetworks.repo.model.table';

/** A table that a test has made. */
export interface MadeTable {
  id: string;
  columns: M.ColumnModel[];
}

/** Makes a table with rows, as texts, without the functions that are tested. */
export async function makeTable(
  syn: Synapse,
  parentId: string,
  columns: readonly M.ColumnModel[],
  rows: readonly (readonly (string | null)[])[] = [],
): Promise<MadeTable> {
  const { list = [] } = await syn.services.table.createColumnBatch({
    body: { list: [...columns] },
  });
  const entity = await syn.services.entity.createEntity({
    body: {
      concreteType: `${model}.TableEntity`,
      name: `Table ${crypto.randomUUID()}`,
      parentId,
      columnIds: list.map(({ id = '' }) => id),
    },
  });
  const id = entity.id ?? '';
  await appendRows(syn, { id, columns: list }, rows);
  return { id, columns: list };
}

/** The number of rows of a request: it is limited by the widest rows that the columns allow. */
const rowsOfRequest = 30;

/** Appends rows with a cell for each column. */
export async function appendRows(
  syn: Synapse,
  table: MadeTable,
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsOfRequest) {
    await appendFew(syn, table, rows.slice(start, start + rowsOfRequest));
  }
}

async function appendFew(
  syn: Synapse,
  { id, columns }: MadeTable,
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const change: M.AppendableRowSetRequest = {
    concreteType: `${model}.AppendableRowSetRequest`,
    entityId: id,
    toAppend: {
      concreteType: `${model}.RowSet`,
      tableId: id,
      headers: columns.map(({ id: columnId, name, columnType }) => ({
        id: columnId,
        name,
        columnType,
      })),
      rows: rows.map((values) => ({ values: [...values] })),
    },
  };
  await syn.runJob(
    {
      concreteType: `${model}.TableUpdateTransactionRequest`,
      entityId: id,
      changes: [change],
    },
    { id },
  );
}
