import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  defineTable,
  NotFoundError,
  QueryError,
  sql,
  type RowOf,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { makeTable, type MadeTable } from './queryTables.js';

const clients = withClients();
let syn: Synapse;
let made: MadeTable;
beforeAll(async () => {
  syn = await clients.open('alice');
  const { id } = await clients.project(syn);
  made = await makeTable(
    syn,
    id,
    [
      { name: 'tissue', columnType: 'STRING', facetType: 'enumeration' },
      { name: 'age', columnType: 'INTEGER', facetType: 'range' },
    ],
    [
      ['liver', '1'],
      ['liver', '5'],
      ['lung', '9'],
      [null, '3'],
    ],
  );
});

describe('parts', () => {
  test('come one by one', async () => {
    const query = syn.tables.query(`select tissue from ${made.id}`);
    expect(await query.count()).toBe(4);
    expect(await query.columns).toMatchObject([{ name: 'tissue', columnType: 'STRING' }]);
    expect(await query.sumFileSizes()).toEqual({ sumFileSizesBytes: 0, greaterThan: false });
    expect(await query.lastUpdatedOn()).toBeInstanceOf(Date);
    expect(await query.facets()).toHaveLength(2);
  });

  test('come together with one request', async () => {
    const query = syn.tables.query(`select tissue from ${made.id} limit 2`);
    const calls = await clients.calls(async () => {
      const { count, columnModels, combinedSql } = await query.parts({
        count: true,
        columnModels: true,
        combinedSql: true,
        facets: false,
      });
      expect(count).toBe(2);
      expect(columnModels).toHaveLength(2);
      expect(combinedSql).toMatch(/LIMIT 2/);
    });
    expect(calls).toEqual(['table.startTableQuery', 'table.getTableQueryResult']);
    expect(await query.parts({})).toEqual({});
  });

  test('of selected facets count the rows that are left', async () => {
    const query = syn.tables.query(`select age from ${made.id}`, {
      selectedFacets: { tissue: ['liver', null], age: { min: 2 } },
    });
    expect((await query).map(({ age }) => age)).toEqual([5, 3]);
    const [tissue] = await query.facets();
    expect(tissue).toMatchObject({
      columnName: 'tissue',
      facetValues: expect.arrayContaining([
        { value: 'liver', count: 1, isSelected: true },
        { value: 'lung', count: 1, isSelected: false },
      ]),
    });
  });
});

describe('a query of a definition', () => {
  const Visit = defineTable({ columns: { tissue: 'STRING', age: 'INTEGER' } });

  test('has rows of its type', async () => {
    const rows = await syn.tables.query(Visit, sql`select * from ${made.id} where age > ${4}`);
    const ages: (number | null)[] = rows.map(({ age }) => age);
    expect(ages).toEqual([5, 9]);
    const [first]: RowOf<typeof Visit>[] = rows;
    expect(first?.tissue).toBe('liver');
    const big = await syn.tables.query(Visit, `select * from ${made.id}`, { integers: 'bigint' });
    const bigAges: (bigint | null)[] = big.map(({ age }) => age);
    expect(bigAges).toEqual([1n, 5n, 9n, 3n]);
  });

  test('may select more columns', async () => {
    const rows = await syn.tables.query(Visit, `select tissue, age, age as again from ${made.id}`);
    expect(rows).toHaveLength(4);
  });

  test.each(['pages', 'csv'] as const)(
    'whose result lacks a column or has another type is refused (%s)',
    async (via) => {
      const Other = defineTable({
        columns: { tissue: 'INTEGER', age: { type: 'INTEGER' }, none: 'STRING' },
      });
      const query = syn.tables.query(Other, `select * from ${made.id}`, { via });
      await expect(query).rejects.toThrow(ArgumentError);
      await expect(query).rejects.toThrow(
        /"tissue" has the type STRING, not INTEGER; column "none" is missing/,
      );
    },
  );
});

describe('a query that is refused', () => {
  test('shows the place in the SQL', async () => {
    const text = `select tissue\nfrom ${made.id}\nwhere age > > 5`;
    const error = await syn.tables
      .query(text)
      .toArray()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ name: 'QueryError', code: 'ASYNC_JOB', line: 3, column: 13 });
    expect(String(error)).toContain(`\n  where age > > 5\n${' '.repeat(14)}^`);
  });

  test.each([
    ['where', `select age from SYN where nothing = 1`],
    ['select', `select nothing from SYN`],
    ['quotes', `select age from SYN where "nothing" = 'nothing'`],
  ])('shows a column that does not exist (%s)', async (_name, text) => {
    const query = syn.tables.query(text.replace('SYN', made.id));
    for (const run of [() => query.toArray(), () => query.count()]) {
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(QueryError);
      expect(String(error)).toMatch(/nothing[^]*\n {2}select[^\n]*\n *\^$/);
      const place = (error as QueryError).column ?? 0;
      expect(query.sql.slice(place - 1)).toMatch(/^"?nothing/);
    }
  });

  test('without a table is refused before anything is sent', () => {
    expect(() => syn.tables.query('select 1')).toThrow(/No table in the query.*FROM syn123/);
    expect(() => syn.tables.query(`select 'from syn1' from x -- from syn2`)).toThrow(ArgumentError);
  });

  test('of a table that does not exist says so', async () => {
    await expect(syn.tables.query('select * from syn99999999')).rejects.toMatchObject({
      cause: expect.any(NotFoundError),
    });
  });

  test.each([
    [{ limit: -1 }, /limit/],
    [{ offset: 1.5 }, /offset/],
    [{ filters: [{ column: 'age' }] }, /exactly one of/],
    [{ filters: [{ column: 'age', equal: 1, like: 'x' }] }, /exactly one of/],
    [{ filters: [{ column: 'age', equal: [] }] }, /no values/],
    [{ filters: [{ column: 'age', equal: new Date(Number.NaN) }] }, /invalid date/],
  ])('by invalid options: %j', (options, message) => {
    expect(() => syn.tables.query('select * from syn1', options)).toThrow(message);
  });
});
