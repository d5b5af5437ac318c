import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { TableSession, tableModel, type Column, type Values } from '../server/tableSession.js';
import { allow, annotate, entityView, fileColumns, viewScene } from './viewScene.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

function bob(): TableSession {
  return new TableSession(server.bob);
}

const everything = 0x1 | 0x2 | 0x10 | 0x20;
const model = (name: string): string => `${tableModel}.${name}`;

function virtual(parentId: string | undefined, definingSQL: string): Promise<Stored> {
  return server.alice.create('virtualtable', {
    name: crypto.randomUUID(),
    ...(parentId !== undefined && { parentId }),
    definingSQL,
  });
}

async function filledTable(columns: readonly Column[], rows: readonly Values[]): Promise<Stored> {
  const table = await alice().table(columns);
  await alice().append(table.id, columns, rows);
  return table;
}

/** A virtual table of sums and lists by a group, with its columns. */
async function sums(): Promise<{ id: string; columns: readonly Column[]; sql: string }> {
  const [foo, bar] = await alice().columns(
    { name: 'foo', columnType: 'STRING', maximumSize: 50 },
    { name: 'bar', columnType: 'INTEGER' },
  );
  const [sum, json, array, list] = await alice().columns(
    { name: 'barSum', columnType: 'INTEGER', facetType: 'range' },
    {
      name: 'jsonColumn',
      columnType: 'JSON',
      jsonSubColumns: [
        { name: 'a', columnType: 'INTEGER', facetType: 'enumeration', jsonPath: '$.a' },
        { name: 'b', columnType: 'INTEGER', facetType: 'range', jsonPath: '$.b' },
      ],
    },
    { name: 'jsonArrayColumn', columnType: 'JSON' },
    { name: 'listColumn', columnType: 'INTEGER_LIST', facetType: 'enumeration' },
  );
  const columns = [foo, sum, json, array, list].flatMap((column) => column ?? []);
  const table = await filledTable(
    [foo, bar].flatMap((column) => column ?? []),
    [
      ['a', '1'],
      ['a', '5'],
      ['b', '2'],
      ['b', '16'],
    ],
  );
  const definingSQL =
    `select foo, cast(sum(bar) as ${sum?.id ?? ''}), cast(JSON_OBJECT(foo, sum(bar)) as ${json?.id ?? ''}), ` +
    `cast(JSON_ARRAYAGG(bar) as ${array?.id ?? ''}), cast(JSON_ARRAYAGG(bar) as ${list?.id ?? ''}) ` +
    `from ${table.id} group by foo order by foo`;
  const { id } = await virtual(table.parentId, definingSQL);
  return { id, columns, sql: `select * from ${id}` };
}

const rowA = ['a', '6', '{"a": 6}', '[1, 5]', '[1, 5]'];
const rowB = ['b', '18', '{"b": 18}', '[2, 16]', '[2, 16]'];

/** Facets as {@link sums} has them. */
function range(columnName: string, fields: object): object {
  return {
    concreteType: model('FacetColumnResultRange'),
    columnName,
    facetType: 'range',
    ...fields,
  };
}

function counts(columnName: string, values: readonly [string, boolean?][], fields = {}): object {
  return {
    concreteType: model('FacetColumnResultValues'),
    columnName,
    facetType: 'enumeration',
    facetValues: values.map(([value, isSelected = false]) => ({ value, count: 1, isSelected })),
    ...fields,
  };
}

const noValue = 'org.sagebionetworks.UNDEFINED_NULL_NOTSET';
const a = { jsonPath: '$.a' };
const b = { jsonPath: '$.b' };

async function found(
  sql: string,
  query: object = {},
): Promise<{ rows: unknown; count: number | undefined; facets: unknown }> {
  const bundle = await alice().query(sql, query, everything);
  return {
    rows: bundle.queryResult?.queryResults?.rows?.map(({ values }) => values),
    count: bundle.queryCount,
    facets: bundle.facets,
  };
}

describe('VirtualTableIntegrationTest', () => {
  test('testVirtualTableAgainstTable: groups are queried with their facets', async () => {
    const { id, columns, sql } = await sums();
    expect(await server.alice.read(id)).toMatchObject({
      columnIds: columns.map((column) => column.id),
    });
    const bundle = await alice().query(sql, {}, everything);
    expect(bundle.columnModels).toEqual(columns);
    expect(await found(sql)).toEqual({
      rows: [rowA, rowB],
      count: 2,
      facets: [
        range('barSum', { columnMin: '6', columnMax: '18' }),
        counts('jsonColumn', [[noValue], ['6']], a),
        range('jsonColumn', { ...b, columnMin: '18', columnMax: '18' }),
        counts('listColumn', [['1'], ['2'], ['5'], ['16']]),
      ],
    });
    expect(await bob().askQuery(sql)).toEqual(
      refusal(403, expect.stringMatching(/^You lack (?:READ|DOWNLOAD) access/)),
    );
  });

  test.each<[string, object, unknown]>([
    [
      'testVirtualTableAgainstTable: a range of a column selects',
      {
        concreteType: model('FacetColumnRangeRequest'),
        columnName: 'barSum',
        min: '17',
        max: '19',
      },
      {
        rows: [rowB],
        count: 1,
        facets: [
          range('barSum', {
            columnMin: '6',
            columnMax: '18',
            selectedMin: '17',
            selectedMax: '19',
          }),
          counts('jsonColumn', [[noValue]], a),
          range('jsonColumn', { ...b, columnMin: '18', columnMax: '18' }),
          counts('listColumn', [['2'], ['16']]),
        ],
      },
    ],
    [
      'testVirtualTableAgainstTable: a range of a sub-column selects',
      {
        concreteType: model('FacetColumnRangeRequest'),
        columnName: 'jsonColumn',
        ...b,
        min: '17',
        max: '19',
      },
      {
        rows: [rowB],
        count: 1,
        facets: [
          range('barSum', { columnMin: '18', columnMax: '18' }),
          counts('jsonColumn', [[noValue]], a),
          range('jsonColumn', {
            ...b,
            columnMin: '18',
            columnMax: '18',
            selectedMin: '17',
            selectedMax: '19',
          }),
          counts('listColumn', [['2'], ['16']]),
        ],
      },
    ],
    [
      'testVirtualTableAgainstTable: a value of a sub-column selects',
      {
        concreteType: model('FacetColumnValuesRequest'),
        columnName: 'jsonColumn',
        ...a,
        facetValues: ['6'],
      },
      {
        rows: [rowA],
        count: 1,
        facets: [
          range('barSum', { columnMin: '6', columnMax: '6' }),
          counts('jsonColumn', [[noValue], ['6', true]], a),
          range('jsonColumn', b),
          counts('listColumn', [['1'], ['5']]),
        ],
      },
    ],
    [
      'testVirtualTableAgainstTable: an element of a list selects',
      {
        concreteType: model('FacetColumnValuesRequest'),
        columnName: 'listColumn',
        facetValues: ['16'],
      },
      {
        rows: [rowB],
        count: 1,
        facets: [
          range('barSum', { columnMin: '18', columnMax: '18' }),
          counts('jsonColumn', [[noValue]], a),
          range('jsonColumn', { ...b, columnMin: '18', columnMax: '18' }),
          counts('listColumn', [['1'], ['2'], ['5'], ['16', true]]),
        ],
      },
    ],
  ])('%s', async (_title, facet, expected) => {
    const { sql } = await sums();
    expect(await found(sql, { selectedFacets: [facet] })).toEqual(expected);
  });

  test.each<[string, string, string[], unknown[]]>([
    [
      'testVirtualTableAgainstTable: a defining filter narrows what is grouped',
      'EQUAL',
      ['5'],
      [['a', '5', '{"a": 5}', '[5]', '[5]']],
    ],
    [
      'testVirtualTableAgainstTable: a defining filter narrows the facets too',
      'IN',
      ['1', '2'],
      [
        ['a', '1', '{"a": 1}', '[1]', '[1]'],
        ['b', '2', '{"b": 2}', '[2]', '[2]'],
      ],
    ],
  ])('%s', async (_title, operator, values, rows) => {
    const { sql } = await sums();
    const additionalFilters = [
      {
        concreteType: model('ColumnSingleValueQueryFilter'),
        columnName: 'bar',
        operator,
        values,
        isDefiningCondition: true,
      },
    ];
    expect(await found(sql, { additionalFilters })).toMatchObject({ rows, count: rows.length });
  });

  test.each<[string, (sql: string, id: string) => string, unknown[]]>([
    [
      'testVirtualTableAgainstTable: DEFINING_WHERE narrows what is grouped',
      (sql) => `${sql} defining_where bar < 10`,
      [rowA, ['b', '2', '{"b": 2}', '[2]', '[2]']],
    ],
    [
      'testVirtualTableAgainstTable: JSON_EXTRACT reads members and elements',
      (_sql, id) =>
        "select JSON_EXTRACT(jsonColumn, '$.a') as a, JSON_EXTRACT(jsonColumn, '$.b') as b, " +
        `JSON_EXTRACT(jsonArrayColumn, '$[0]') as c from ${id}`,
      [
        ['6', null, '1'],
        [null, '18', '2'],
      ],
    ],
    [
      'testVirtualTableAgainstTable: JSON_OVERLAPS finds a common element',
      (sql) => `${sql} where JSON_OVERLAPS(jsonArrayColumn, '[5,6]') IS TRUE`,
      [rowA],
    ],
    [
      'testVirtualTableAgainstTable: JSON_OVERLAPS finds none',
      (sql) => `${sql} where JSON_OVERLAPS(jsonArrayColumn, '[18]') IS TRUE`,
      [],
    ],
    [
      'testVirtualTableAgainstTable: a text from JSON is no number',
      (sql) => `${sql} where JSON_EXTRACT(jsonColumn, '$.b') > 10`,
      [],
    ],
    [
      'testVirtualTableAgainstTable: a cast literal is compared as a number',
      (sql) => `${sql} where JSON_EXTRACT(jsonColumn, '$.b') > CAST(10 AS INTEGER)`,
      [rowB],
    ],
    [
      'testVirtualTableAgainstTable: a cast text from JSON is a number',
      (sql) => `${sql} where CAST(JSON_EXTRACT(jsonColumn, '$.b') AS INTEGER) > 10`,
      [rowB],
    ],
    [
      'testVirtualTableAgainstTable: HAS finds elements of a list',
      (sql) => `${sql} where listColumn HAS(5,6)`,
      [rowA],
    ],
  ])('%s', async (_title, statement, rows) => {
    const { id, sql } = await sums();
    expect(await found(statement(sql, id))).toMatchObject({ rows, count: rows.length });
  });

  test('testVirtualTableAllParts: all parts of a result are given, and fewer columns after a change', async () => {
    const columns = await alice().columns(
      { name: 'string', columnType: 'STRING', maximumSize: 50, facetType: 'enumeration' },
      { name: 'boolean', columnType: 'BOOLEAN', facetType: 'enumeration' },
      { name: 'double', columnType: 'DOUBLE', facetType: 'range' },
    );
    const table = await filledTable(columns, [
      ['a', 'true', '3.13'],
      ['a', 'false', '4.5'],
      ['a', 'TRUE', 'nan'],
      ['b', 'FALSE', '0.1'],
    ]);
    const made = await virtual(table.parentId, `select string, boolean from ${table.id}`);
    const bundle = await alice().query(
      `select string, boolean, 'some constant' from ${made.id} where string = 'b'`,
      { includeEntityEtag: true },
      0xffff & ~0x200,
    );
    expect(bundle).toMatchObject({ queryCount: 1, lastUpdatedOn: expect.any(String) });
    expect(bundle.queryResult?.queryResults?.rows).toMatchObject([
      { values: ['b', 'false', 'some constant'] },
    ]);
    await server.alice.update(await server.alice.read(made.id), {
      definingSQL: `select string from ${table.id}`,
    });
    const counted = await alice().query(`select * from ${made.id} where string = 'b'`, {}, 0x2);
    expect(counted.queryCount).toBe(1);
  });

  test('testVirtualTableWithDoubles: doubles are grouped and summed, also those that are no numbers', async () => {
    const columns = await alice().columns(
      { name: 'id', columnType: 'INTEGER' },
      { name: 'd1', columnType: 'DOUBLE' },
      { name: 'd2', columnType: 'DOUBLE' },
    );
    const [sum] = await alice().columns({ name: 'sumD2', columnType: 'DOUBLE' });
    const table = await filledTable(columns, [
      ['1', '1.2', '1.3'],
      ['1', '1.2', '2.4'],
      ['2', '4.5', 'nan'],
      ['2', '4.5', '7.8'],
      ['3', 'nan', '9.5'],
      ['3', 'nan', '1.6'],
    ]);
    const made = await virtual(
      table.parentId,
      `select id, d1, cast(sum(d2) as ${sum?.id ?? ''}) from ${table.id} group by id, d1 order by id`,
    );
    expect(made).toMatchObject({ columnIds: [columns[0]?.id, columns[1]?.id, sum?.id] });
    expect(await found(`select * from ${made.id}`)).toMatchObject({
      rows: [
        ['1', '1.2', '3.7'],
        ['2', '4.5', '7.8'],
        ['3', 'NaN', '11.1'],
      ],
      count: 3,
    });
  });

  test('testVirtualTableWithSourceView: users see the rows and the actions of their files', async () => {
    const scene = await viewScene(server, 6);
    for (const [index, { id }] of scene.files.entries()) {
      await annotate(server.alice, id, { longKey: { type: 'LONG', value: [String(index)] } });
    }
    const own = await alice().columns({ name: 'longKey', columnType: 'INTEGER' });
    const defaults = await fileColumns(server.alice);
    const view = await entityView(server.alice, scene.project, [...defaults, ...own]);
    const { id } = await virtual(scene.project.id, `select * from ${view.id}`);
    const sql = `select count(*) from ${id}`;
    expect(await alice().cells(sql)).toEqual([['6']]);
    expect(await bob().cells(sql)).toEqual([['3']]);
    const column = (name: string): number => Number(defaults.find((one) => one.name === name)?.id);
    const query: M.Query = {
      selectFileColumn: column('id'),
      selectFileVersionColumn: column('currentVersion'),
    };
    const actions = async (user: TableSession): Promise<unknown> =>
      (await user.query(`select * from ${id}`, query, 0x200)).actionsRequired;
    expect(await actions(bob())).toMatchObject([
      { count: 3, action: { benefactorId: Number(scene.project.id.slice(3)) } },
    ]);
    expect(await actions(alice())).toEqual([]);
    await allow(server.alice, scene.project.id, server.userId('bob'), ['READ', 'DOWNLOAD']);
    expect(await actions(bob())).toEqual([]);
  });
});
