import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { tableFromIPC, type Table } from 'apache-arrow';
import { parquetRead } from 'hyparquet';
import { columnTypes, type ColumnType } from '../../src/columns/columnTypes.js';
import type { Synapse, TableQuery } from '../../src/index.js';
import { cellReader } from '../../src/tables/cells/readCell.js';
import { cellTexts } from '../../src/tables/csv/csvCells.js';
import { csvDialect } from '../../src/tables/csv/csvDialect.js';
import { scanCsv } from '../../src/tables/csv/csvScanner.js';
import { parseJson } from '../../src/values/json.js';
import { withTempDir } from '../helpers/tempDir.js';
import type { RawTable } from './rawTables.js';
import { exact } from './tableSamples.js';

/** Reads the rows of a table, in the order of their ids, with the values in the order of the columns. */
export type Reader = (syn: Synapse, table: RawTable) => Promise<unknown[][]>;

const select = ({ id }: RawTable): string => `select * from ${id} order by ROW_ID`;

async function rowsOf(query: TableQuery, { columns }: RawTable): Promise<unknown[][]> {
  const rows = await query;
  return rows.map((row) => columns.map(({ name }) => new Map(Object.entries(row)).get(name)));
}

async function readCsvText(bytes: Buffer, { columns }: RawTable): Promise<unknown[][]> {
  const dialect = csvDialect();
  const readers = columns.map(({ columnType }) => cellReader(columnType, exact));
  const rows: unknown[][] = [];
  const source = (async function* () {
    await Promise.resolve();
    // Many chunks: rows are cut at any byte.
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  })();
  for await (const batch of scanCsv(source, { dialect, name: 'result', emptyLines: 'row' })) {
    const cell = cellTexts(batch, dialect);
    for (let row = 0; row < batch.rowCount; row += 1) {
      rows.push(
        readers.map((read, at) => {
          // ROW_ID and ROW_VERSION come first.
          const found = cell(row * batch.width + at + 2);
          if (batch.firstRow + row === 1) return found;
          return found === null ? null : read(found);
        }),
      );
    }
  }
  return rows.slice(1);
}

/** A value of JSON as the value of its column. */
function fromJson(type: ColumnType, value: unknown): unknown {
  const { kind, isList } = columnTypes[type];
  if (value === null || kind === 'json') return value;
  if (isList) return (value as unknown[]).map((item) => oneFromJson(kind, item));
  return oneFromJson(kind, value);
}

function oneFromJson(kind: string, value: unknown): unknown {
  // The digits of a number are those of the text; its binary value may differ.
  if (kind === 'integer') return BigInt(String(value));
  if (kind === 'date') return new Date(value as string);
  return kind === 'double' ? Number(value) : value;
}

/** A value of a format of columns as the value of its column. */
function fromColumnar(type: ColumnType, value: unknown): unknown {
  const { kind, isList } = columnTypes[type];
  if (value === null || value === undefined) return null;
  if (isList) return Array.from(value as Iterable<unknown>, (item) => oneFromColumnar(kind, item));
  return oneFromColumnar(kind, value);
}

function oneFromColumnar(kind: string, value: unknown): unknown {
  if (kind === 'json') return typeof value === 'string' ? parseJson(value) : value;
  if (kind === 'boolean') return Boolean(value);
  return kind === 'date' && !(value instanceof Date) ? new Date(Number(value)) : value;
}

function rowsOfTable(arrow: Table, { columns }: RawTable): unknown[][] {
  const vectors = columns.map(({ name }) => arrow.getChild(name));
  return Array.from({ length: arrow.numRows }, (_, row) =>
    columns.map(({ columnType }, at) => fromColumnar(columnType, vectors[at]?.get(row))),
  );
}

/** Every way of reading. */
export const readers: Readonly<Record<string, Reader>> = {
  'rows by pages': (syn, table) =>
    rowsOf(syn.tables.query(select(table), { ...exact, via: 'pages' }), table),

  'rows by CSV': (syn, table) =>
    rowsOf(syn.tables.query(select(table), { ...exact, via: 'csv' }), table),

  'CSV text': async (syn, table) => {
    const stream = new PassThrough();
    const [bytes] = await Promise.all([
      buffer(stream),
      syn.tables.query(select(table)).toCsv(stream),
    ]);
    return readCsvText(bytes, table);
  },

  NDJSON: async (syn, table) => {
    const stream = new PassThrough();
    const [lines] = await Promise.all([
      text(stream),
      syn.tables.query(select(table)).toNdjson(stream),
    ]);
    return lines
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const row = new Map(Object.entries(parseJson(line) as object));
        return table.columns.map(({ name, columnType }) => fromJson(columnType, row.get(name)));
      });
  },

  columns: async (syn, table) => {
    const { rowCount, columns } = await syn.tables.query(select(table)).toColumns(exact);
    const values = columns.map((column) =>
      Array.from({ length: rowCount }, (_, row) =>
        column.nulls[row] === 1 ? null : fromColumnar(column.type, column.values[row]),
      ),
    );
    return Array.from({ length: rowCount }, (_, row) => values.map((column) => column[row]));
  },

  'Arrow table': async (syn, table) =>
    rowsOfTable(await syn.tables.query(select(table)).toArrow(), table),

  'Arrow stream': async (syn, table) => {
    const stream = new PassThrough();
    const [bytes] = await Promise.all([
      buffer(stream),
      syn.tables.query(select(table)).toArrow(stream),
    ]);
    return rowsOfTable(tableFromIPC(bytes), table);
  },

  Parquet: (syn, table) =>
    withTempDir(async (folder) => {
      const path = join(folder, 'rows.parquet');
      await syn.tables.query(select(table)).toParquet(path);
      const bytes = await readFile(path);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
      // In an object, a column could not be called __proto__.
      const rows: unknown[][] = [];
      await parquetRead({ file, rowFormat: 'array', onComplete: (all) => rows.push(...all) });
      return rows.map((row) =>
        table.columns.map(({ columnType }, index) => fromColumnar(columnType, row[index])),
      );
    }),
};

/**
 * What a way of reading returns for values. The packages `apache-arrow` and `hyparquet` drop a byte order mark at the beginning of
 * a text when they decode it. It is in their bytes.
 */
export function asRead(reader: string, rows: readonly (readonly unknown[])[], table: RawTable) {
  if (!/Arrow|Parquet/.test(reader)) return rows;
  return rows.map((row) =>
    row.map((value, at) => {
      if (table.columns[at]?.columnType === 'JSON') return value;
      return Array.isArray(value) ? value.map(withoutMark) : withoutMark(value);
    }),
  );
}

function withoutMark(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^\ufeff/, '') : value;
}
