import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { cellReader } from '../../src/tables/cells/readCell.js';
import { rowsOfArrow } from '../../src/tables/arrow/rowsOfArrow.js';
import { writeArrow } from '../../src/tables/export/writeArrow.js';
import { writeParquet } from '../../src/tables/export/writeParquet.js';
import { withTempDir } from '../helpers/tempDir.js';
import { anyTable, csvRows, type AnyTable } from './csvTables.js';

async function readParquet(
  path: string,
): Promise<{ rows: Record<string, unknown>[]; groups: number[] }> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { row_groups: groups } = parquetMetadata(file);
  return {
    rows: await parquetReadObjects({ file }),
    groups: groups.map(({ num_rows: count }) => Number(count)),
  };
}

function valuesOf(table: AnyTable): Record<string, unknown>[] {
  const readers = table.columns.map(({ columnType }) => {
    const isJson = columnType === 'JSON';
    return isJson ? (text: string) => text : cellReader(columnType, { integers: 'bigint' });
  });
  return table.rows.map((row) =>
    Object.fromEntries(
      table.columns.map(({ name }, index) => {
        const text = row[index] ?? null;
        return [name, text === null ? null : readers[index]?.(text)];
      }),
    ),
  );
}

/** Dates that JavaScript can hold. */
const tables = anyTable.filter(({ columns, rows }) =>
  columns.every(({ columnType }, index) => {
    if (!columnType.startsWith('DATE')) return true;
    return rows.every((row) => !/\d{16}/.test(row[index] ?? ''));
  }),
);

test('a Parquet file has the values of the table', async () => {
  await withTempDir(async (folder) => {
    const path = join(folder, 'a.parquet');
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        expect(await writeParquet(csvRows(table), path, { overwrite: true })).toBe(path);
        const { rows } = await readParquet(path);
        expect(rows).toEqual(valuesOf(table));
      }),
      { numRuns: 25 },
    );
  });
});

test('a stream of Arrow has the values of the table', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (table) => {
      const output = new PassThrough();
      const writing = writeArrow(csvRows(table), output);
      const read = tableFromIPC(await output.toArray());
      await writing;
      expect(read.numRows).toBe(table.rows.length);
      const rows = Array.from(rowsOfArrow(read), (row) => ({ ...row }));
      expect(rows).toEqual(valuesOf(table));
      const types = read.schema.fields.map(({ metadata }) => metadata.get('synapse.columnType'));
      expect(types).toEqual(table.columns.map(({ columnType }) => columnType));
    }),
    { numRuns: 100 },
  );
});

const numbers: AnyTable = {
  columns: [
    { name: 'n', columnType: 'INTEGER' },
    { name: 'text', columnType: 'STRING' },
  ],
  rows: Array.from({ length: 150_000 }, (_, index) => [String(index), `text ${index}`]),
};

describe('many rows', () => {
  test('are several row groups of a Parquet file', async () => {
    await withTempDir(async (folder) => {
      const path = await writeParquet(csvRows(numbers), join(folder, 'new', 'a.parquet'));
      const { rows, groups } = await readParquet(path);
      expect(groups.length).toBe(3);
      expect(groups.reduce((sum, count) => sum + count, 0)).toBe(150_000);
      expect(
        rows.every(({ n, text }, index) => n === BigInt(index) && text === `text ${index}`),
      ).toBe(true);
    });
  });

  test('are several record batches of a stream of Arrow', async () => {
    await withTempDir(async (folder) => {
      const path = join(folder, 'a.arrows');
      expect(await writeArrow(csvRows(numbers), path)).toBe(path);
      const table = tableFromIPC(await readFile(path));
      expect(table.batches.length).toBe(3);
      expect(table.get(149_999)?.toJSON()).toEqual({ n: 149_999n, text: 'text 149999' });
    });
  });
});

test('a Parquet file keeps the types of the columns', async () => {
  await withTempDir(async (folder) => {
    const path = await writeParquet(csvRows(numbers), join(folder, 'a.parquet'), {
      references: true,
    });
    const bytes = await readFile(path);
    const { key_value_metadata: metadata = [], schema } = parquetMetadata(
      new Uint8Array(bytes).buffer,
    );
    expect(metadata.map(({ key }) => key)).toEqual(['ARROW:schema']);
    expect(schema.slice(1).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'ROW_ID INT64',
      'ROW_VERSION INT64',
      'n INT64',
      'text BYTE_ARRAY',
    ]);
  });
});

describe('a file', () => {
  test('that exists is kept, and nothing is asked of Synapse', async () => {
    await withTempDir(async (folder) => {
      const path = join(folder, 'a.parquet');
      await writeFile(path, 'mine');
      const open = (): never => {
        throw new Error('asked');
      };
      await expect(writeParquet(open, path)).rejects.toMatchObject({ code: 'EEXIST' });
      await expect(writeArrow(open, path)).rejects.toMatchObject({ code: 'EEXIST' });
      expect(await readFile(path, 'utf8')).toBe('mine');
    });
  });

  test('is not there after a failure', async () => {
    await withTempDir(async (folder) => {
      const broken = { columns: numbers.columns, rows: [...numbers.rows, ['x', null]] };
      for (const write of [writeParquet, writeArrow]) {
        await expect(write(csvRows(broken), join(folder, 'a'))).rejects.toMatchObject({
          name: 'CellReadError',
          row: 150_001,
          value: 'x',
        });
        expect(await readdir(folder)).toEqual([]);
      }
    });
  });

  test('can be written after a failure in its first row', async () => {
    await withTempDir(async (folder) => {
      const path = join(folder, 'a.parquet');
      const { columns } = numbers;
      for (let round = 0; round < 2; round += 1) {
        const broken = writeParquet(csvRows({ columns, rows: [['x', null]] }), path);
        await expect(broken).rejects.toMatchObject({ name: 'CellReadError', row: 1 });
      }
      await writeParquet(csvRows({ columns, rows: [['5', null]] }), path);
      expect((await readParquet(path)).rows).toEqual([{ n: 5n, text: null }]);
    });
  });

  test('without columns or rows can be written', async () => {
    await withTempDir(async (folder) => {
      const path = join(folder, 'a.parquet');
      await writeParquet(csvRows({ columns: numbers.columns, rows: [] }), path);
      expect((await readParquet(path)).rows).toEqual([]);
      await writeParquet(csvRows({ columns: [], rows: [] }), path, { overwrite: true });
      expect((await readParquet(path)).rows).toEqual([]);
    });
  });

  test('is not there after it was stopped, which rejects with the reason', async () => {
    await withTempDir(async (folder) => {
      for (const write of [writeParquet, writeArrow]) {
        const controller = new AbortController();
        const reason = new Error('enough');
        const open = csvRows(numbers);
        const opened = (): ReturnType<typeof open> => {
          controller.abort(reason);
          return open();
        };
        const writing = write(opened, join(folder, 'a'), { signal: controller.signal });
        await expect(writing).rejects.toBe(reason);
        expect(await readdir(folder)).toEqual([]);
      }
    });
  });
});
