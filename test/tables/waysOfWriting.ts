import type * as M from '../../generated/models.js';
import type { Synapse } from '../../src/index.js';
import { cellWriter } from '../../src/tables/cells/writeCell.js';
import { csvDescriptor, csvDialect } from '../../src/tables/csv/csvDialect.js';
import { writeCsvRow } from '../../src/tables/csv/writeCsvRow.js';
import { rowSet, transact, type RawTable } from './rawTables.js';

/** Writes rows, with the values by the order of the columns, into an empty table. */
export type Writer = (
  syn: Synapse,
  table: RawTable,
  rows: readonly (readonly unknown[])[],
) => Promise<unknown>;

function textsOf({ columns }: RawTable, rows: readonly (readonly unknown[])[]) {
  const writers = columns.map(cellWriter);
  return rows.map((row, index) => writers.map((write, at) => write(row[at], index + 1)));
}

const writeRowSet: Writer = (syn, table, rows) =>
  transact(syn, table.id, [
    rowSet(
      table,
      textsOf(table, rows).map((values) => ({ values })),
    ),
  ]);

/** Every way of writing. */
export const writers: Readonly<Record<string, Writer>> = {
  'row set': writeRowSet,

  'partial rows': (syn, table, rows) => {
    const change: M.AppendableRowSetRequest = {
      concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
      entityId: table.id,
      toAppend: {
        concreteType: 'org.sagebionetworks.repo.model.table.PartialRowSet',
        tableId: table.id,
        rows: textsOf(table, rows).map((values) => ({
          values: values.map((value, index) => ({ key: table.columns[index]?.id ?? '', value })),
        })),
      },
    };
    return transact(syn, table.id, [change]);
  },

  'CSV upload': async (syn, table, rows) => {
    // Synapse takes an empty line for no row.
    if (table.columns.length === 1) return writeRowSet(syn, table, rows);
    const dialect = csvDialect();
    const names = table.columns.map(({ name }) => name);
    const lines = [names, ...textsOf(table, rows)].map((cells) => writeCsvRow(cells, dialect));
    const handle = await syn.fileHandles.upload(Buffer.from(lines.join('')), {
      fileName: 'rows.csv',
      contentType: 'text/csv',
    });
    return transact(syn, table.id, [
      {
        concreteType: 'org.sagebionetworks.repo.model.table.UploadToTableRequest',
        entityId: table.id,
        tableId: table.id,
        uploadFileHandleId: handle.id,
        csvTableDescriptor: csvDescriptor(dialect, true),
      },
    ]);
  },
};
