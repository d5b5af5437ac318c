import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { TableChangedError, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { appendRows, makeTable, type MadeTable } from './queryTables.js';

/** Columns that are so wide that a page has few rows. */
const columns: M.ColumnModel[] = [
  { name: 'n', columnType: 'INTEGER' },
  ...Array.from({ length: 15 }, (_, index): M.ColumnModel => ({
    name: `text${index}`,
    columnType: 'STRING',
    maximumSize: 1000,
  })),
];
const count = 100;

const all = Array.from({ length: count }, (_, index) => index);

function rowOf(n: number): (string | null)[] {
  return [String(n), ...columns.slice(1).map(({ name }) => (n % 2 ? null : `${name} of ${n}`))];
}

const clients = withClients();
let syn: Synapse;
let made: MadeTable;
beforeAll(async () => {
  syn = await clients.open('alice');
  const { id } = await clients.project(syn);
  made = await makeTable(syn, id, columns, all.map(rowOf));
});

async function numbersOf(rows: AsyncIterable<object>): Promise<unknown[]> {
  const numbers: unknown[] = [];
  for await (const row of rows) numbers.push((row as { n: unknown }).n);
  return numbers;
}

const pageJobs = ['table.startTableQuery', 'table.getTableQueryResult'];
const csvJobs = ['table.startTableCsvDownload', 'table.getTableCsvDownloadResult'];

describe('a result of several pages', () => {
  test('has few rows on a page', async () => {
    const { maxRowsPerPage } = await syn.tables
      .query(`select * from ${made.id}`)
      .parts({ maxRowsPerPage: true });
    expect(maxRowsPerPage).toBeGreaterThan(1);
    expect(maxRowsPerPage).toBeLessThan(count / 2);
  });

  test.each(['pages', 'csv', 'auto'] as const)('is read once, in order (%s)', async (via) => {
    for (const order of ['', 'order by n desc']) {
      const query = syn.tables.query(`select * from ${made.id} ${order}`, { via });
      const expected = order === '' ? all : all.toReversed();
      expect(await numbersOf(query)).toEqual(expected);
      expect((await query.toArray()).map(({ n }) => n)).toEqual(expected);
    }
  });

  test.each(['pages', 'csv', 'auto'] as const)('obeys offset and limit (%s)', async (via) => {
    const options = { via, offset: 2, limit: 90 };
    const query = syn.tables.query(`select * from ${made.id} limit 80 offset 1`, options);
    expect(await numbersOf(query)).toEqual(all.slice(3, 81));
  });

  test('without row ids is read from one file', async () => {
    const query = syn.tables.query(`select distinct * from ${made.id}`);
    const calls = await clients.calls(async () => {
      expect((await numbersOf(query)).length).toBe(count);
    });
    expect(calls.slice(0, 4)).toEqual([...pageJobs, ...csvJobs]);
  });

  test('is not requested beyond the page at which the loop is left', async () => {
    const calls = await clients.calls(async () => {
      for await (const row of syn.tables.query(`select * from ${made.id}`)) {
        if (row['n'] === 1) break;
      }
    });
    expect(calls).toEqual(pageJobs);
  });

  test('continues with a file', async () => {
    const calls = await clients.calls(() =>
      numbersOf(syn.tables.query(`select * from ${made.id}`)),
    );
    expect(calls.slice(0, 4)).toEqual([...pageJobs, ...csvJobs]);
    expect(calls).not.toContain('table.startQueryNextPage');
  });

  test.each(['pages', 'auto'] as const)(
    'is not mixed with another state of the table (%s)',
    async (via) => {
      const other = await makeTable(syn, (await clients.project(syn)).id, columns, all.map(rowOf));
      const read: unknown[] = [];
      const reading = (async () => {
        for await (const row of syn.tables.query(`select * from ${other.id}`, { via })) {
          if (read.length === 0) await appendRows(syn, other, [rowOf(999)]);
          read.push(row['n']);
        }
      })();
      await expect(reading).rejects.toThrow(TableChangedError);
      await expect(reading).rejects.toThrow(/changed while its rows were read.*via: 'csv'/);
      expect(read).toEqual(all.slice(0, read.length));
    },
  );

  test('is complete when the table changes while all rows are read', async () => {
    const other = await makeTable(syn, (await clients.project(syn)).id, columns, all.map(rowOf));
    const reading = syn.tables.query(`select * from ${other.id}`).toArray();
    await appendRows(syn, other, [rowOf(999)]);
    expect([count, count + 1]).toContain((await reading).length);
  });
});

describe('an aborted query', () => {
  test.each(['pages', 'csv', 'auto'] as const)('rejects with the reason (%s)', async (via) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const query = syn.tables.query(`select * from ${made.id}`, { via, signal: controller.signal });
    const reading = (async () => {
      for await (const row of query) if (row['n'] === 1) controller.abort(reason);
    })();
    // A file that is complete already has nothing to abort.
    if (via === 'csv') await reading.catch((error: unknown) => expect(error).toBe(reason));
    else await expect(reading).rejects.toBe(reason);
    await expect(query).rejects.toBe(reason);
  });
});
