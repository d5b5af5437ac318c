import { beforeAll, describe, expect, test } from '@jest/globals';

import { whileOthersWork } from './busyUser.js';
import { refusal, withSessions, type Stored } from './entitySession.js';
import { uploadFile } from './filesClient.js';
import { csvUpload, rowSet, tableModel, TableSession, type Column } from './tableSession.js';

const server = withSessions();
const tooMuch = expect.stringContaining('The query takes too much work');
const tooDeep = 'The query is nested too deeply';
let tables: TableSession;
let project: Stored;
/** 1,500 numbers. */
let numbers: Stored;
/** Three long texts, each with a pattern for it. */
let texts: Stored;
/** A row with four lists of 100 numbers. */
let lists: Stored;

beforeAll(async () => {
  tables = new TableSession(server.alice);
  project = await tables.project();
  const rows = Array.from({ length: 1500 }, (_, index) => [String(index)]);
  numbers = await filled([{ name: 'a', columnType: 'INTEGER' }], rows);
  texts = await filled(
    [
      { name: 's', columnType: 'LARGETEXT' },
      { name: 'p', columnType: 'STRING', maximumSize: 1000 },
    ],
    Array.from({ length: 3 }, () => ['a'.repeat(300_000), `%${'a'.repeat(900)}b`]),
  );
  const list = JSON.stringify(Array.from({ length: 100 }, (_, index) => index));
  lists = await filled(
    ['l1', 'l2', 'l3', 'l4'].map((name) => ({
      name,
      columnType: 'INTEGER_LIST' as const,
      maximumListLength: 100,
    })),
    [[list, list, list, list]],
  );
});

async function filled(
  models: Parameters<TableSession['columns']>,
  rows: readonly (readonly string[])[],
): Promise<Stored> {
  const columns: Column[] = await tables.columns(...models);
  const table = await tables.table(columns);
  const lines = [columns.map(({ name }) => name), ...rows].map((cells) =>
    cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','),
  );
  const fields = { fileName: 'rows.csv', contentType: 'text/csv' };
  const { id } = await uploadFile(server.alice, Buffer.from(lines.join('\n')), fields);
  await tables.change(table.id, [csvUpload(id)]);
  return table;
}

function query(sql: string): ReturnType<typeof whileOthersWork> {
  const [id = ''] = /syn\d+/.exec(sql) ?? [];
  const request = {
    concreteType: `${tableModel}.QueryBundleRequest`,
    entityId: id,
    query: { sql },
  };
  return whileOthersWork(server, () => tables.job(`/entity/${id}/table/query/async`, request));
}

async function view(definingSQL: string): Promise<string> {
  const fields = { name: crypto.randomUUID(), parentId: project.id, definingSQL };
  return (await server.alice.create('materializedview', fields)).id;
}

/** Fails when an earlier statement has damaged the memory of SQLite. */
async function expectWhole(): Promise<void> {
  const sql = `select count(*) as n, max(a) as last from ${numbers.id} where a > 10 group by a % 2`;
  expect(await query(sql)).toMatchObject({ status: 201, body: { queryCount: 2 } });
}

describe('a materialized view', () => {
  const on = {
    'multiplies a table by itself': (id: string) =>
      `select x.a from ${id} x join ${id} y on x.a = x.a`,
    'multiplies a table thrice': (id: string) =>
      `select x.a from ${id} x join ${id} y on x.a = x.a join ${id} z on x.a = x.a`,
    'multiplies without a condition': (id: string) => `select x.a from ${id} x join ${id} y`,
    'counts the product': (id: string) =>
      `select count(x.a) as n from ${id} x join ${id} y on x.a = x.a join ${id} z on x.a = x.a`,
    'looks for pairs that do not exist': (id: string) =>
      `select x.a from ${id} x join ${id} y on x.a > 9000 or y.a > 9000`,
    'looks for pairs of an outer join': (id: string) =>
      `select x.a from ${id} x left join ${id} y on x.a > 9000 or y.a > 9000`,
    'multiplies in a common table': (id: string) =>
      `with t as (select x.a as a from ${id} x join ${id} y on x.a = x.a) select a from t`,
    'groups the product': (id: string) =>
      `select x.a, count(*) as n from ${id} x join ${id} y on x.a = x.a group by x.a order by n`,
  };
  test.each(Object.entries(on))('that %s is refused', async (_, sql) => {
    const id = await view(sql(numbers.id));
    expect(await query(`select count(*) from ${id}`)).toEqual(refusal(400, tooMuch));
    // The same refusal again: the statement that failed is not used once more.
    expect(await query(`select count(*) from ${id}`)).toEqual(refusal(400, tooMuch));
    await expectWhole();
  });

  test('may join a table by equal columns', async () => {
    const { id } = numbers;
    const joined = await view(`select x.a from ${id} x join ${id} y on x.a = y.a`);
    expect(await query(`select * from ${joined}`)).toMatchObject({ body: { queryCount: 1500 } });
  });

  test('has at most 100 selects and 60 tables', async () => {
    const select = `select a from ${numbers.id}`;
    const fields = { concreteType: 'org.sagebionetworks.repo.model.table.MaterializedView' };
    const create = (definingSQL: string) =>
      server.alice.post('/entity', { ...fields, parentId: project.id, name: 'wide', definingSQL });
    const unions = Array.from({ length: 101 }, () => select).join(' union all ');
    expect(await create(unions)).toEqual(refusal(400, expect.stringContaining('UNION')));
    const joins = Array.from({ length: 60 }, (_, n) => `join ${numbers.id} t${n} on t${n}.a = q.a`);
    expect(await create(`select q.a from ${numbers.id} q ${joins.join(' ')}`)).toEqual(
      refusal(400, expect.stringContaining('Too many tables')),
    );
  });
});

describe('a query', () => {
  test.each([
    ['a million values', `a in (${Array.from({ length: 1_000_000 }, () => 1).join(',')})`],
    ['20,000 values', `a in (${Array.from({ length: 20_000 }, (_, n) => n).join(',')})`],
    ['150,000 alternatives', Array.from({ length: 150_000 }, () => 'a=1').join(' or ')],
    ['900,000 digits', `a = ${'1'.repeat(900_000)}`],
    ['900,000 decimals', `a = 0.${'1'.repeat(900_000)}`],
    ['900,000 digits with an exponent', `a = ${'1'.repeat(900_000)}e`],
    ['a text that never ends', `a = '${'x'.repeat(900_000)}`],
    ['a text of quotes', `a = '${"''".repeat(450_000)}'`],
    ['signs that go on', `a = ${'- '.repeat(400_000)}1`],
  ])('with %s is refused', async (_, condition) => {
    const answer = await query(`select * from ${numbers.id} where ${condition}`);
    expect(answer).toEqual(refusal(400, expect.any(String)));
  });

  test('with 10,000 values finds them', async () => {
    const values = Array.from({ length: 10_000 }, (_, n) => n * 2).join(',');
    expect(await query(`select * from ${numbers.id} where a in (${values})`)).toMatchObject({
      status: 201,
      body: { queryCount: 750 },
    });
  });

  test('with a long condition is refused for many rows', async () => {
    const condition = Array.from({ length: 7000 }, (_, n) => `a=${n + 5000}`).join(' or ');
    expect(await query(`select * from ${numbers.id} where ${condition}`)).toEqual(
      refusal(400, tooMuch),
    );
  });

  const nested = (before: string, after: string, depth: number) =>
    `${before.repeat(depth)}a${after.repeat(depth)}`;
  test.each([
    ['parentheses', nested('(', ')', 400)],
    ['functions', nested('upper(', ')', 400)],
    ['concatenations', nested('concat(', ",'x')", 200)],
    ['branches', nested('case when a=1 then ', ' end', 300)],
    ['additions', `a${'+1'.repeat(400)}`],
    ['documents', nested('json_array(', ')', 200)],
    ['very many parentheses', nested('(', ')', 10_000)],
  ])('that nests %s deeply is refused and does no damage', async (_, expression) => {
    expect(await query(`select ${expression} as x from ${numbers.id}`)).toEqual(
      refusal(400, tooDeep),
    );
    await expectWhole();
  });

  test.each([
    ['parentheses', nested('(', ')', 50)],
    ['functions', nested('upper(', ')', 50)],
    ['concatenations', nested('concat(', ",'x')", 50)],
    ['branches', nested('case when a=1 then ', ' end', 50)],
    ['rounding', nested('round(', ')', 50)],
    ['divisions', nested('(', '/2)', 50)],
    ['additions', `a${'+1'.repeat(200)}`],
    ['documents', nested('json_array(', ')', 10)],
  ])('may nest %s as far as people do', async (_, expression) => {
    expect(await query(`select ${expression} as x from ${numbers.id} order by 1`)).toMatchObject({
      status: 201,
    });
    await expectWhole();
  });

  test('whose translation would grow exponentially is refused', async () => {
    const expression = nested('nullif(', ',1)', 40);
    expect(await query(`select ${expression} as x from ${numbers.id}`)).toEqual(
      refusal(400, 'The query has an expression that is too complex.'),
    );
  });

  test('with too many columns is refused', async () => {
    const many = Array.from({ length: 10_000 }, () => 'a').join(',');
    for (const clause of ['order by', 'group by']) {
      expect(await query(`select a from ${numbers.id} ${clause} ${many}`)).toEqual(
        refusal(400, 'Too many columns: at most 2000.'),
      );
    }
  });

  test.each([
    ['replaces letters by texts', `replace(s, 'a', s)`],
    ['joins texts', `concat(${Array.from({ length: 500 }, () => 's').join(',')})`],
  ])('that %s is refused', async (_, expression) => {
    expect(await query(`select ${expression} as x from ${texts.id}`)).toEqual(
      refusal(400, expect.stringMatching(/too much work|A computed text/)),
    );
  });

  test.each([
    ['a pattern in a cell', "s like coalesce(p, '')"],
    ['a constant pattern', `s like '%${'a'.repeat(900)}b'`],
  ])('that compares long texts with %s is refused', async (_, condition) => {
    expect(await query(`select count(*) as n from ${texts.id} where ${condition}`)).toEqual(
      refusal(400, tooMuch),
    );
  });

  test('with many wildcards is answered', async () => {
    const pattern = `${'%a'.repeat(200)}b`;
    for (const operand of [`'${pattern}'`, `coalesce(p, '${pattern}')`]) {
      const sql = `select count(*) as n from ${texts.id} where p like ${operand}`;
      expect(await query(sql)).toMatchObject({ status: 201 });
    }
  });

  test('that multiplies the elements of lists is refused', async () => {
    const elements = ['l1', 'l2', 'l3', 'l4'].map((name) => `unnest(${name})`).join(', ');
    expect(await query(`select ${elements} from ${lists.id} order by 1`)).toEqual(
      refusal(400, tooMuch),
    );
  });
});

describe('virtual tables on top of each other', () => {
  const define = async (below: string): Promise<string> => {
    const fields = { name: crypto.randomUUID(), parentId: project.id };
    const definingSQL = `select a + a as a from ${below}`;
    return (await server.alice.create('virtualtable', { ...fields, definingSQL })).id;
  };

  test('do not multiply their expressions, and are limited', async () => {
    let last = numbers.id;
    for (let level = 0; level < 20; level += 1) last = await define(last);
    expect(await query(`select max(a) as a from ${last}`)).toMatchObject({
      status: 201,
      body: { queryResult: { queryResults: { rows: [{ values: [String(1499 * 2 ** 20)] }] } } },
    });
    const fields = { concreteType: 'org.sagebionetworks.repo.model.table.VirtualTable' };
    const over = await server.alice.post('/entity', {
      ...fields,
      name: 'over',
      parentId: project.id,
      definingSQL: `select a from ${last}`,
    });
    const { id = '' } = over.body as { id?: string };
    const answer = over.status === 201 ? await query(`select a from ${id}`) : over;
    expect(answer).toEqual(refusal(400, expect.stringContaining('on top of each other')));
  });
});

describe('a cell', () => {
  test.each([
    ['DOUBLE', `${'1'.repeat(160_000)}x`],
    ['DOUBLE', '1'.repeat(1_000_000)],
    ['INTEGER', '1'.repeat(1_000_000)],
    ['DATE', `2020-01-01${' '.repeat(500_000)}x`],
    ['JSON', '['.repeat(400_000)],
    ['JSON', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['JSON', `${'{a:'.repeat(150_000)}1`],
    ['STRING_LIST', '['.repeat(400_000)],
    ['BOOLEAN', `${' '.repeat(900_000)}x`],
    ['ENTITYID', `syn${'1'.repeat(900_000)}`],
  ] as const)('of type %s keeps nobody waiting', async (columnType, value) => {
    const columns = await tables.columns({ name: 'c', columnType });
    const table = await tables.table(columns);
    const change = rowSet(table.id, columns, [{ values: [value] }]);
    const { status } = await whileOthersWork(server, () => tables.transaction(table.id, [change]));
    expect([201, 400]).toContain(status);
  });
});
