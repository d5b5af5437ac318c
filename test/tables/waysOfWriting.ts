import * as Arrow from 'apache-arrow';
import type * as M from '../../generated/models.js';
import { columnTypes, type CellKind } from '../../src/columns/columnTypes.js';
import { rowReference, rowReferenceKey, type Synapse } from '../../src/index.js';
import { cellReader } from '../../src/tables/cells/readCell.js';
import { cellWriter } from '../../src/tables/cells/writeCell.js';
import { csvDescriptor, csvDialect } from '../../src/tables/csv/csvDialect.js';
import { writeCsvRow } from '../../src/tables/csv/writeCsvRow.js';
import { rowSet, transact, type RawTable } from './rawTables.js';
import { keyName } from './tableSamples.js';

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

/** The rows as objects. */
function objectsOf({ columns }: RawTable, rows: readonly (readonly unknown[])[]): object[] {
  return rows.map((row) =>
    // Unlike an assignment, this also makes a member that is called __proto__.
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])),
  );
}

/** The rows as lines of CSV, after a header. */
function csvLines(table: RawTable, rows: readonly (readonly unknown[])[]): string[] {
  const names = table.columns.map(({ name }) => name);
  return [names, ...textsOf(table, rows)].map((cells) => writeCsvRow(cells, csvDialect()));
}

function csvOf(table: RawTable, rows: readonly (readonly unknown[])[]): Buffer {
  return Buffer.from(csvLines(table, rows).join(''));
}

/** Rows of a request, which has 2 MiB at most. */
const rowsOfRequest = 20;

/** Sends rows, some at a time. */
async function inRequests(
  table: RawTable,
  rows: readonly (readonly unknown[])[],
  send: (texts: (string | null)[][]) => Promise<unknown>,
): Promise<void> {
  const texts = textsOf(table, rows);
  for (let start = 0; start < texts.length; start += rowsOfRequest) {
    await send(texts.slice(start, start + rowsOfRequest));
  }
}

const writeRowSet: Writer = (syn, table, rows) =>
  inRequests(table, rows, (texts) =>
    transact(syn, table.id, [
      rowSet(
        table,
        texts.map((values) => ({ values })),
      ),
    ]),
  );

function hasKey({ columns }: RawTable): boolean {
  return columns.some(({ name }) => name === keyName);
}

/** Rows without values, but with their keys. */
function emptied({ columns }: RawTable, rows: readonly (readonly unknown[])[]): unknown[][] {
  return rows.map((row) =>
    row.map((value, index) => (columns[index]?.name === keyName ? value : null)),
  );
}

const arrowTypes: Readonly<Record<CellKind, Arrow.DataType>> = {
  text: new Arrow.Utf8(),
  id: new Arrow.Utf8(),
  json: new Arrow.Utf8(),
  integer: new Arrow.Int64(),
  double: new Arrow.Float64(),
  boolean: new Arrow.Bool(),
  date: new Arrow.TimestampMillisecond(),
};

/** The rows as a table of Arrow, whose values have the form that is read from Synapse. */
function arrowOf(table: RawTable, rows: readonly (readonly unknown[])[]): Arrow.Table {
  const texts = textsOf(table, rows);
  const vectors = table.columns.map(({ name, columnType }, index) => {
    const { kind, isList } = columnTypes[columnType];
    const read = cellReader(columnType, { integers: 'bigint', dates: 'epoch', json: 'text' });
    const type = isList
      ? new Arrow.List(new Arrow.Field('item', arrowTypes[kind], true))
      : arrowTypes[kind];
    const values = texts.map((row) => {
      const text = row[index] ?? null;
      return text === null ? null : read(text);
    });
    return [name, Arrow.vectorFromArray(values, type)] as const;
  });
  return new Arrow.Table(Object.fromEntries(vectors));
}

/** Every way of writing. */
export const writers: Readonly<Record<string, Writer>> = {
  'row set': writeRowSet,

  'partial rows': (syn, table, rows) =>
    inRequests(table, rows, (texts) => {
      const change: M.AppendableRowSetRequest = {
        concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
        entityId: table.id,
        toAppend: {
          concreteType: 'org.sagebionetworks.repo.model.table.PartialRowSet',
          tableId: table.id,
          rows: texts.map((values) => ({
            values: values.map((value, at) => ({ key: table.columns[at]?.id ?? '', value })),
          })),
        },
      };
      return transact(syn, table.id, [change]);
    }),

  'CSV upload': async (syn, table, rows) => {
    // Synapse takes an empty line for no row.
    if (table.columns.length === 1) return writeRowSet(syn, table, rows);
    const handle = await syn.fileHandles.upload(csvOf(table, rows), {
      fileName: 'rows.csv',
      contentType: 'text/csv',
    });
    return transact(syn, table.id, [
      {
        concreteType: 'org.sagebionetworks.repo.model.table.UploadToTableRequest',
        entityId: table.id,
        tableId: table.id,
        uploadFileHandleId: handle.id,
        csvTableDescriptor: csvDescriptor(csvDialect(), true),
      },
    ]);
  },

  'append of objects': (syn, table, rows) => syn.tables.append(table.id, objectsOf(table, rows)),

  'append in several transactions': (syn, table, rows) =>
    syn.tables.append(table.id, objectsOf(table, rows), { maxTransactionBytes: 500 }),

  'append of CSV': (syn, table, rows) =>
    syn.tables.append(table.id, { csv: csvOf(table, rows), emptyLines: 'row' }),

  'append of Arrow': (syn, table, rows) => syn.tables.append(table.id, arrowOf(table, rows)),

  batcher: async (syn, table, rows) => {
    const batcher = syn.tables.batcher(table.id, { maxRows: 3 });
    for (const row of objectsOf(table, rows)) await batcher.add(row);
    await batcher.close();
  },

  update: async (syn, table, rows) => {
    await writeRowSet(syn, table, emptied(table, rows));
    const stored = await syn.tables.query(`select * from ${table.id} order by ROW_ID`);
    const objects = objectsOf(table, rows);
    await syn.tables.update(
      table.id,
      stored.map((row, index) => ({ ...objects[index], [rowReferenceKey]: rowReference(row) })),
    );
  },

  'update by CSV': async (syn, table, rows) => {
    await writeRowSet(syn, table, emptied(table, rows));
    const stored = await syn.tables.query(`select * from ${table.id} order by ROW_ID`);
    const [header = '', ...lines] = csvLines(table, rows);
    const references = stored.map((row) => {
      const { rowId, versionNumber } = rowReference(row) ?? {};
      return `${rowId},${versionNumber},`;
    });
    const csv = lines.map((line, index) => `${references[index] ?? ''}${line}`);
    await syn.tables.update(table.id, {
      csv: Buffer.from(`ROW_ID,ROW_VERSION,${header}${csv.join('')}`),
    });
  },

  'upsert of CSV': (syn, table, rows) =>
    hasKey(table)
      ? syn.tables.upsert(
          table.id,
          { csv: csvOf(table, rows), emptyLines: 'row' },
          { keys: [keyName] },
        )
      : writeRowSet(syn, table, rows),

  'upsert of new rows': (syn, table, rows) =>
    hasKey(table)
      ? syn.tables.upsert(table.id, objectsOf(table, rows), { keys: [keyName] })
      : writeRowSet(syn, table, rows),

  'upsert of rows that are there': async (syn, table, rows) => {
    if (!hasKey(table)) return writeRowSet(syn, table, rows);
    await writeRowSet(syn, table, emptied(table, rows));
    return syn.tables.upsert(table.id, objectsOf(table, rows), { keys: [keyName] });
  },
};
