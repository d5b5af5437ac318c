import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { md5s, refusal, withSessions, type Stored } from './entitySession.js';
import {
  partialRows,
  schemaChange,
  tableModel,
  TableSession,
  type Column,
} from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function define(
  type: 'materializedview' | 'virtualtable',
  definingSQL: string,
): Promise<Stored> {
  const { id: parentId } = await alice().project();
  return server.alice.create(type, { name: type, parentId, definingSQL });
}

async function tryDefine(
  type: 'MaterializedView' | 'VirtualTable',
  definingSQL: string,
): Promise<Answer> {
  const { id: parentId } = await alice().project();
  return server.alice.post('/entity', {
    concreteType: `${tableModel}.${type}`,
    name: type,
    parentId,
    definingSQL,
  });
}

/** People and their orders. */
async function shop(): Promise<{ people: string; orders: string; columns: Column[] }> {
  const columns = await alice().columns(
    { name: 'person', columnType: 'STRING', facetType: 'enumeration', maximumSize: 20 },
    { name: 'city', columnType: 'STRING', maximumSize: 30 },
    { name: 'amount', columnType: 'DOUBLE' },
    { name: 'tags', columnType: 'STRING_LIST', maximumSize: 5, maximumListLength: 4 },
  );
  const [person, city, amount, tags] = columns;
  const peopleColumns = [person, city].flatMap((column) => column ?? []);
  const orderColumns = [person, amount, tags].flatMap((column) => column ?? []);
  const people = await alice().table(peopleColumns);
  const orders = await alice().table(orderColumns);
  await alice().append(people.id, peopleColumns, [
    ['Ann', 'Oslo'],
    ['bob', 'Bergen'],
    ['Cem', null],
  ]);
  await alice().append(orders.id, orderColumns, [
    ['ann', '1.5', '["a"]'],
    ['ann', '2', '["b", "Ü"]'],
    ['Bob', 'NaN', null],
    ['dora', '4', null],
  ]);
  return { people: people.id, orders: orders.id, columns };
}

async function columnsOf(id: string): Promise<M.ColumnModel[]> {
  const { body } = await server.alice.get(`/entity/${id}/column`);
  return (body as { results: M.ColumnModel[] }).results;
}

describe('materialized views', () => {
  test('join tables', async () => {
    const { people, orders, columns } = await shop();
    const view = await define(
      'materializedview',
      `select p.person, p.city as town, o.amount, o.tags from ${people} p left join ${orders} o on (p.person = o.person)`,
    );
    const schema = await columnsOf(view.id);
    expect(schema).toMatchObject([
      { name: 'p.person', columnType: 'STRING', facetType: 'enumeration', maximumSize: 20 },
      { name: 'town', columnType: 'STRING', maximumSize: 30 },
      { name: 'o.amount', columnType: 'DOUBLE' },
      { name: 'o.tags', columnType: 'STRING_LIST', maximumSize: 5, maximumListLength: 4 },
    ]);
    expect(schema.map(({ id }) => id)).toEqual(
      ((await server.alice.read(view.id)) as { columnIds?: string[] }).columnIds,
    );
    expect(columns).toHaveLength(4);
    expect(await alice().rows(`select * from ${view.id}`)).toEqual([
      { rowId: 1, versionNumber: 0, values: ['Ann', 'Oslo', '1.5', '["a"]'] },
      { rowId: 2, versionNumber: 0, values: ['Ann', 'Oslo', '2', '["b", "Ü"]'] },
      { rowId: 3, versionNumber: 0, values: ['bob', 'Bergen', 'NaN', null] },
      { rowId: 4, versionNumber: 0, values: ['Cem', null, null, null] },
    ]);
    expect(
      await alice().cells(
        `select town from ${view.id} where "o.tags" has ('u') and "p.person" = 'ANN'`,
      ),
    ).toEqual([['Oslo']]);
    expect((await alice().query(`select * from ${view.id}`, {}, 2)).queryCount).toBe(4);
  });

  test('name the table of every column of a join', async () => {
    const { people, orders } = await shop();
    const names = async (sql: string) =>
      (await columnsOf((await define('materializedview', sql)).id)).map(({ name }) => name);
    expect(
      await names(`select * from ${people} P join ${orders} o on (P.person = ${orders}.person)`),
    ).toEqual(['P.person', 'P.city', 'o.person', 'o.amount', 'o.tags']);
    expect(
      await names(`select * from ${people} join ${orders} on ${people}.person = ${orders}.person`),
    ).toEqual(
      ['person', 'city']
        .map((name) => `${people}.${name}`)
        .concat(['person', 'amount', 'tags'].map((name) => `${orders}.${name}`)),
    );
    expect(await names(`select * from ${people} p`)).toEqual(['p.person', 'p.city']);
  });

  test('join large tables by text without comparing each row with each other', async () => {
    const [name, number] = await alice().columns(
      { name: 'name', columnType: 'STRING', maximumSize: 10 },
      { name: 'number', columnType: 'INTEGER' },
    );
    const columns = [name, number].flatMap((column) => column ?? []);
    const [people, visits] = [await alice().table(columns), await alice().table(columns)];
    const rows = (count: number, prefix: string): string[][] =>
      Array.from({ length: count }, (_, index) => [`${prefix}${index % 1000}`, `${index}`]);
    await alice().append(people.id, columns, rows(1000, 'p'));
    await alice().append(visits.id, columns, rows(4000, 'P'));
    for (const [type, expected] of [
      ['join', 4000],
      ['left join', 4000],
      ['right join', 4000],
    ] as const) {
      const view = await define(
        'materializedview',
        `select v.number as number from ${people.id} p ${type} ${visits.id} v on p.name = v.name`,
      );
      expect(await alice().cells(`select count(*), sum(number) from ${view.id}`)).toEqual([
        [`${expected}`, `${(4000 * 3999) / 2}`],
      ]);
    }
  });

  test('follow every change of what they read', async () => {
    const { people, columns } = await shop();
    const view = await define('materializedview', `select * from ${people} where city is not null`);
    expect(await columnsOf(view.id)).toEqual(columns.slice(0, 2));
    expect(await alice().cells(`select * from ${view.id}`)).toEqual([
      ['Ann', 'Oslo'],
      ['bob', 'Bergen'],
    ]);
    const [person, city, amount] = columns.map(({ id }) => id);
    await alice().change(people, [
      partialRows(people, [{ rowId: 3, values: { [city ?? '']: 'Ås' } }]),
    ]);
    expect(await alice().cells(`select person from ${view.id} where city = 'as'`)).toEqual([
      ['Cem'],
    ]);
    await alice().change(people, [
      schemaChange([{ oldColumnId: person ?? '' }, { newColumnId: amount ?? '' }]),
    ]);
    expect(await columnsOf(view.id)).toEqual([columns[1], columns[2]]);
    expect(await alice().cells(`select * from ${view.id} limit 1`)).toEqual([['Oslo', null]]);
  });

  test('unite tables and group', async () => {
    const { people, orders } = await shop();
    const union = await define(
      'materializedview',
      `select person from ${people} union select person from ${orders}`,
    );
    expect((await alice().cells(`select person from ${union.id} order by person`)).flat()).toEqual([
      'Ann',
      'bob',
      'Cem',
      'dora',
    ]);
    const grouped = await define(
      'materializedview',
      `select person as who, count(*) as n, sum(amount) as total from ${orders} group by person`,
    );
    expect(await alice().cells(`select * from ${grouped.id} where n > 1`)).toEqual([
      ['ann', '2', '3.5'],
    ]);
    const common = await define(
      'materializedview',
      `with big as (select person, amount from ${orders} where amount > 1.6) select p.city from ${people} p join big b on (p.person = b.person)`,
    );
    expect(await alice().cells(`select * from ${common.id}`)).toEqual([['Oslo']]);
  });

  test('of views show each caller what all of their sources let them see', async () => {
    const { people } = await shop();
    const project = await alice().project();
    const dataFileHandleId = await server.alice.createHandle(md5s.a);
    const file = await server.alice.create('file', {
      name: 'Ann',
      parentId: project.id,
      dataFileHandleId,
    });
    const [name] = await alice().columns({ name: 'name', columnType: 'STRING', maximumSize: 256 });
    const listing = await server.alice.create('entityview', {
      name: 'listing',
      parentId: (await alice().project()).id,
      columnIds: [name?.id],
      viewTypeMask: 1,
      scopeIds: [project.id],
    });
    const view = await define(
      'materializedview',
      `select l.name, p.city from ${listing.id} l join ${people} p on (l.name = p.person)`,
    );
    expect(await alice().cells(`select * from ${view.id}`)).toEqual([['Ann', 'Oslo']]);
    const share = async (entityId: string, accessType: string[]) => {
      const { body } = await server.alice.get(`/entity/${entityId}/acl`);
      const acl = body as { resourceAccess: object[] };
      acl.resourceAccess.push({ principalId: server.userId('bob'), accessType });
      expect(await server.alice.put(`/entity/${entityId}/acl`, acl)).toMatchObject({ status: 200 });
    };
    const bob = new TableSession(server.bob);
    const sql = `select * from ${view.id}`;
    const parentOf = async (id: string) => (await server.alice.read(id)).parentId ?? '';
    await share(await parentOf(view.id), ['READ']);
    expect(await bob.askQuery(sql)).toMatchObject({ status: 403 });
    await share(await parentOf(listing.id), ['READ']);
    await share(await parentOf(people), ['READ']);
    expect(await bob.askQuery(sql)).toEqual(
      refusal(403, 'You lack DOWNLOAD access to the requested entity.'),
    );
    await share(await parentOf(people), ['DOWNLOAD']);
    expect(await bob.rows(sql)).toEqual([]);
    await share(project.id, ['READ']);
    expect(await bob.rows(sql)).toHaveLength(1);
    await server.alice.update(await server.alice.read(file.id), { name: 'bob' });
    expect(await bob.cells(sql)).toEqual([['bob', 'Bergen']]);
    expect(
      await tryDefine('MaterializedView', `select name, count(*) from ${listing.id} group by name`),
    ).toEqual(
      refusal(
        400,
        'The defining SQL of a materialized view with a view dependency cannot include a group by clause',
      ),
    );
  });

  test('take no rows', async () => {
    const { people } = await shop();
    const { id } = await define('materializedview', `select * from ${people}`);
    expect(await alice().transaction(id, [partialRows(id, [])])).toMatchObject({ status: 400 });
  });

  test('have no snapshots', async () => {
    const { people } = await shop();
    const { id } = await define('materializedview', `select * from ${people}`);
    expect(await server.alice.post(`/entity/${id}/table/snapshot`, {})).toMatchObject({
      status: 400,
    });
  });

  test('cannot be read while a table that they read is in the trash', async () => {
    const { people } = await shop();
    const { id } = await define('materializedview', `select * from ${people}`);
    await server.alice.delete(`/entity/${people}`);
    expect(await alice().askQuery(`select * from ${id}`)).toEqual(
      refusal(404, `Entity ${people} is in trash can.`),
    );
    expect(await columnsOf(id)).toHaveLength(2);
  });

  test.each([
    ['not sql', 400, /^Encountered /],
    ['select * from syn999999', 404, /syn999999/],
    ['select nope from $', 400, /^Unknown column nope$/],
    ['select person, person from $', 400, /Duplicate column/],
  ])('are not defined by %s', async (sql, status, reason) => {
    const { people } = await shop();
    expect(await tryDefine('MaterializedView', sql.replace('$', people))).toEqual(
      refusal(status, expect.stringMatching(reason)),
    );
    const empty = await alice().table([]);
    expect(await tryDefine('MaterializedView', `select * from ${empty.id}`)).toEqual(
      refusal(400, `Schema for ${empty.id} is empty.`),
    );
  });

  test('need SQL', async () => {
    expect(await tryDefine('MaterializedView', ' ')).toEqual(
      refusal(
        400,
        'The definingSQL of the materialized view is required and must not be the empty string.',
      ),
    );
    expect(await tryDefine('VirtualTable', '')).toEqual(
      refusal(
        400,
        'The definingSQL of the virtual table is required and must not be the empty string.',
      ),
    );
  });

  test('must not read themselves', async () => {
    const { people } = await shop();
    const view = await define('materializedview', `select * from ${people}`);
    const answer = await server.alice.put(`/entity/${view.id}`, {
      ...view,
      definingSQL: `select * from ${view.id}`,
    });
    expect(answer).toMatchObject({ status: 400 });
  });
});

describe('virtual tables', () => {
  test('are translated when they are queried', async () => {
    const { orders, columns } = await shop();
    const table = await define(
      'virtualtable',
      `select person, amount * 2 as twice, cast(amount as ${columns[2]?.id ?? ''}) from ${orders} where amount > 1.6`,
    );
    const schema = await columnsOf(table.id);
    expect(schema).toMatchObject([columns[0], { name: 'twice', columnType: 'DOUBLE' }, columns[2]]);
    const { queryResult } = await alice().query(`select * from ${table.id} where twice > 1`, {}, 1);
    expect(queryResult?.queryResults).toMatchObject({
      tableId: table.id,
      headers: schema.map(({ id, name, columnType }) => ({ id, name, columnType })),
      rows: [{ values: ['ann', '4', '2'] }, { values: ['dora', '8', '4'] }],
    });
    expect(queryResult?.queryResults?.rows?.[0]).not.toHaveProperty('rowId');
    const { facets } = await alice().query(`select * from ${table.id}`, {}, 0x20);
    expect(facets).toMatchObject([
      { columnName: 'person', facetValues: [{ value: 'ann' }, { value: 'dora' }] },
    ]);
    expect(await alice().csv(`select person from ${table.id}`)).toBe(
      quotedCsv('person\nann\ndora\n'),
    );
  });

  test('may group what they read', async () => {
    const { orders } = await shop();
    const table = await define(
      'virtualtable',
      `select person, count(*) as n from ${orders} group by person`,
    );
    expect(await alice().cells(`select person from ${table.id} where n > 1`)).toEqual([['ann']]);
    expect(
      await alice().cells(`select sum(n) from ${table.id} defining_where amount > 1.6`),
    ).toEqual([['2']]);
  });

  test('take columns that computed values are cast to', async () => {
    const [foo, bar, total, pairs] = await alice().columns(
      { name: 'foo', columnType: 'STRING', maximumSize: 50 },
      { name: 'bar', columnType: 'INTEGER' },
      { name: 'total', columnType: 'INTEGER', facetType: 'range' },
      { name: 'pairs', columnType: 'JSON' },
    );
    const columns = [foo, bar].flatMap((column) => column ?? []);
    const source = await alice().table(columns);
    await alice().append(source.id, columns, [
      ['a', '1'],
      ['a', '5'],
      ['b', '2'],
      ['b', '16'],
    ]);
    const table = await define(
      'virtualtable',
      `select foo, cast(sum(bar) as ${total?.id ?? ''}), cast(json_object(foo, sum(bar)) as ${pairs?.id ?? ''}) from ${source.id} group by foo`,
    );
    expect(await server.alice.read(table.id)).toMatchObject({
      columnIds: [foo?.id, total?.id, pairs?.id],
    });
    const sql = `select * from ${table.id}`;
    const bundle = await alice().query(
      sql,
      {
        selectedFacets: [
          {
            concreteType: `${tableModel}.FacetColumnRangeRequest`,
            columnName: 'total',
            min: '17',
            max: '19',
          },
        ],
      },
      0x21,
    );
    expect(bundle.queryResult?.queryResults?.rows).toEqual([{ values: ['b', '18', '{"b": 18}'] }]);
    expect(bundle.facets).toMatchObject([
      {
        columnName: 'total',
        columnMin: '6',
        columnMax: '18',
        selectedMin: '17',
        selectedMax: '19',
      },
    ]);
    expect(await alice().cells(`${sql} defining_where bar < 10`)).toEqual([
      ['a', '6', '{"a": 6}'],
      ['b', '2', '{"b": 2}'],
    ]);
    expect(await alice().cells(`${sql} where json_extract(pairs, '$.b') > 10`)).toEqual([]);
    expect(
      await alice().cells(
        `select foo from ${table.id} where json_extract(pairs, '$.b') > cast(10 as INTEGER)`,
      ),
    ).toEqual([['b']]);
  });

  test('have one source', async () => {
    const { people, orders } = await shop();
    const answer = await tryDefine(
      'VirtualTable',
      `select p.person from ${people} p join ${orders} o on (p.person = o.person)`,
    );
    expect(answer).toEqual(refusal(400, 'The JOIN keyword is not supported in this context'));
  });
});

describe('defining SQL', () => {
  test.each(['MaterializedView', 'VirtualTable'] as const)(
    'of a %s that is no SQL is refused with the place',
    async (type) => {
      const reason = /^Encountered " <regular_identifier> "INVALID "" at line 1, column 1\.\nWas/;
      expect(await tryDefine(type, 'INVALID SQL')).toEqual(
        refusal(400, expect.stringMatching(reason)),
      );
    },
  );

  test('is validated', async () => {
    const { people } = await shop();
    const validate = async (definingSql: string, entityType: string) =>
      (await server.alice.post('/validateDefiningSql', { definingSql, entityType })).body;
    const sql = `select * from ${people}`;
    expect(await validate(sql, 'materializedview')).toEqual({ isValid: true });
    expect(await validate(sql, 'virtualtable')).toEqual({ isValid: true });
    expect(await validate(`${sql} union ${sql}`, 'materializedview')).toEqual({ isValid: true });
    expect(await validate(`${sql} union ${sql}`, 'virtualtable')).toEqual({
      isValid: false,
      invalidReason: 'The UNION keyword is not supported in this context',
    });
    expect(await validate('select', 'virtualtable')).toMatchObject({ isValid: false });
  });
});
