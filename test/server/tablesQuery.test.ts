import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { refusal, withSessions } from './entitySession.js';
import { TableSession, tableModel, type Column } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

/** A row for each of the fruits. */
const fruits = [
  ['apple', 'red', '3', '1.5', '["sweet", "round"]'],
  ['Banana', 'yellow', '5', 'NaN', '["sweet"]'],
  ['cherry', 'red', '50', null, null],
  ['date', null, '7', '0.25', '["dry", "sweet"]'],
  ['elderberry', 'black', null, '-2', '["sour"]'],
] as const;

let id: string;
let columns: Column[];
beforeAll(async () => {
  columns = await alice().columns(
    { name: 'fruit', columnType: 'STRING', maximumSize: 20 },
    { name: 'color', columnType: 'STRING', facetType: 'enumeration' },
    { name: 'n', columnType: 'INTEGER', facetType: 'range' },
    { name: 'd', columnType: 'DOUBLE' },
    {
      name: 'tags',
      columnType: 'STRING_LIST',
      facetType: 'enumeration',
      maximumSize: 10,
      maximumListLength: 5,
    },
  );
  ({ id } = await alice().table(columns));
  await alice().append(id, columns, fruits);
});

async function names(where: string, query: M.Query = {}): Promise<(string | null)[]> {
  return (await alice().cells(`select fruit from ${id} ${where}`, query)).flat();
}

describe('the parts of a query', () => {
  test('are all there but the actions', async () => {
    const bundle = await alice().query(`select fruit, n from ${id} where n > 4`);
    const { etag } = bundle.queryResult?.queryResults ?? {};
    expect(bundle).toEqual({
      concreteType: `${tableModel}.QueryResultBundle`,
      queryResult: {
        concreteType: `${tableModel}.QueryResult`,
        queryResults: {
          concreteType: `${tableModel}.RowSet`,
          tableId: id,
          etag,
          headers: [
            { name: 'fruit', columnType: 'STRING', id: columns[0]?.id },
            { name: 'n', columnType: 'INTEGER', id: columns[2]?.id },
          ],
          rows: [
            { rowId: 2, versionNumber: 1, values: ['Banana', '5'] },
            { rowId: 3, versionNumber: 1, values: ['cherry', '50'] },
            { rowId: 4, versionNumber: 1, values: ['date', '7'] },
          ],
        },
      },
      queryCount: 3,
      selectColumns: [
        { name: 'fruit', columnType: 'STRING', id: columns[0]?.id },
        { name: 'n', columnType: 'INTEGER', id: columns[2]?.id },
      ],
      // 20 characters of at most 4 bytes, and 20 digits.
      maxRowsPerPage: Math.floor(2_097_152 / 100),
      columnModels: columns,
      facets: expect.any(Array),
      sumFileSizes: { sumFileSizesBytes: 0, greaterThan: false },
      lastUpdatedOn: expect.any(String),
      combinedSql: `SELECT fruit, n FROM ${id} WHERE n > 4`,
    });
  });

  test.each([
    [0x1, 'queryResult'],
    [0x2, 'queryCount'],
    [0x4, 'selectColumns'],
    [0x8, 'maxRowsPerPage'],
    [0x10, 'columnModels'],
    [0x20, 'facets'],
    [0x40, 'sumFileSizes'],
    [0x80, 'lastUpdatedOn'],
    [0x100, 'combinedSql'],
  ])('are chosen by the mask: %i', async (mask, part) => {
    const bundle = await alice().query(`select * from ${id}`, {}, mask);
    expect(Object.keys(bundle).sort()).toEqual(['concreteType', part].sort());
  });

  test('have no row ids when rows are grouped', async () => {
    const bundle = await alice().query(`select count(*), color from ${id} group by color`, {}, 5);
    expect(bundle.selectColumns).toEqual([
      { name: 'COUNT(*)', columnType: 'INTEGER' },
      { name: 'color', columnType: 'STRING' },
    ]);
    expect(bundle.queryResult?.queryResults?.rows).toContainEqual({ values: ['2', 'red'] });
  });

  test('are empty for a table without columns', async () => {
    const table = await alice().table([]);
    const bundle = await alice().query(`select * from ${table.id}`, {}, 0xff);
    expect(bundle).toMatchObject({
      queryCount: 0,
      selectColumns: [],
      queryResult: { queryResults: { rows: [], headers: [] } },
    });
    expect(bundle.queryResult?.queryResults).not.toHaveProperty('etag');
    expect(await alice().askQuery(`select * from ${table.id}`)).toEqual(
      refusal(400, `Schema for ${table.id} is empty.`),
    );
    expect(await alice().askCsv(`select * from ${table.id}`)).toEqual(
      refusal(400, `Table ${table.id} has an empty schema`),
    );
  });
});

describe('queries', () => {
  test.each<[string, M.Query, (string | null)[]]>([
    ["where fruit = 'banana'", {}, ['Banana']],
    ["where fruit like 'B%'", {}, ['Banana']],
    ['where isnan(d)', {}, ['Banana']],
    ['order by d desc limit 2', {}, ['apple', 'date']],
    ["where tags has ('SWEET')", {}, ['apple', 'Banana', 'date']],
    ["where tags has_like ('s%r')", {}, ['elderberry']],
    ['where color is null', {}, ['date']],
    [
      '',
      { sort: [{ column: 'n', direction: 'DESC' }] },
      ['cherry', 'date', 'Banana', 'apple', 'elderberry'],
    ],
    [
      'order by fruit desc',
      { sort: [{ column: 'color' }] },
      ['date', 'elderberry', 'cherry', 'apple', 'Banana'],
    ],
    ['order by fruit limit 4 offset 1', { limit: 2, offset: 1 }, ['cherry', 'date']],
    ['order by fruit limit 2', { limit: 5, offset: 1 }, ['Banana']],
    ['order by fruit limit 2', { offset: 3 }, []],
    ['', { limit: 0 }, []],
  ])('select fruit … %s with %j', async (sql, query, expected) => {
    expect(await names(sql, query)).toEqual(expected);
  });

  test('take filters', async () => {
    const single = (
      columnName: string,
      operator: M.ColumnSingleValueFilterOperator,
      values: string[],
    ) => ({
      additionalFilters: [
        {
          concreteType: `${tableModel}.ColumnSingleValueQueryFilter` as const,
          columnName,
          operator,
          values,
        },
      ],
    });
    const many = (columnName: string, name: M.ColumnMultiValueFunction, values: string[]) => ({
      additionalFilters: [
        {
          concreteType: `${tableModel}.ColumnMultiValueFunctionQueryFilter` as const,
          columnName,
          function: name,
          values,
        },
      ],
    });
    expect(await names('', single('fruit', 'LIKE', ['%rry', 'app%']))).toEqual([
      'apple',
      'cherry',
      'elderberry',
    ]);
    expect(await names('where n > 3', single('color', 'EQUAL', ['RED']))).toEqual(['cherry']);
    expect(await names('', single('n', 'IN', ['3', '7']))).toEqual(['apple', 'date']);
    expect(await names('', many('tags', 'HAS', ['dry', 'sour']))).toEqual(['date', 'elderberry']);
    expect(await names('', many('tags', 'HAS_LIKE', ['d%']))).toEqual(['date']);
    const combined = await alice().query(
      `select * from ${id} where n > 1 limit 10 offset 3`,
      { ...single('fruit', 'LIKE', ['one', 'two']), limit: 19, offset: 4 },
      0x100,
    );
    expect(combined.combinedSql).toBe(
      `SELECT * FROM ${id} WHERE ( ( "fruit" LIKE 'one' OR "fruit" LIKE 'two' ) ) AND ( n > 1 ) LIMIT 6 OFFSET 7`,
    );
    expect(await alice().askQuery(`select * from ${id}`, single('nope', 'EQUAL', ['1']))).toEqual(
      refusal(400, expect.stringContaining('nope')),
    );
    expect(await alice().askQuery(`select * from ${id}`, many('fruit', 'HAS', ['1']))).toEqual(
      refusal(400, 'The HAS keyword only works for columns that hold list values'),
    );
  });

  test('count what they would give without pages', async () => {
    const count = async (sql: string, query: M.Query = {}) =>
      (await alice().query(sql, query, 2)).queryCount;
    expect(await count(`select * from ${id}`)).toBe(5);
    expect(await count(`select * from ${id}`, { limit: 2 })).toBe(5);
    expect(await count(`select * from ${id} limit 2`)).toBe(2);
    expect(await count(`select * from ${id} limit 10 offset 4`)).toBe(1);
    // A group without a value is not counted.
    expect(await count(`select color from ${id} group by color`)).toBe(3);
    expect(await count(`select distinct color from ${id}`)).toBe(3);
    expect(await count(`select max(n) from ${id}`)).toBe(1);
  });

  test.each<[string, number, unknown]>([
    [
      '',
      400,
      expect.stringMatching(/^Encountered "<EOF>".* Note: If a column name contains spaces/s),
    ],
    ['select nope from $', 400, 'Unknown column nope'],
    ['select * from $ where nope = 1', 400, 'Column does not exist: nope'],
    [
      'INVALID',
      400,
      expect.stringMatching(
        /^Encountered " <regular_identifier> "INVALID "" at line 1, column 1\.\nWas expecting:/,
      ),
    ],
    [
      'select * from $ a join $ b on (a.n = b.n)',
      400,
      'The JOIN keyword is not supported in this context',
    ],
    [
      'select * from $ union select * from $',
      400,
      expect.stringMatching(
        /^org\.sagebionetworks\.table\.query\.ParseException: Encountered " "UNION" "union ""/,
      ),
    ],
    ['select * from syn99999', 404, "Resource: 'syn99999' does not exist"],
    ['select * from $.1', 400, expect.stringMatching(/^Snapshot for syn\d+\.1 does not exist$/)],
    [
      "select * from $ where text_matches('x')",
      400,
      expect.stringContaining('Full text search is not enabled'),
    ],
  ])('refuse %s', async (sql, status, reason) => {
    const answer = await alice().job(`/entity/${id}/table/query/async`, {
      concreteType: `${tableModel}.QueryBundleRequest`,
      query: { sql: sql.replaceAll('$', id) },
    });
    expect(answer).toEqual(refusal(status, reason));
  });

  test('need READ and DOWNLOAD', async () => {
    const bob = new TableSession(server.bob);
    expect(await bob.askQuery(`select * from ${id}`)).toEqual(
      refusal(403, 'You lack READ access to the requested entity.'),
    );
    const acl = (await server.alice.get(`/entity/${id}/acl`)).body as Record<string, unknown>;
    const { parentId } = await server.alice.read(id);
    const own = { ...acl, id, resourceAccess: [] as object[] };
    const parent = (await server.alice.get(`/entity/${parentId ?? ''}/acl`)).body as {
      resourceAccess: object[];
    };
    own.resourceAccess = [
      ...parent.resourceAccess,
      { principalId: server.userId('bob'), accessType: ['READ'] },
    ];
    expect(await server.alice.post(`/entity/${id}/acl`, own)).toMatchObject({ status: 201 });
    expect(await bob.askQuery(`select * from ${id}`)).toEqual(
      refusal(403, 'You lack DOWNLOAD access to the requested entity.'),
    );
    const shared = (await server.alice.get(`/entity/${id}/acl`)).body as { etag: string };
    own.resourceAccess = [
      ...parent.resourceAccess,
      { principalId: server.userId('bob'), accessType: ['READ', 'DOWNLOAD'] },
    ];
    await server.alice.put(`/entity/${id}/acl`, { ...own, etag: shared.etag });
    expect(await bob.rows(`select * from ${id}`)).toHaveLength(5);
  });
});

describe('facets', () => {
  const values = 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest' as const;
  const range = 'org.sagebionetworks.repo.model.table.FacetColumnRangeRequest' as const;

  test('count values or find ranges', async () => {
    const { facets } = await alice().query(`select * from ${id}`, {}, 0x20);
    expect(facets).toEqual([
      {
        concreteType: `${tableModel}.FacetColumnResultValues`,
        columnName: 'color',
        facetType: 'enumeration',
        facetValues: [
          { value: 'red', count: 2, isSelected: false },
          { value: 'org.sagebionetworks.UNDEFINED_NULL_NOTSET', count: 1, isSelected: false },
          { value: 'black', count: 1, isSelected: false },
          { value: 'yellow', count: 1, isSelected: false },
        ],
      },
      {
        concreteType: `${tableModel}.FacetColumnResultRange`,
        columnName: 'n',
        facetType: 'range',
        columnMin: '3',
        columnMax: '50',
      },
      {
        concreteType: `${tableModel}.FacetColumnResultValues`,
        columnName: 'tags',
        facetType: 'enumeration',
        facetValues: [
          { value: 'sweet', count: 3, isSelected: false },
          { value: 'org.sagebionetworks.UNDEFINED_NULL_NOTSET', count: 1, isSelected: false },
          { value: 'dry', count: 1, isSelected: false },
          { value: 'round', count: 1, isSelected: false },
          { value: 'sour', count: 1, isSelected: false },
        ],
      },
    ]);
  });

  test('leave out their own selection', async () => {
    const query: M.Query = {
      selectedFacets: [
        { concreteType: values, columnName: 'color', facetValues: ['red'] },
        { concreteType: range, columnName: 'n', min: '4', max: '60' },
      ],
    };
    expect(await names('', query)).toEqual(['cherry']);
    const { facets } = await alice().query(`select * from ${id}`, query, 0x20);
    expect(facets).toMatchObject([
      {
        facetValues: [
          { value: 'org.sagebionetworks.UNDEFINED_NULL_NOTSET', count: 1, isSelected: false },
          { value: 'red', count: 1, isSelected: true },
          { value: 'yellow', count: 1, isSelected: false },
        ],
      },
      { columnMin: '3', columnMax: '50', selectedMin: '4', selectedMax: '60' },
      { facetValues: [{ value: 'org.sagebionetworks.UNDEFINED_NULL_NOTSET', count: 1 }] },
    ]);
  });

  test('select rows by any value', async () => {
    const selected = (columnName: string, facetValues: string[]): M.Query => ({
      selectedFacets: [{ concreteType: values, columnName, facetValues }],
    });
    const none = 'org.sagebionetworks.UNDEFINED_NULL_NOTSET';
    expect(await names('', selected('color', [none, 'black']))).toEqual(['date', 'elderberry']);
    expect(await names('', selected('tags', ['dry', none]))).toEqual(['cherry', 'date']);
    expect(
      await names('', { selectedFacets: [{ concreteType: range, columnName: 'n', min: none }] }),
    ).toEqual(['elderberry']);
    expect(
      await names('', { selectedFacets: [{ concreteType: range, columnName: 'n', max: '5' }] }),
    ).toEqual(['apple', 'Banana']);
  });

  test('must be facets of the schema', async () => {
    const answer = await alice().askQuery(`select * from ${id}`, {
      selectedFacets: [{ concreteType: values, columnName: 'x', facetValues: ['1'] }],
    });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        reason: "Facet selection: 'x' does not match any column name of the schema",
      },
    });
  });
});

describe('CSV downloads', () => {
  test('begin with a header', async () => {
    expect(await alice().csv(`select fruit, d, tags from ${id} where n < 6 order by n`)).toBe(
      quotedCsv('ROW_ID,ROW_VERSION,fruit,d,tags\n1,1,apple,1.5,') +
        '"[""sweet"", ""round""]"\n' +
        quotedCsv('2,1,Banana,NaN,') +
        '"[""sweet""]"\n',
    );
  });

  test('follow the descriptor', async () => {
    const text = await alice().csv(`select fruit, color from ${id} where color is null or n = 5`, {
      writeHeader: false,
      includeRowIdAndRowVersion: false,
      csvTableDescriptor: { separator: '\t', lineEnd: '\r\n' },
    });
    expect(text).toBe(quotedCsv('Banana\tyellow\r\ndate\t\r\n'));
  });

  test('have no row ids when rows are grouped', async () => {
    expect(
      await alice().csv(
        `select color, count(*) as n from ${id} group by color order by n desc, color`,
      ),
    ).toBe(quotedCsv('color,n\nred,2\n,1\nblack,1\nyellow,1\n'));
  });

  test('answer with the handle of a file of the caller', async () => {
    const answer = await alice().askCsv(`select fruit from ${id}`, { fileName: 'fruits.csv' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        concreteType: `${tableModel}.DownloadFromTableResult`,
        tableId: id,
        headers: [{ name: 'fruit', columnType: 'STRING', id: columns[0]?.id }],
      },
    });
    const { resultsFileHandleId } = answer.body as M.DownloadFromTableResult;
    const path = `/file/v1/fileHandle/${resultsFileHandleId}`;
    expect(await server.alice.get(path)).toMatchObject({ body: { fileName: 'fruits.csv' } });
    expect(await server.bob.get(path)).toMatchObject({ status: 403 });
  });
});
