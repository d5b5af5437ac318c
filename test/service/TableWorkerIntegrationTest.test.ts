import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { keywordNote } from '../../src/server/tables/sql/unknownColumn.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  csvUpload,
  partialRows,
  rowSet,
  schemaChange,
  tableModel,
  TableSession,
  type Column,
  type Values,
} from '../server/tableSession.js';

const server = withSessions();
const alice = (): TableSession => new TableSession(server.alice);
const nothing = 'org.sagebionetworks.UNDEFINED_NULL_NOTSET';

/** A column of each type; three of them have facets. */
const everyType: readonly M.ColumnModel[] = [
  { name: 'text', columnType: 'STRING', maximumSize: 50, facetType: 'enumeration' },
  { name: 'number', columnType: 'DOUBLE' },
  { name: 'whole', columnType: 'INTEGER', facetType: 'range' },
  { name: 'truth', columnType: 'BOOLEAN' },
  { name: 'moment', columnType: 'DATE' },
  { name: 'entity', columnType: 'ENTITYID' },
  { name: 'link', columnType: 'LINK', maximumSize: 100 },
  { name: 'user', columnType: 'USERID' },
  { name: 'long', columnType: 'LARGETEXT' },
  { name: 'medium', columnType: 'MEDIUMTEXT' },
  { name: 'list', columnType: 'STRING_LIST', maximumSize: 20, facetType: 'enumeration' },
  { name: 'integers', columnType: 'INTEGER_LIST' },
  { name: 'document', columnType: 'JSON' },
];

function everyTypeRow(n: number): Values {
  return [
    `text${n}`,
    String(n + 0.5),
    String(100 + n),
    n % 2 === 0 ? 'true' : 'false',
    String(1_400_000_000_000 + n),
    `syn${n + 1}`,
    `https://example.org/${n}`,
    String(n + 1),
    `long${n}`,
    `medium${n}`,
    JSON.stringify([`value${n}`, `other${n}`]),
    JSON.stringify([n, n + 1]),
    JSON.stringify({ n }),
  ];
}

const emptyRow = everyType.map(() => null);

interface Made {
  readonly id: string;
  readonly columns: readonly Column[];
}

async function make(
  models: readonly M.ColumnModel[],
  rows: readonly Values[] = [],
  fields: object = {},
): Promise<Made> {
  const columns = await alice().columns(...models);
  const { id } = await alice().table(columns, fields);
  if (rows.length > 0) {
    await alice().append(id, columns, rows);
  }
  return { id, columns };
}

const makeEveryType = (count: number): Promise<Made> =>
  make(
    everyType,
    Array.from({ length: count }, (_, n) => everyTypeRow(n)),
  );

/** The number of rows of a page, and of the whole result. */
async function sizes(sql: string, query: M.Query = {}): Promise<[number, number]> {
  const { queryResult, queryCount } = await alice().query(sql, query, 0x3);
  return [queryResult?.queryResults?.rows?.length ?? -1, queryCount ?? -1];
}

async function facets(sql: string, query: M.Query = {}): Promise<M.FacetColumnResult[]> {
  return (await alice().query(sql, query, 0x20)).facets ?? [];
}

const texts = (rows: (string | null)[][]): (string | null | undefined)[] =>
  rows.map(([text]) => text);

const change = (id: string, ...changes: object[]): Promise<M.TableUpdateTransactionResponse> =>
  alice().change(id, changes);

describe('TableWorkerIntegrationTest', () => {
  test('testRoundTrip: rows of every type, nulls and empty cells come back, with the etag of the change', async () => {
    const { id, columns } = await make(everyType);
    const blank = everyType.map(() => '');
    const references = await alice().append(id, columns, [
      everyTypeRow(0),
      everyTypeRow(1),
      emptyRow,
      emptyRow,
      blank,
      blank,
    ]);
    const { queryResult } = await alice().query(`select * from ${id} order by row_id`, {
      limit: 8,
    });
    const { tableId, headers, rows, etag } = queryResult?.queryResults ?? {};
    expect([tableId, headers?.length, rows?.length]).toEqual([id, everyType.length, 6]);
    expect(etag).toBe(references.etag);
  });

  test('testPLFM_3674: ROW_ID can be selected', async () => {
    const { id } = await makeEveryType(1);
    expect(await alice().rows(`select row_id from ${id}`, { limit: 8 })).toEqual([
      { rowId: 1, versionNumber: 1, values: ['1'] },
    ]);
  });

  test('testGetCellValuesPLFM_4191: a column may have a name like that of a file', async () => {
    const { id } = await make([{ name: 'data.csv', columnType: 'STRING' }], [['x']]);
    expect(await alice().cells(`select "data.csv" from ${id}`, { limit: 7 })).toEqual([['x']]);
  });

  test.each<[M.Query, string, number[]]>([
    [{ limit: 7 }, '', [0, 1, 2, 3, 4, 5]],
    [{ limit: 6 }, '', [0, 1, 2, 3, 4, 5]],
    [{ limit: 5 }, '', [0, 1, 2, 3, 4]],
    [{ limit: 1, offset: 5 }, '', [5]],
    [{ limit: 2, offset: 5 }, '', [5]],
    [{ limit: 8, offset: 0 }, ' limit 2 offset 3', [3, 4]],
    [{ limit: 2, offset: 2 }, ' limit 8 offset 2', [4, 5]],
    [{ limit: 2, offset: 2 }, ' limit 8 offset 3', [5]],
  ])('testLimitOffset: %j and "%s" give the rows within both', async (query, limits, expected) => {
    const { id } = await makeEveryType(6);
    const sql = `select text from ${id} order by row_id${limits}`;
    const { queryResult } = await alice().query(sql, query, 1);
    expect(queryResult?.nextPageToken).toBeUndefined();
    expect(queryResult?.queryResults?.rows?.map(({ values }) => values)).toEqual(
      expected.map((n) => [`text${n}`]),
    );
  });

  test('testSorting: the sort of the request comes before that of the SQL', async () => {
    const numbers = ['one', 'two', 'three'].map((name): M.ColumnModel => ({
      name,
      columnType: 'INTEGER',
    }));
    const { id } = await make(
      [{ name: 'name', columnType: 'STRING' }, ...numbers],
      [
        ['a', '1', '10', '3'],
        ['b', '2', '11', '1'],
        ['c', '3', '11', '2'],
      ],
    );
    const sorted = async (...columns: string[]): Promise<unknown[]> => {
      const sort = columns.map((column): M.SortItem => ({ column, direction: 'DESC' }));
      return texts(await alice().cells(`select name from ${id} order by one`, { sort }));
    };
    expect(await sorted()).toEqual(['a', 'b', 'c']);
    expect(await sorted('two')).toEqual(['b', 'c', 'a']);
    expect(await sorted('two', 'one')).toEqual(['c', 'b', 'a']);
    expect(await sorted('one')).toEqual(['c', 'b', 'a']);
  });

  test('testDoubleSetFunctions: averages and sums of doubles are doubles, with the SQL as their names', async () => {
    const cells = ['1.5', '2.0', '2.0', '4.5', '2.0'].map((cell) => [cell]);
    const { id } = await make([{ name: 'number', columnType: 'DOUBLE' }], cells);
    const result = async (sql: string): Promise<unknown> => {
      const { queryResult } = await alice().query(sql, {}, 1);
      const { headers, rows } = queryResult?.queryResults ?? {};
      return [headers?.[0], rows?.map(({ values }) => values?.[0])];
    };
    expect(await result(`select avg(number) from ${id}`)).toEqual([
      { name: 'AVG(number)', columnType: 'DOUBLE' },
      ['2.4'],
    ]);
    expect(
      await result(`select sum(number) as ss from ${id} group by number order by ss asc`),
    ).toEqual([{ name: 'ss', columnType: 'DOUBLE' }, ['1.5', '4.5', '6.0']]);
    expect(
      await result(`select sum(number) from ${id} group by number order by sum(number) asc`),
    ).toEqual([{ name: 'SUM(number)', columnType: 'DOUBLE' }, ['1.5', '4.5', '6.0']]);
  });

  const nextPage = (fields: object): Promise<unknown> =>
    alice().job('/entity/syn1/table/query/nextPage/async', {
      concreteType: `${tableModel}.QueryNextPageToken`,
      ...fields,
    });

  test('testNullNextPageToken: a page without a token is refused', async () => {
    expect(await nextPage({})).toEqual(refusal(400, 'Next page token cannot be empty'));
  });

  test('testEmptyNextPageToken: a page with an empty token is refused', async () => {
    expect(await nextPage({ token: '' })).toEqual(refusal(400, 'Next page token cannot be empty'));
  });

  test('testInvalidNextPageToken: a page with any other text is refused', async () => {
    expect(await nextPage({ token: '<invalid/>' })).toEqual(
      refusal(400, 'Not a valid next page token'),
    );
  });

  test.each<[string, M.Query, [number, number]]>([
    ['select * from $ limit 5', {}, [5, 5]],
    ['select * from $ limit 3 offset 1', {}, [3, 3]],
    ['select * from $ limit 5 offset 3', {}, [5, 5]],
    ['select * from $ limit 5 offset 8', {}, [2, 2]],
    ['select * from $ limit 5', { offset: 0, limit: 3 }, [3, 5]],
    ['select * from $ limit 3 offset 1', { offset: 2, limit: 1 }, [1, 3]],
    ['select * from $ limit 5 offset 3', { offset: 6, limit: 3 }, [0, 5]],
    ['select * from $ limit 5 offset 8', { limit: 1 }, [1, 2]],
    ['select * from $ limit 8 offset 12', { limit: 1 }, [0, 0]],
    ['select count(*) from $ limit 100', { limit: 1 }, [1, 1]],
    ['select max(text) from $ limit 100', { limit: 1 }, [1, 1]],
    ['select text from $ group by text order by text asc limit 100', { limit: 1 }, [1, 9]],
    ['select count(text) from $ group by text order by text limit 100', { limit: 2 }, [2, 9]],
    ['select count(*) as c from $ group by text order by c desc limit 100', { limit: 2 }, [2, 9]],
    ['select count(*) as c from $ group by text order by c desc limit 1', { limit: 2 }, [1, 1]],
  ])(
    'testLimitWithCountQueries: %s with %j counts within the limits of the SQL',
    async (sql, query, expected) => {
      const cells = Array.from({ length: 10 }, (_, n) => [
        n === 4 ? '!0' : n === 0 ? '!0' : `t${n}`,
      ]);
      const { id } = await make([{ name: 'text', columnType: 'STRING' }], cells);
      expect(await sizes(sql.replace('$', id), query)).toEqual(expected);
    },
  );

  test('testCombinedSqlWithQuery: the combined SQL is in the normal form', async () => {
    const { id } = await make(everyType, [], { isSearchEnabled: true });
    const { combinedSql } = await alice().query(`select * from ${id}`);
    expect(combinedSql).toBe(`SELECT * FROM ${id}`);
  });

  test('testColumnOrderWithQueries: columns come in the order of the schema or of the query', async () => {
    const { id, columns } = await makeEveryType(1);
    const { selectColumns } = await alice().query(`select * from ${id}`);
    expect(selectColumns?.map((column) => [column.name, column.id])).toEqual(
      columns.map((column) => [column.name, column.id]),
    );
    const names = async (list: string): Promise<unknown> =>
      (await alice().query(`select ${list} from ${id}`)).selectColumns?.map(({ name }) => name);
    expect(await names('number, whole')).toEqual(['number', 'whole']);
    expect(await names('whole, text')).toEqual(['whole', 'text']);
  });

  test('testDeleteTable: a table in the trash is not found until it is restored, and never after it is deleted', async () => {
    const { id } = await makeEveryType(2);
    const { parentId } = await server.alice.read(id);
    expect(await server.alice.delete(`/entity/${id}`)).toMatchObject({ status: 204 });
    expect(await alice().askQuery(`select * from ${id} limit 100`)).toMatchObject({ status: 404 });
    await server.alice.put(`/trashcan/restore/${id}/${parentId ?? ''}`);
    expect(await alice().cells(`select * from ${id} limit 100`)).toHaveLength(2);
    await server.alice.delete(`/entity/${id}?skipTrashCan=true`);
    expect(await alice().askQuery(`select * from ${id} limit 99`)).toMatchObject({ status: 404 });
  });

  test('testPartialUpdateRoundTrip: partial rows change rows and add rows', async () => {
    const { id, columns } = await makeEveryType(3);
    const [text, number] = columns;
    await change(
      id,
      partialRows(id, [
        { rowId: 1, values: { [text?.id ?? '']: 'changed' } },
        { rowId: 2, values: { [number?.id ?? '']: '9.5' } },
        { values: { [text?.id ?? '']: 'added' } },
      ]),
    );
    expect(await alice().rows(`select text, number from ${id} order by row_id`)).toEqual([
      { rowId: 1, versionNumber: 2, values: ['changed', '0.5'] },
      { rowId: 2, versionNumber: 2, values: ['text1', '9.5'] },
      { rowId: 3, versionNumber: 1, values: ['text2', '2.5'] },
      { rowId: 4, versionNumber: 2, values: ['added', null] },
    ]);
  });

  test('testRemoveColumn: cells of a new column are written while the old one is there and after it has gone', async () => {
    const { id, columns } = await make([{ name: 'old', columnType: 'STRING' }], [['a']]);
    const [added] = await alice().columns({ name: 'new', columnType: 'STRING' });
    const newId = added?.id ?? '';
    const oldId = columns[0]?.id ?? '';
    await change(id, schemaChange([{ newColumnId: newId }], [oldId, newId]));
    await change(id, partialRows(id, [{ rowId: 1, values: { [newId]: 'b' } }]));
    expect(await alice().cells(`select * from ${id}`)).toEqual([['a', 'b']]);
    await change(id, schemaChange([{ oldColumnId: oldId }], [newId]));
    expect(await alice().cells(`select * from ${id}`)).toEqual([['b']]);
    await change(id, partialRows(id, [{ rowId: 1, values: { [newId]: 'c' } }]));
    expect(await alice().cells(`select * from ${id}`)).toEqual([['c']]);
  });

  test('testDates: dates are compared as texts and as numbers', async () => {
    const dates = [
      '2014-02-03T02:12Z',
      '2014-02-03T03:41Z',
      '2015-02-03T03:41Z',
      '2016-02-03T03:41Z',
    ];
    const millis = dates.map((date) => [String(Date.parse(date))]);
    const { id } = await make([{ name: 'day1', columnType: 'DATE' }], millis);
    const between = (low: string, high: string): Promise<unknown> =>
      alice().cells(`select * from ${id} where day1 between ${low} and ${high} order by day1 asc`, {
        limit: 8,
      });
    expect(await between("'2014-2-3 3:00'", "'2016-1-1'")).toEqual(millis.slice(1, 3));
    expect(
      await between(String(Date.parse('2014-02-03T03:00Z')), String(Date.parse('2016-01-01Z'))),
    ).toEqual(millis.slice(1, 3));
  });

  test('testDoubles: NaN and infinities are sorted, found and left out of averages', async () => {
    const cells = [
      ...['NaN', '-Infinity', '-1.6976931348623157E308', '-1.0', '0.0', '1.0', '3.0E42'],
      ...['1.6976931348623157E308', 'Infinity'],
    ];
    const expected = [
      ...['NaN', '-Infinity', '-1.6976931348623157e308', '-1', '0', '1', '3e42'],
      ...['1.6976931348623157e308', 'Infinity'],
    ];
    const { id } = await make(
      [{ name: 'number', columnType: 'DOUBLE' }],
      cells.map((cell) => [cell]),
    );
    const column = async (rest: string): Promise<unknown[]> =>
      texts(await alice().cells(`select * from ${id} ${rest}`));
    expect(await column('order by number asc')).toEqual(expected);
    expect(await column('order by number desc')).toEqual([...expected].reverse());
    expect(await column('where isNaN(number)')).toEqual(['NaN']);
    expect(await column('where isInfinity(number) order by number')).toEqual([
      '-Infinity',
      'Infinity',
    ]);
    expect(
      await alice().cells(
        `select avg(number) from ${id} where not isNaN(number) and not isInfinity(number) and number is not null order by number`,
      ),
    ).toEqual([['0.0']]);
  });

  const booleans = [null, '', 'true', 'false', 'True', 'False', 'TRUE', 'FALSE'];
  test.each([
    ['is true', 3],
    ['is false', 3],
    ['is not true', 5],
    ['is not false', 5],
    ['= true', 3],
    ['= false', 3],
    ['<> true', 3],
    ['<> false', 3],
  ])('testBooleans: a boolean that %s', async (condition, count) => {
    const { id } = await make(
      [{ name: 'truth', columnType: 'BOOLEAN' }],
      booleans.map((cell) => [cell]),
    );
    expect(await alice().cells(`select * from ${id} where truth ${condition}`)).toHaveLength(count);
  });

  test.each(['1', '0', '2', 'falseish', 'nottrue'])(
    'testBooleans: %s is no boolean',
    async (cell) => {
      const { id, columns } = await make([{ name: 'truth', columnType: 'BOOLEAN' }]);
      expect(
        await alice().transaction(id, [rowSet(id, columns, [{ values: [cell] }])]),
      ).toMatchObject({ status: 400 });
    },
  );

  test('testReplaceAndDeleteRoundTrip: rows are replaced and deleted', async () => {
    const { id, columns } = await make(
      [{ name: 'text', columnType: 'STRING' }],
      [['one'], ['two'], ['three'], ['four']],
    );
    await change(
      id,
      rowSet(id, columns, [
        { rowId: 1, versionNumber: 1, values: ['uno'] },
        { rowId: 2, versionNumber: 1, values: ['dos'] },
        { rowId: 3, versionNumber: 1, values: ['tres'] },
      ]),
    );
    const { etag } = (await alice().query(`select * from ${id}`)).queryResult?.queryResults ?? {};
    const deleted = await server.alice.post(`/entity/${id}/table/deleteRows`, {
      concreteType: `${tableModel}.RowSelection`,
      etag,
      rowIds: [2, 4],
    });
    expect(deleted).toMatchObject({ status: 201 });
    expect((deleted.body as M.RowReferenceSet).rows).toHaveLength(2);
    expect(await alice().cells(`select * from ${id}`, { limit: 100 })).toEqual([['uno'], ['tres']]);
  });

  test('testPartialUpdate: partial rows keep other cells, and nulls become defaults', async () => {
    const defaulted = { columnType: 'STRING', defaultValue: 'default' } as const;
    const { id, columns } = await make(
      [
        { name: 'a', columnType: 'STRING' },
        { name: 'b', columnType: 'STRING' },
        { name: 'c', ...defaulted },
        { name: 'd', ...defaulted },
      ],
      Array.from({ length: 4 }, () => ['some', null, 'some', null]),
    );
    const [a = '', b = '', c = '', d = ''] = columns.map((column) => column.id);
    await change(
      id,
      partialRows(id, [
        { values: { [a]: 'some', [c]: 'some' } },
        { rowId: 1, values: { [b]: 'other', [d]: 'other' } },
        { rowId: 2, values: { [a]: 'other', [c]: 'other' } },
        { rowId: 4, values: { [a]: null, [b]: null, [c]: null, [d]: null } },
      ]),
    );
    expect(await alice().cells(`select * from ${id} order by row_id`)).toEqual([
      ['some', 'other', 'some', 'other'],
      ['other', null, 'other', 'default'],
      ['some', null, 'some', 'default'],
      [null, null, 'default', 'default'],
      ['some', null, 'some', 'default'],
    ]);
  });

  test('testUpdateFilehandles: cells with files of the caller are changed and cleared', async () => {
    const handle = async (md5: string): Promise<string> =>
      server.alice.createHandle(md5.repeat(32), { fileName: `${md5}.txt` });
    const [one, two] = [await handle('a'), await handle('b')];
    const models = [0, 1, 2].map((n): M.ColumnModel => ({
      name: `file${n}`,
      columnType: 'FILEHANDLEID',
    }));
    const { id, columns } = await make(models, [[one, one, null]]);
    const [first = '', second = '', third = ''] = columns.map((column) => column.id);
    await change(
      id,
      partialRows(id, [{ rowId: 1, values: { [first]: two, [second]: null, [third]: two } }]),
    );
    expect(await alice().cells(`select * from ${id}`)).toEqual([[two, null, two]]);
    await change(id, partialRows(id, [{ rowId: 1, values: { [first]: one, [second]: one } }]));
    expect(await alice().cells(`select * from ${id}`, { limit: 5 })).toEqual([[one, one, two]]);
  });

  const special = "Special~!@#$%^^&*()_+|}{:?></.,;'[]'";
  test('testColumnNameRange: names with spaces and marks need quotes; an alias has no column id', async () => {
    const { id, columns } = await make(
      ['Has Space', 'a', 'A', special].map((name) => ({ name, columnType: 'STRING' })),
      [['s', 'lower', 'upper', 'x']],
    );
    const [space, lower, upper, last] = columns.map((column) => column.id);
    const ids = async (list: string): Promise<unknown> =>
      (await alice().query(`select ${list} from ${id}`)).selectColumns?.map((column) => column.id);
    expect(await ids(`A, a, "Has Space", "${special}"`)).toEqual([upper, lower, space, last]);
    expect(await alice().askQuery(`select A, Has Space from ${id}`)).toMatchObject({ status: 400 });
    expect(await ids('A, `Has Space`')).toEqual([upper, space]);
    expect(await alice().cells(`select A, \`Has Space\` from ${id}`)).toEqual([['upper', 's']]);
    expect(await ids('A, "Has Space" as HasSpace')).toEqual([undefined, undefined]);
  });

  test('testNoColumnsNoRows: a table without columns has no rows and no etag', async () => {
    const { id } = await alice().table([]);
    const { queryResult } = await alice().query(`select * from ${id}`, { limit: 1 }, 0x1);
    expect(queryResult?.queryResults).toMatchObject({ tableId: id, headers: [], rows: [] });
    expect(queryResult?.queryResults?.etag).toBeUndefined();
  });

  test('testNoRows: a table without rows has an etag', async () => {
    const { id } = await make(everyType);
    const { queryResult } = await alice().query(`select * from ${id}`, { limit: 1 });
    expect(queryResult?.queryResults).toMatchObject({
      tableId: id,
      rows: [],
      etag: expect.any(String),
    });
  });

  test('testCopyAndUpdateTableFromCSV: rows are downloaded, changed and uploaded again', async () => {
    const { id } = await make(
      [
        { name: 'a', columnType: 'STRING' },
        { name: 'b', columnType: 'INTEGER' },
        { name: 'c', columnType: 'DOUBLE' },
      ],
      [
        ['AAA', '2', '1.1'],
        [null, '3', '1.2'],
        ['AAA', '4', null],
        ['ZZZ', null, '1.3'],
      ],
    );
    const text = await alice().csv(`select * from ${id}`);
    expect(text).toBe(
      '"ROW_ID","ROW_VERSION","a","b","c"\n"1","1","AAA","2","1.1"\n"2","1",,"3","1.2"\n' +
        '"3","1","AAA","4",\n"4","1","ZZZ",,"1.3"\n',
    );
    expect(await alice().csv(`select count(a), a from ${id} group by a order by a`)).toBe(
      '"COUNT(a)","a"\n"0",\n"2","AAA"\n"1","ZZZ"\n',
    );
    const file = await alice().upload(text.replace('"AAA","2"', '"DDD","2"'));
    await change(id, csvUpload(file, { csvTableDescriptor: { isFirstLineHeader: true } }));
    expect(
      await alice().csv(`select c, a, b from ${id} limit 1`, { includeRowIdAndRowVersion: false }),
    ).toBe('"c","a","b"\n"1.1","DDD","2"\n');
  });

  test('testCSVDownloadAggregateColumn: a file of groups has no row ids', async () => {
    const { id } = await make(
      [
        { name: 'a', columnType: 'STRING' },
        { name: 'b', columnType: 'INTEGER' },
      ],
      [
        ['A', '1'],
        ['A', '2'],
        ['C', '4'],
      ],
    );
    const sql = `select a, sum(b) from ${id} group by a order by a`;
    const { queryResult } = await alice().query(sql);
    expect(queryResult?.queryResults?.headers).toEqual([
      { name: 'a', columnType: 'STRING' },
      { name: 'SUM(b)', columnType: 'INTEGER' },
    ]);
    expect(await alice().csv(sql, { includeRowIdAndRowVersion: true })).toBe(
      '"a","SUM(b)"\n"A","3"\n"C","4"\n',
    );
  });

  const values = (columnName: string, ...facetValues: string[]): M.FacetColumnValuesRequest => ({
    concreteType: `${tableModel}.FacetColumnValuesRequest`,
    columnName,
    facetValues,
  });
  const counted = (value: string, isSelected = false): object => ({ value, count: 1, isSelected });

  test('testCSVDownloadWithFacets: a file has the rows of the selected values', async () => {
    const { id } = await makeEveryType(4);
    expect(
      await alice().csv(`select text from ${id}`, {
        selectedFacets: [values('text', 'text0', 'text2')],
        includeRowIdAndRowVersion: false,
      }),
    ).toBe('"text"\n"text0"\n"text2"\n');
  });

  test('testPermissions: rows need UPDATE, queries READ and DOWNLOAD, and the same query of an unchanged table keeps its result', async () => {
    const { id, columns } = await make([{ name: 'text', columnType: 'STRING' }], [['one']]);
    const bob = new TableSession(server.bob);
    const write = (): Promise<unknown> =>
      bob.transaction(id, [rowSet(id, columns, [{ values: ['two'] }])]);
    expect(await write()).toMatchObject({ status: 403 });
    expect(await bob.askQuery(`select * from ${id}`)).toMatchObject({ status: 403 });
    const acl = await server.alice.post(`/entity/${id}/acl`, {
      id,
      resourceAccess: [
        {
          principalId: server.userId('alice'),
          accessType: ['READ', 'UPDATE', 'DOWNLOAD', 'CHANGE_PERMISSIONS', 'DELETE'],
        },
        { principalId: server.userId('bob'), accessType: ['READ', 'UPDATE', 'DOWNLOAD'] },
      ],
    });
    expect(acl).toMatchObject({ status: 201 });
    expect(await write()).toMatchObject({ status: 201 });
    expect(await bob.cells(`select * from ${id}`)).toEqual([['one'], ['two']]);
  });

  test('testPLFM_4051: rows are written after a column has become wider', async () => {
    const { id, columns } = await make([{ name: 'text', columnType: 'STRING', maximumSize: 50 }]);
    const [before] = columns;
    await change(id, partialRows(id, [{ values: { [before?.id ?? '']: 'one' } }]));
    const [wider] = await alice().columns({ name: 'text', columnType: 'STRING', maximumSize: 100 });
    const newId = wider?.id ?? '';
    await change(
      id,
      schemaChange([{ oldColumnId: before?.id ?? '', newColumnId: newId }], [newId]),
    );
    await change(id, partialRows(id, [{ rowId: 1, values: { [newId]: 'two' } }]));
    expect(await alice().cells(`select * from ${id}`)).toEqual([['two']]);
  });

  test('testPLFM_4089: rows that are added without a column have no value in it', async () => {
    const { id, columns } = await make(
      [
        { name: 'truth', columnType: 'BOOLEAN' },
        { name: 'whole', columnType: 'INTEGER' },
      ],
      [['true', '123']],
    );
    await alice().append(id, columns.slice(0, 1), [['false']]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      ['true', '123'],
      ['false', null],
    ]);
  });

  test('testFacetNoneSelected: each facet has its values, whatever the page is', async () => {
    const { id } = await makeEveryType(3);
    expect(await facets(`select * from ${id}`, { offset: 2, limit: 1 })).toEqual([
      expect.objectContaining({
        facetType: 'enumeration',
        facetValues: [counted('text0'), counted('text1'), counted('text2')],
      }),
      expect.objectContaining({ facetType: 'range', columnMin: '100', columnMax: '102' }),
      expect.objectContaining({
        facetType: 'enumeration',
        facetValues: ['other0', 'other1', 'other2', 'value0', 'value1', 'value2'].map((value) =>
          counted(value),
        ),
      }),
    ]);
  });

  test('testFacet_SingleValueColumnSelected: a selection narrows the other facets only', async () => {
    const { id } = await makeEveryType(4);
    const selectedFacets = [values('text', 'text0', 'text2')];
    expect(await facets(`select * from ${id}`, { selectedFacets })).toEqual([
      expect.objectContaining({
        facetValues: [
          counted('text0', true),
          counted('text1'),
          counted('text2', true),
          counted('text3'),
        ],
      }),
      expect.objectContaining({ columnMin: '100', columnMax: '102' }),
      expect.objectContaining({
        facetValues: ['other0', 'other2', 'value0', 'value2'].map((value) => counted(value)),
      }),
    ]);
  });

  test('testCachedFacetStats: facets are new after rows are added', async () => {
    const { id, columns } = await make(
      [{ name: 'foo', columnType: 'INTEGER', facetType: 'enumeration' }],
      [['1']],
    );
    const found = async (): Promise<unknown> => facets(`select * from ${id}`);
    expect(await found()).toMatchObject([{ columnName: 'foo', facetValues: [counted('1')] }]);
    await alice().append(id, columns, [['2']]);
    expect(await found()).toMatchObject([{ facetValues: [counted('1'), counted('2')] }]);
  });

  test('testUnnest_returnCount: each element of a list is a row', async () => {
    const { id } = await makeEveryType(6);
    const rows = await alice().cells(`select UNNEST(list) from ${id}`, { limit: 25, offset: 0 });
    expect(rows).toHaveLength(12);
  });

  test('testUnnest_nullColumns: a row without a list stays as a row without an element', async () => {
    const { id } = await make(
      [{ name: 'list', columnType: 'STRING_LIST' }],
      [['["a1","a2","a3"]'], ['["b1","b2"]'], [null]],
    );
    const rows = await alice().rows(`select ROW_ID, UNNEST(list) from ${id}`);
    expect(rows).toHaveLength(6);
    expect(rows).toContainEqual({ rowId: 3, versionNumber: 1, values: ['3', null] });
  });

  test('testFacet_ListColumnValueSelected: selected elements narrow the other facets', async () => {
    const { id } = await makeEveryType(4);
    const selectedFacets = [values('list', 'value0', 'other3')];
    expect(await facets(`select * from ${id}`, { selectedFacets })).toMatchObject([
      { facetValues: [counted('text0'), counted('text3')] },
      { columnMin: '100', columnMax: '103' },
      { facetValues: Array.from({ length: 8 }, () => ({ count: 1 })) },
    ]);
  });

  test('testFacet_ListColumnEmptyJSONStringEmptyArrayValues: with the default [], null, empty text and [] are not set', async () => {
    const { id, columns } = await make(
      [
        {
          name: 'list',
          columnType: 'STRING_LIST',
          defaultValue: '[]',
          facetType: 'enumeration',
        },
      ],
      [['[]'], ['["actually has value"]'], [null], ['']],
    );
    expect(columns[0]).not.toHaveProperty('defaultValue');
    expect(await facets(`select * from ${id}`)).toMatchObject([
      {
        facetValues: [
          { value: nothing, count: 3 },
          { value: 'actually has value', count: 1 },
        ],
      },
    ]);
    const selectedFacets = [values('list', nothing)];
    expect(await alice().rows(`select * from ${id}`, { selectedFacets })).toHaveLength(3);
  });

  const lists: readonly Values[] = [['["1","2","3"]'], ['["3","4","5"]']];
  const shown = [['["1", "2", "3"]'], ['["3", "4", "5"]']];

  test('testRenameListColumn: a list column keeps its elements under a new name', async () => {
    const { id, columns } = await make([{ name: 'before', columnType: 'STRING_LIST' }], lists);
    const find = (name: string): Promise<unknown> =>
      alice().cells(`select * from ${id} where ${name} has ('3')`);
    expect(await find('before')).toEqual(shown);
    const [renamed] = await alice().columns({ name: 'after', columnType: 'STRING_LIST' });
    const newColumnId = renamed?.id ?? '';
    await change(
      id,
      schemaChange([{ oldColumnId: columns[0]?.id ?? '', newColumnId }], [newColumnId]),
    );
    expect(await find('after')).toEqual(shown);
  });

  test('testNotHasQuery: NOT HAS finds the lists without any of the elements', async () => {
    const { id } = await make(
      [{ name: 'list', columnType: 'STRING_LIST' }],
      [['["a","b","g"]'], ['["a","c","g"]'], ['["d","e","g"]']],
    );
    const without = (element: string): Promise<unknown> =>
      alice().cells(`select * from ${id} where list not has ('${element}') order by row_id`);
    expect(await without('a')).toEqual([['["d", "e", "g"]']]);
    expect(await without('c')).toEqual([['["a", "b", "g"]'], ['["d", "e", "g"]']]);
    expect(await without('g')).toEqual([]);
  });

  test('testCurrentUserQuery: CURRENT_USER() is the id of the caller', async () => {
    const own = String(server.userId('alice'));
    const { id } = await make([{ name: 'who', columnType: 'USERID' }], [[own], ['2'], ['3']]);
    const where = `from ${id} where who = CURRENT_USER()`;
    expect(await alice().cells(`select who ${where}`)).toEqual([[own]]);
    expect(await alice().cells(`select CURRENT_USER() ${where}`)).toEqual([[own]]);
  });

  test('testChangeListColumnMaximumListLength_valueBelowMaxLists: a shorter list column names the length that is needed', async () => {
    const { id, columns } = await make([{ name: 'list', columnType: 'STRING_LIST' }], lists);
    const [shorter] = await alice().columns({
      name: 'list',
      columnType: 'STRING_LIST',
      maximumListLength: 2,
    });
    const newColumnId = shorter?.id ?? '';
    const oldColumnId = columns[0]?.id ?? '';
    expect(
      await alice().transaction(id, [schemaChange([{ oldColumnId, newColumnId }], [newColumnId])]),
    ).toEqual(refusal(400, 'maximumListLength for ColumnModel "list" must be at least: 3'));
    expect(await alice().cells(`select * from ${id}`)).toEqual(shown);
  });

  test('testUserIdListAndEntityIdList: lists of entities and users are found by text and number', async () => {
    const { id } = await make(
      [
        { name: 'entities', columnType: 'ENTITYID_LIST' },
        { name: 'users', columnType: 'USERID_LIST' },
      ],
      [
        ['["syn1","2","syn3"]', '["9","8","7"]'],
        ['["3","syn4","5"]', '["6","5","4"]'],
        ['["6","syn7","8"]', '["3","2","1"]'],
      ],
    );
    const find = (condition: string): Promise<unknown> =>
      alice().cells(`select * from ${id} where ${condition}`);
    expect(await find("entities has ('8', 'syn1')")).toEqual([
      ['["syn1","syn2","syn3"]', '[9, 8, 7]'],
      ['["syn6","syn7","syn8"]', '[3, 2, 1]'],
    ]);
    expect(await find('users has (9, 5)')).toEqual([
      ['["syn1","syn2","syn3"]', '[9, 8, 7]'],
      ['["syn3","syn4","syn5"]', '[6, 5, 4]'],
    ]);
  });

  test('testPLFM_4161: a column may have a name that begins with a digit', async () => {
    const { id } = await make([{ name: '5ormore', columnType: 'INTEGER' }], [['123']]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['123']]);
  });

  test('testEntityIdColumns: a facet of entities is selected by the whole id', async () => {
    const { id } = await make(
      [{ name: 'which', columnType: 'ENTITYID', facetType: 'enumeration' }],
      [['syn123'], ['syn456'], ['syn789'], ['syn123']],
    );
    const selectedFacets = [values('which', 'syn123')];
    expect(await alice().cells(`select * from ${id}`, { selectedFacets })).toEqual([
      ['syn123'],
      ['syn123'],
    ]);
  });

  test('testPLFM_4245: a table is queried after a column has a new name', async () => {
    const { id, columns } = await make([{ name: 'before', columnType: 'INTEGER' }], [['1']]);
    const [renamed] = await alice().columns({ name: 'after', columnType: 'INTEGER' });
    const newColumnId = renamed?.id ?? '';
    await change(
      id,
      schemaChange([{ oldColumnId: columns[0]?.id ?? '', newColumnId }], [newColumnId]),
    );
    expect(await alice().cells(`select after from ${id}`)).toEqual([['1']]);
  });

  test('testPLFM4303: facets may be of columns that are named like functions', async () => {
    const { id } = await make(
      [
        { name: 'year', columnType: 'INTEGER', facetType: 'range' },
        { name: 'day', columnType: 'STRING', maximumSize: 50, facetType: 'enumeration' },
      ],
      [
        ['1970', 'Monday'],
        ['1990', 'Tuesday'],
      ],
    );
    const range: M.FacetColumnRangeRequest = {
      concreteType: `${tableModel}.FacetColumnRangeRequest`,
      columnName: 'year',
      min: '1980',
      max: '2000',
    };
    const selectedFacets = [range, values('day', 'Tuesday')];
    expect(await alice().cells(`select * from ${id}`, { selectedFacets })).toEqual([
      ['1990', 'Tuesday'],
    ]);
    expect(await facets(`select * from ${id}`, { selectedFacets })).toHaveLength(2);
  });

  async function publicTable(type: string): Promise<string> {
    const { id } = await makeEveryType(1);
    await server.alice.post(`/entity/${id}/acl`, {
      id,
      resourceAccess: [
        {
          principalId: server.userId('alice'),
          accessType: ['READ', 'UPDATE', 'DOWNLOAD', 'CHANGE_PERMISSIONS'],
        },
        { principalId: 273_949, accessType: ['READ'] },
      ],
    });
    await server.admin.put(`/entity/${id}/datatype?type=${type}`);
    return id;
  }

  test('testPLFM_5240Sensitive: anonymous users may not query a public table of sensitive data', async () => {
    const id = await publicTable('SENSITIVE_DATA');
    const anonymous = new TableSession(server.anonymous);
    expect(await anonymous.askQuery(`select row_id from ${id}`)).toMatchObject({ status: 403 });
  });

  test('testPLFM_5240Open: anonymous users query a public table of open data', async () => {
    const id = await publicTable('OPEN_DATA');
    expect(
      await new TableSession(server.anonymous).cells(`select row_id from ${id}`, { limit: 8 }),
    ).toEqual([['1']]);
  });

  test.each([
    ['select year from $', 'field list'],
    ['select "year" from $ where year = 2020', 'where clause'],
    ['select "year" from $ where "year" = 2020 group by year', 'group statement'],
    ['select "year" from $ order by year', 'order clause'],
  ])('testQueryWithUnquotedKeyword: %s does not know the column', async (sql, clause) => {
    const { id } = await make([{ name: 'year', columnType: 'STRING', maximumSize: 50 }]);
    expect(await alice().askQuery(sql.replace('$', id))).toEqual(
      refusal(400, `Unknown column 'YEAR' in '${clause}'${keywordNote}`),
    );
  });

  test('testQueryGroupConcat: texts of a group are joined in their order', async () => {
    const { id } = await make(
      [
        { name: 'foo', columnType: 'STRING' },
        { name: 'bar', columnType: 'STRING' },
      ],
      [
        ['a', 'one'],
        ['a', 'two'],
        ['b', 'four'],
        ['b', 'five'],
      ],
    );
    expect(
      await alice().cells(
        `select foo, group_concat(distinct bar order by bar asc separator '#') from ${id} group by foo order by foo desc`,
      ),
    ).toEqual([
      ['b', 'five#four'],
      ['a', 'one#two'],
    ]);
  });

  test('testQueryCRC32: CRC32 is the checksum of a text', async () => {
    const { id } = await make([{ name: 'foo', columnType: 'STRING' }], [['one'], ['two']]);
    expect(await alice().cells(`select CRC32(foo) from ${id} order by foo desc`)).toEqual([
      ['298486374'],
      ['2053932785'],
    ]);
  });

  test('testPLFM_5330: long texts fill every large column of a table', async () => {
    const models = Array.from({ length: 30 }, (_, n): M.ColumnModel => ({
      name: `max${n}`,
      columnType: 'LARGETEXT',
    }));
    const { id } = await make(models, [models.map(() => 'a'.repeat(1000))]);
    expect(await alice().cells(`select * from ${id}`)).toHaveLength(1);
  });

  test('testQueryUnixTimestamp: a date is compared with a time in seconds', async () => {
    const now = Date.parse('2024-05-06T07:08:09Z');
    const { id } = await make(
      [{ name: 'createdOn', columnType: 'DATE' }],
      [[String(now)], [String(now + 2)], ['1000']],
    );
    expect(
      await alice().cells(
        `select * from ${id} where createdOn > UNIX_TIMESTAMP('2021-06-20 00:00:00')*1000`,
      ),
    ).toHaveLength(2);
  });

  test('testEnableSearchWithEmptyTable: a search in a table without columns finds nothing', async () => {
    const { id } = await alice().table([], { isSearchEnabled: true });
    const sql = `select * from ${id} where text_matches('something')`;
    expect(await alice().rows(sql)).toEqual([]);
  });

  const matches = (id: string, text: string): Promise<M.Row[]> =>
    alice().rows(`select * from ${id} where text_matches('${text}')`);
  /** The places in the table of the rows that are found. */
  const found = async (id: string, text: string): Promise<number[]> => {
    const [first] = await alice().rows(`select row_id from ${id} order by row_id limit 1`);
    const rows = await matches(id, text);
    return rows.map(({ rowId = 0 }) => rowId - (first?.rowId ?? 0) + 1);
  };

  async function enableSearch(id: string, isSearchEnabled: boolean): Promise<void> {
    await server.alice.update(await server.alice.read(id), { isSearchEnabled });
  }

  test('testEnableSearchWithExistingData: a table is searched once search is enabled', async () => {
    const { id } = await makeEveryType(2);
    const sql = `select * from ${id} where text_matches('something')`;
    expect(await alice().askQuery(sql)).toMatchObject({ status: 400 });
    await enableSearch(id, true);
    expect(await alice().rows(sql)).toEqual([]);
    expect(await found(id, 'text1')).toEqual([2]);
  });

  test('testEnableSearchIdempotent: search can be enabled again', async () => {
    const { id } = await alice().table([], { isSearchEnabled: true });
    await enableSearch(id, true);
    expect(await matches(id, 'x')).toEqual([]);
  });

  test('testDisableSearch: a table is not searched once search is disabled', async () => {
    const { id } = await make(everyType, [everyTypeRow(0)], { isSearchEnabled: true });
    expect(await found(id, 'text0')).toEqual([1]);
    await enableSearch(id, false);
    expect(await alice().askQuery(`select * from ${id} where text_matches('text0')`)).toMatchObject(
      { status: 400 },
    );
  });

  const searched: readonly M.ColumnModel[] = [
    { name: 'one', columnType: 'STRING' },
    { name: 'two', columnType: 'STRING_LIST' },
    { name: 'three', columnType: 'INTEGER' },
  ];
  const searchedRows: readonly Values[] = [
    ['single', '[]', '1'],
    ['single', '["multi", "value"]', '2'],
    ['other', null, '3'],
  ];

  test('testTextMatchesWithSearchEnabled: rows are found by the words of their cells, and counted', async () => {
    const { id } = await make(searched, searchedRows, { isSearchEnabled: true });
    expect(await found(id, 'single')).toEqual([1, 2]);
    expect(await found(id, 'multi value')).toEqual([2]);
    expect(
      await alice().cells(
        `select three from ${id} where text_matches('other single') and three > 1 order by three`,
      ),
    ).toEqual([['2'], ['3']]);
    const sql = `select * from ${id} where text_matches('single')`;
    expect(await alice().cells(sql.replace('*', 'COUNT(*)'))).toEqual([['2']]);
    expect(await sizes(sql)).toEqual([2, 2]);
    const filter: M.TextMatchesQueryFilter = {
      concreteType: `${tableModel}.TextMatchesQueryFilter`,
      searchExpression: 'single',
    };
    expect(await alice().rows(`select * from ${id}`, { additionalFilters: [filter] })).toHaveLength(
      2,
    );
  });

  test('testTextMatchesWithSearchEnabledAndRowUpdated: a changed row is found by its new words', async () => {
    const { id, columns } = await make(searched, searchedRows, { isSearchEnabled: true });
    expect(await found(id, 'updated')).toEqual([]);
    const rows = await alice().rows(`select * from ${id} where row_id = 2`);
    const version = rows[0]?.versionNumber ?? 0;
    await change(
      id,
      rowSet(id, columns, [
        { rowId: 2, versionNumber: version, values: ['updated', '["multi"]', '2'] },
      ]),
    );
    expect(await matches(id, 'updated')).toMatchObject([{ rowId: 2 }]);
  });

  test('testTextMatchesWithSearchEnabledOnExistingData: a search names the table that cannot be searched', async () => {
    const { id } = await make(searched, searchedRows);
    expect(await alice().askQuery(`select * from ${id} where text_matches('single')`)).toEqual(
      refusal(400, `Invalid use of TEXT_MATCHES. Full text search is not enabled on table ${id}.`),
    );
    await enableSearch(id, true);
    expect(await found(id, 'single')).toEqual([1, 2]);
  });

  test('testTextMatchesWithSearchEnabledOnSchemaChange: words of a removed column are not found', async () => {
    const { id, columns } = await make(
      searched,
      [
        ['value', '[]', '1'],
        ['value', '["multi", "value"]', '2'],
        ['other', null, '3'],
      ],
      { isSearchEnabled: true },
    );
    expect((await found(id, 'value')).sort()).toEqual([1, 2]);
    const kept = columns[1]?.id ?? '';
    await server.alice.update(await server.alice.read(id), { columnIds: [kept] });
    expect(await found(id, 'value')).toEqual([2]);
  });

  test('testTableWithMediumText: a table has many columns of medium texts', async () => {
    const models = Array.from({ length: 152 }, (_, n): M.ColumnModel => ({
      name: `column_${n}`,
      columnType: 'MEDIUMTEXT',
    }));
    const row = models.map(() => 'x'.repeat(2000));
    const { id } = await make(models, [row, row]);
    expect(await alice().cells(`select ROW_ID from ${id}`)).toEqual([['1'], ['2']]);
  });

  test('testTableWithJson: objects and arrays come back as JSON', async () => {
    const models = Array.from({ length: 30 }, (_, n): M.ColumnModel => ({
      name: `column_${n}`,
      columnType: 'JSON',
    }));
    const { id } = await make(models, [
      models.map(() => '{"foo":"bar"}'),
      models.map((_, n) => `[{"foo":"bar"}, {"bar": ${n}}]`),
    ]);
    const cells = texts(await alice().cells(`select column_0 from ${id}`));
    expect(cells.map((cell) => JSON.parse(cell ?? '') as unknown)).toEqual([
      { foo: 'bar' },
      [{ foo: 'bar' }, { bar: 0 }],
    ]);
  });

  test('testBuildTableWithCaseSelect: sums of CASE count the rows of each kind', async () => {
    const { id } = await make(
      [
        { name: 'id', columnType: 'INTEGER' },
        { name: 'type', columnType: 'STRING', enumValues: ['one', 'two'] },
      ],
      [
        ['1', 'one'],
        ['2', 'one'],
        ['2', 'two'],
        ['3', 'two'],
        ['3', 'two'],
      ],
    );
    const sum = (type: string): string => `sum(case type when '${type}' then 1 else 0 end)`;
    expect(
      await alice().cells(
        `select id, ${sum('one')} as a, ${sum('two')} as b from ${id} group by id order by id asc`,
      ),
    ).toEqual([
      ['1', '1', '0'],
      ['2', '1', '1'],
      ['3', '0', '2'],
    ]);
  });

  test('testQueryWithEndOfFile: HAVING is not part of the grammar', async () => {
    const { id } = await make([
      { name: 'foo', columnType: 'INTEGER' },
      { name: 'bar', columnType: 'INTEGER' },
    ]);
    expect(
      await alice().askQuery(`SELECT foo, sum(bar) as b FROM ${id} GROUP BY foo HAVING b > 1000`),
    ).toEqual(
      refusal(400, expect.stringContaining('Encountered " <regular_identifier> "HAVING ""')),
    );
  });

  test('testPLFM_4186: the same query of an unchanged table is the same job', async () => {
    const { id, columns } = await makeEveryType(1);
    const start = async (sql: string): Promise<unknown> => {
      const request = { concreteType: `${tableModel}.QueryBundleRequest`, query: { sql } };
      const answer = await server.alice.post(`/entity/${id}/table/query/async/start`, request);
      const { token } = answer.body as { token: string };
      while (
        (await server.alice.get(`/entity/${id}/table/query/async/get/${token}`)).status === 202
      );
      return token;
    };
    const sql = `select text from ${id}`;
    const first = await start(sql);
    expect(await start(sql)).toBe(first);
    expect(await start(`${sql} limit 1`)).not.toBe(first);
    await alice().append(id, columns, [everyTypeRow(1)]);
    expect(await start(sql)).not.toBe(first);
  });
});
