import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sqlite from 'node-sqlite3-wasm';

import { formatCell } from '../../src/server/tables/sql/formatCell.js';
import { parseStatement } from '../../src/server/tables/sql/parseQuery.js';
import type { TableSource } from '../../src/server/tables/sql/scope.js';
import type { SourceColumn } from '../../src/server/tables/sql/sourceColumn.js';
import { SqlError } from '../../src/server/tables/sql/sqlError.js';
import { storedKey } from '../../src/server/tables/sql/textKey.js';
import {
  translateCount,
  translateSource,
  translateStatement,
} from '../../src/server/tables/sql/translateQuery.js';
import type { TranslationEnvironment } from '../../src/server/tables/sql/translation.js';
import { registerUserFunctions } from '../../src/server/tables/sql/userFunctions.js';
import { WorkBudget } from '../../src/server/tables/workBudget.js';

const db = new sqlite.Database();

const columns: SourceColumn[] = [
  { name: 's', type: 'STRING', id: '1', sql: 'c1', storedKey: 'k1', maximumSize: 50 },
  { name: 'i', type: 'INTEGER', id: '2', sql: 'c2' },
  { name: 'd', type: 'DOUBLE', id: '3', sql: 'c3', nan: 'n3' },
  { name: 'b', type: 'BOOLEAN', id: '4', sql: 'c4' },
  { name: 't', type: 'DATE', id: '5', sql: 'c5' },
  { name: 'l', type: 'STRING_LIST', id: '6', sql: 'c6', storedKey: 'k6', maximumSize: 10 },
  { name: 'e', type: 'ENTITYID', id: '7', sql: 'c7' },
  { name: 'j', type: 'JSON', id: '8', sql: 'c8' },
  { name: 'n', type: 'INTEGER_LIST', id: '9', sql: 'c9' },
  { name: 'x', type: 'LARGETEXT', id: '10', sql: 'c10' },
];

const first: TableSource = {
  name: 'syn1',
  from: 't1',
  columns,
  system: [
    { name: 'ROW_ID', type: 'INTEGER', sql: 'row_id' },
    { name: 'ROW_VERSION', type: 'INTEGER', sql: 'row_version' },
  ],
  benefactors: [],
  search: 'f1',
};
const view: TableSource = {
  name: 'syn2',
  from: 't2',
  columns: [
    { name: 'i', type: 'INTEGER', id: '2', sql: 'c2' },
    { name: 'name', type: 'STRING', id: '20', sql: 'c20', storedKey: 'k20', maximumSize: 20 },
  ],
  system: [
    { name: 'ROW_ID', type: 'INTEGER', sql: 'row_id' },
    { name: 'ROW_VERSION', type: 'INTEGER', sql: 'row_version' },
    { name: 'ROW_ETAG', type: 'STRING', sql: 'row_etag' },
    { name: 'ROW_BENEFACTOR', type: 'INTEGER', sql: 'row_benefactor' },
  ],
  benefactors: ['row_benefactor'],
  visible: [10],
};
const virtual = parseStatement('select s, count(*) as c, max(d) as d from syn1 group by s');

const environment: TranslationEnvironment = {
  table: (name) => {
    switch (name) {
      case 'syn1':
        return { kind: 'stored', source: first };
      case 'syn2':
        return { kind: 'stored', source: view };
      case 'syn9':
        return { kind: 'virtual', name, statement: virtual, columnIds: [] };
      default:
        throw new SqlError(`${name} is not a table or view`);
    }
  },
  columnById: (id) => {
    const column = columns.find((candidate) => candidate.id === id);
    return column === undefined ? undefined : { ...column, id };
  },
  userId: 42,
  now: Date.UTC(2024, 0, 31, 12, 30, 15, 123),
};

/** Rows of the table: s, i, d, nan, b, t, l, key of l, e, j, n, x. */
const rows = [
  [
    'Apple',
    1,
    1.5,
    null,
    1,
    1_700_000_000_000,
    '["A", "b"]',
    null,
    5,
    '{"a": {"b": [1, "x"]}}',
    '[1, 2]',
    'The quick fox',
  ],
  [
    'apple',
    2,
    null,
    1,
    0,
    1_600_000_000_000,
    '["c_d"]',
    '["c\\u0001d"]',
    6,
    null,
    '[2]',
    'A lazy dog',
  ],
  ['Éclair', 3, 2, null, null, null, null, null, null, null, null, null],
  ['b_1', 10, -1e300, null, 1, 0, '["é"]', '["e"]', 123, '{"z": 1}', '[30]', 'Foxes and dogs'],
  ['b1', null, Infinity, null, 0, 5, null, null, null, '[1, 2]', null, ''],
  [null, null, null, null, null, null, null, null, null, null, null, null],
] as const;

beforeAll(() => {
  registerUserFunctions(db, new WorkBudget());
  db.exec(
    'CREATE TABLE t1 (row_id INTEGER PRIMARY KEY, row_version, c1, k1, c2, c3, n3, c4, c5, c6, k6, c7, c8, c9, c10);' +
      'CREATE TABLE t2 (row_id INTEGER PRIMARY KEY, row_version, row_etag, row_benefactor, c2, c20, k20);' +
      "CREATE VIRTUAL TABLE f1 USING fts5(content, tokenize = 'unicode61 remove_diacritics 2')",
  );
  rows.forEach((row, index) => {
    const [s, i, d, nan, b, t, l, key, e, j, n, x] = row;
    const stored = s === null ? null : storedKey(s);
    db.run('INSERT INTO t1 VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)', [
      index + 1,
      7,
      s,
      stored,
      i,
      d,
      nan,
      b,
      t,
      l,
      key,
      e,
      j,
      n,
      x,
    ]);
    db.run('INSERT INTO f1 (rowid, content) VALUES (?, ?)', [index + 1, x]);
  });
  db.exec(
    "INSERT INTO t2 VALUES (1, 3, 'e1', 10, 1, 'one', NULL), (2, 4, 'e2', 11, 2, 'two', NULL), (3, 4, 'e3', 10, 2, 'zwei', NULL)",
  );
});
afterAll(() => db.close());

function run(sql: string): (string | null)[][] {
  const statement = translateStatement(parseStatement(sql), environment);
  return db.all(statement.sql, [...statement.parameters]).map((row) =>
    statement.columns.map((column, index) => {
      const value = row[`v${index}`];
      return formatCell(typeof value === 'object' ? null : (value ?? null), column);
    }),
  );
}

/** The values of a result with one column. */
function column(sql: string): (string | null)[] {
  return run(sql).map(([value]) => value ?? null);
}

function headers(sql: string): string[] {
  return translateStatement(parseStatement(sql), environment).columns.map(
    ({ name, type, id }) => `${name} ${type}${id === undefined ? '' : ` #${id}`}`,
  );
}

describe('text', () => {
  test('is compared without regard to case or accents', () => {
    expect(column("select s from syn1 where s = 'APPLE'")).toEqual(['Apple', 'apple']);
    expect(column("select s from syn1 where s = 'eclair'")).toEqual(['Éclair']);
    expect(column("select s from syn1 where s <> 'apple' order by s")).toEqual([
      'b_1',
      'b1',
      'Éclair',
    ]);
    expect(run('select s, count(*) from syn1 group by s order by s')).toEqual([
      [null, '1'],
      ['Apple', '2'],
      ['b_1', '1'],
      ['b1', '1'],
      ['Éclair', '1'],
    ]);
    expect(column('select distinct s from syn1 order by s desc')).toEqual([
      'Éclair',
      'b1',
      'b_1',
      'Apple',
      null,
    ]);
    expect(run('select count(s), count(distinct s) from syn1')).toEqual([['5', '4']]);
    expect(run('select min(s), max(s) from syn1')).toEqual([['Apple', 'Éclair']]);
    expect(column("select s from syn1 where s in ('B_1', 'nothing')")).toEqual(['b_1']);
    const many = Array.from({ length: 50 }, (_, index) => `'v${index}'`).join(', ');
    expect(column(`select s from syn1 where s in (${many}, 'ECLAIR', 'B1')`)).toEqual([
      'Éclair',
      'b1',
    ]);
    expect(
      column(
        `select i from syn1 where i in (${Array.from({ length: 50 }, (_, n) => n + 3).join(',')})`,
      ),
    ).toEqual(['3', '10']);
  });

  test('LIKE takes patterns with wildcards and escapes', () => {
    expect(column("select s from syn1 where s like 'ECL%'")).toEqual(['Éclair']);
    expect(column("select s from syn1 where s like 'b_1'")).toEqual(['b_1']);
    expect(column("select s from syn1 where s like 'b%'")).toEqual(['b_1', 'b1']);
    expect(column("select s from syn1 where s like 'b\\_%'")).toEqual(['b_1']);
    expect(column("select s from syn1 where s like 'b!_%' escape '!'")).toEqual(['b_1']);
    expect(column("select s from syn1 where s not like '%p%'")).toEqual(['Éclair', 'b_1', 'b1']);
    expect(column("select s from syn1 where s like ('a%')")).toEqual(['Apple', 'apple']);
    expect(() => run("select s from syn1 where s like 'a' escape 'no'")).toThrow(
      'Incorrect arguments to ESCAPE',
    );
  });

  test('functions', () => {
    expect(
      run(
        "select upper(s), lower(s), replace(s, 'c', 'k'), trim('  a '), concat(s, '-', i, '-', d), crc32('abc') from syn1 where i = 3",
      ),
    ).toEqual([['ÉCLAIR', 'éclair', 'Éklair', 'a', 'Éclair-3-2', '891568578']]);
    expect(
      column("select group_concat(distinct s order by s desc separator '#') from syn1"),
    ).toEqual(['Éclair#b1#b_1#Apple']);
    expect(column('select group_concat(i order by i desc) from syn1')).toEqual(['10,3,2,1']);
    expect(column("select coalesce(s, 'none') from syn1 where s is null")).toEqual(['none']);
    expect(column("select nullif(s, 'APPLE') from syn1 where i <= 3")).toEqual([
      null,
      null,
      'Éclair',
    ]);
  });

  test('full text search takes words or phrases', () => {
    expect(column("select row_id from syn1 where text_matches('fox')")).toEqual(['1']);
    expect(column("select row_id from syn1 where text_matches('fox dog')")).toEqual(['1', '2']);
    expect(column("select row_id from syn1 where text_matches('fox*')")).toEqual(['1', '4']);
    expect(column("select row_id from syn1 where text_matches('+lazy -cat')")).toEqual(['2']);
    expect(column('select row_id from syn1 where text_matches(\'"quick fox"\')')).toEqual(['1']);
    expect(column("select row_id from syn1 where text_matches('the')")).toEqual([]);
    expect(() => run("select i from syn2 where text_matches('a')")).toThrow(
      'Invalid use of TEXT_MATCHES. Full text search is not enabled on table syn2.',
    );
  });
});

describe('numbers', () => {
  test('division is real while DIV and % are whole', () => {
    expect(
      run('select i/3, i div 3, i%3, -i, i+1, 7/2, 1.5*2, 1e3 from syn1 where i = 10'),
    ).toEqual([['3.3333', '3', '1', '-10', '11', '3.5000', '3.0', '1000.0']]);
  });

  test('division by zero gives null', () => {
    expect(run('select i/0, i div 0, i%0 from syn1 where i = 1')).toEqual([[null, null, null]]);
  });

  test('rounding keeps the kind of the number', () => {
    expect(
      run('select round(2.5), round(d), round(1234.567, 1), round(1234, -2) from syn1 where i = 1'),
    ).toEqual([['3', '2.0', '1234.6', '1200']]);
  });

  test('doubles know NaN and infinity', () => {
    expect(column('select d from syn1')).toEqual(['1.5', 'NaN', '2', '-1e300', 'Infinity', null]);
    expect(column('select s from syn1 where isnan(d)')).toEqual(['apple']);
    expect(column('select s from syn1 where isinfinity(d)')).toEqual(['b1']);
    expect(column("select concat(d, '') from syn1 where isinfinity(d)")).toEqual([
      '1.7976931348623157e308',
    ]);
    expect(column('select s from syn1 where d > 1 and d < 3')).toEqual(['Apple', 'Éclair']);
    expect(() => run('select s from syn1 where isnan(i)')).toThrow(
      'Function: ISNAN can only be used with a column of type DOUBLE.',
    );
  });

  test('aggregates', () => {
    expect(
      run(
        'select count(*), sum(i), avg(i), min(i), max(i), bit_and(i), bit_or(i), bit_xor(i) from syn1',
      ),
    ).toEqual([['6', '16', '4.0000', '1', '10', '0', '11', '10']]);
    // Of 1, 2, 3 and 10: mean 4, squares 9 + 4 + 1 + 36 = 50.
    expect(
      run('select var_pop(i), variance(i), var_samp(i), std(i), stddev_samp(i) from syn1'),
    ).toEqual([['12.5', '12.5', '16.666666666666668', '3.5355339059327378', '4.08248290463863']]);
    expect(run('select count(i), sum(i), max(s) from syn1 where i > 100')).toEqual([
      ['0', null, null],
    ]);
    expect(run('select b, sum(i) from syn1 group by b order by b')).toEqual([
      [null, '3'],
      ['false', '2'],
      ['true', '11'],
    ]);
    expect(() => run('select s from syn1 group by count(*)')).toThrow(
      'Invalid use of group function',
    );
  });
});

describe('types', () => {
  test('constants take the type of the column', () => {
    expect(column("select t from syn1 where t > '2021-01-01'")).toEqual(['1700000000000']);
    expect(
      column("select t from syn1 where t between '2020-09-13' and '2020-09-14T00:00:00Z'"),
    ).toEqual(['1600000000000']);
    expect(column('select t from syn1 where t = 5')).toEqual(['5']);
    expect(column("select e from syn1 where e in ('syn5', '6')")).toEqual(['syn5', 'syn6']);
    expect(column("select s from syn1 where b = 'TRUE'")).toEqual(['Apple', 'b_1']);
    expect(column('select s from syn1 where b is not true')).toEqual([
      'apple',
      'Éclair',
      'b1',
      null,
    ]);
    expect(column('select s from syn1 where b is unknown')).toEqual(['Éclair', null]);
    expect(column("select s from syn1 where i = '2'")).toEqual(['apple']);
    expect(column('select s from syn1 where s = 5')).toEqual([]);
  });

  test('CASE and CAST', () => {
    expect(
      run(
        "select case when i > 2 then 'big' when i is null then 'none' else 'small' end as size, count(*) from syn1 group by size order by 2 desc, size",
      ),
    ).toEqual([
      ['big', '2'],
      ['none', '2'],
      ['small', '2'],
    ]);
    expect(column("select case s when 'apple' then i else 0 end from syn1 where i < 4")).toEqual([
      '1',
      '2',
      '0',
    ]);
    expect(
      run(
        "select cast('12abc' as INTEGER), cast(2.5 as INTEGER), cast(i as STRING), cast('syn7' as ENTITYID), cast('true' as BOOLEAN), cast('2020-01-01' as DATE), cast(s as 1) from syn1 where i = 1",
      ),
    ).toEqual([['12', '3', '1', 'syn7', 'true', '1577836800000', 'Apple']]);
  });

  test('dates', () => {
    expect(
      run(
        "select now(), current_date, now() - interval 1 month, date('2024-02-29 10:00:00') + interval 1 year, unix_timestamp('2015-11-13 10:20:19'), unix_timestamp(now())*1000 from syn1 where i = 1",
      ),
    ).toEqual([
      [
        '2024-01-31 12:30:15',
        '2024-01-31',
        '2023-12-31 12:30:15',
        '2025-02-28',
        '1447410019',
        '1706704215000',
      ],
    ]);
    expect(
      run(
        "select from_unixtime(t/1000), year(from_unixtime(t/1000)), from_unixtime(1111885200, '%Y %D %M %h:%i:%s %x') from syn1 where i = 1",
      ),
    ).toEqual([['2023-11-14 22:13:20.0000', '2023', '2005 27th March 01:00:00 2005']]);
    expect(
      run(
        "select dayname('2007-02-03'), monthname('2007-02-03'), dayofweek('2007-02-03'), dayofyear('2007-02-03'), dayofmonth('2007-02-03'), weekofyear('2008-02-20'), yearweek('1987-01-01'), week('2008-12-31'), quarter('2008-04-01') from syn1 where i = 1",
      ),
    ).toEqual([['Saturday', 'February', '7', '34', '3', '8', '198652', '52', '2']]);
    expect(
      run(
        "select hour('12:34:56.123456'), minute('12:34:56'), second('12:34:56'), microsecond('12:00:00.123456'), month('not a date') from syn1 where i = 1",
      ),
    ).toEqual([['12', '34', '56', '123456', null]]);
    expect(
      column(
        "select s from syn1 where unix_timestamp('2020-09-13 12:26:40') = 1600000000 and t > unix_timestamp(now() - interval 1 year) * 1000",
      ),
    ).toEqual(['Apple']);
  });

  test('JSON', () => {
    expect(
      run(
        "select json_extract(j, '$.a.b[1]'), json_extract(j, '$.a'), json_unquote(json_extract(j, '$.a.b[1]')) from syn1 where json_extract(j, '$.a.b[1]') = 'x'",
      ),
    ).toEqual([['"x"', '{"b": [1, "x"]}', 'x']]);
    // The service binds every constant as text here, so that a number is found by a CAST only.
    const numbers = (condition: string) =>
      column(`select s from syn1 where json_extract(j, '$.z') ${condition}`);
    expect(numbers('= 1')).toEqual([]);
    expect(numbers('> 0')).toEqual([]);
    expect(numbers("in (1, '1')")).toEqual([]);
    expect(numbers('= cast(1 as INTEGER)')).toEqual(['b_1']);
    expect(numbers('> cast(0 as INTEGER)')).toEqual(['b_1']);
    expect(numbers('is true')).toEqual(['b_1']);
    expect(column("select s from syn1 where cast(json_extract(j, '$.z') as INTEGER) > 0")).toEqual([
      'b_1',
    ]);
    expect(
      run(
        "select json_object('b', i, 'a', s), json_array(1, 'two', null), json_quote('a\"b'), json_search(j, 'one', 'x'), json_overlaps('[1,2]', '[2,3]') from syn1 where i = 1",
      ),
    ).toEqual([['{"a": "Apple", "b": 1}', '[1, "two", null]', '"a\\"b"', '"$.a.b[1]"', 'true']]);
    expect(column('select json_arrayagg(i) from syn1 where i < 3')).toEqual(['[1, 2]']);
    expect(
      run(
        "select max(json_extract(json_array(i * 5), '$[0]')), min(json_extract(json_array(i * -5), '$[0]')), max(json_extract(json_array(i), '$[3]')) from syn1 where i < 3",
      ),
    ).toEqual([['10', '-10', null]]);
  });
});

describe('lists', () => {
  test('HAS takes long lists of values', () => {
    const texts = Array.from({ length: 100 }, (_, index) => `'x${index}'`).join();
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1000).join();
    expect(column(`select s from syn1 where l has (${texts}, 'a', 'C_D')`)).toEqual([
      'Apple',
      'apple',
    ]);
    expect(column(`select s from syn1 where l has (${texts}, 'É')`)).toEqual(['b_1']);
    expect(column(`select s from syn1 where l has (${texts})`)).toEqual([]);
    expect(column(`select s from syn1 where n has (${numbers}, 2)`)).toEqual(['Apple', 'apple']);
    expect(column(`select s from syn1 where n not has (${numbers}, 2) and n is not null`)).toEqual(
      column('select s from syn1 where n not has (2) and n is not null'),
    );
  });

  test('HAS and HAS_LIKE look at the elements', () => {
    expect(column("select s from syn1 where l has ('a', 'C_D')")).toEqual(['Apple', 'apple']);
    expect(column("select s from syn1 where l has ('É')")).toEqual(['b_1']);
    expect(column("select s from syn1 where l not has ('a') and l is not null")).toEqual([
      'apple',
      'b_1',
    ]);
    expect(column("select s from syn1 where l has_like ('c\\_%')")).toEqual(['apple']);
    expect(column("select s from syn1 where l has_like ('%')")).toEqual(['Apple', 'apple', 'b_1']);
    expect(column('select s from syn1 where n has (2)')).toEqual(['Apple', 'apple']);
    expect(column("select s from syn1 where n has_like ('3%')")).toEqual(['b_1']);
    expect(() => run("select s from syn1 where s has ('a')")).toThrow(
      'The HAS keyword only works for columns that hold list values',
    );
  });

  test('UNNEST gives a row for each element', () => {
    expect(run('select i, unnest(l) from syn1 where i < 4')).toEqual([
      ['1', 'A'],
      ['1', 'b'],
      ['2', 'c_d'],
      ['3', null],
    ]);
    expect(
      run('select unnest(n), count(*) from syn1 group by unnest(n) order by 2 desc, 1'),
    ).toEqual([
      [null, '3'],
      ['2', '2'],
      ['1', '1'],
      ['30', '1'],
    ]);
    expect(() => run('select unnest(s) from syn1')).toThrow('STRING is not a list ColumnType');
    expect(() => run('select n from syn1 order by unnest(s)')).toThrow(
      'UNNEST() only works for columns that hold list values',
    );
  });
});

describe('statements', () => {
  test('headers have the names of the service with types and ids', () => {
    expect(headers('select s, i, d from syn1')).toEqual([
      's STRING #1',
      'i INTEGER #2',
      'd DOUBLE #3',
    ]);
    expect(headers('select s, count(*) from syn1 group by s')).toEqual([
      's STRING',
      'COUNT(*) INTEGER',
    ]);
    expect(headers('select s, i as s2 from syn1')).toEqual(['s STRING', 's2 INTEGER']);
    expect(
      headers(
        "select max(t), sum(d), avg(i), concat(s,'x'), unnest(l), 5, 'a', cast(s as 2), row_id from syn1",
      ),
    ).toEqual([
      'MAX(t) DATE',
      'SUM(d) DOUBLE',
      'AVG(i) DOUBLE',
      "CONCAT(s,'x') STRING",
      'UNNEST(l) STRING',
      '5 DOUBLE',
      'a STRING',
      'i INTEGER',
      'row_id INTEGER',
    ]);
  });

  test('unknown columns are named', () => {
    expect(() => run('select foo from syn1')).toThrow('Unknown column foo');
    expect(() => run('select s from syn1 where foo = 1')).toThrow('Column does not exist: foo');
    expect(() => run('select S from syn1')).toThrow('Unknown column S');
    expect(() => run('select s from syn1 order by 3')).toThrow(
      "Unknown column '3' in 'order clause'",
    );
    expect(() => run('select s from syn77')).toThrow('syn77 is not a table or view');
  });

  test('row ids come with rows of the table only', () => {
    const plain = translateStatement(parseStatement('select s from syn1 limit 1'), environment);
    expect(plain).toMatchObject({ hasRowIds: true, hasEtags: false });
    expect(db.all(plain.sql, [...plain.parameters])).toEqual([
      { row_id: 1, row_version: 7, v0: 'Apple' },
    ]);
    const grouped = translateStatement(
      parseStatement('select s from syn1 group by s'),
      environment,
    );
    expect(grouped.hasRowIds).toBe(false);
    expect(translateStatement(parseStatement('select i from syn2'), environment).hasEtags).toBe(
      true,
    );
  });

  test('counts leave out groups without a value, and the limits of the SQL', () => {
    const count = (sql: string): unknown => {
      const statement = translateCount(parseStatement(sql), environment);
      return statement && db.get(statement.sql, [...statement.parameters])?.['v0'];
    };
    expect(count("select s, 'unused' from syn1 order by s")).toBe(6);
    expect(count('select * from syn1 limit 4 offset 3')).toBe(6);
    expect(count('select s from syn1 group by s')).toBe(4);
    expect(count('select count(*) from syn1 limit 100')).toBeUndefined();
    expect(count('select distinct b from syn1')).toBe(2);
    expect(count('select s, b from syn1 group by s, b')).toBe(4);
  });

  test('views hide the rows of other benefactors', () => {
    expect(column('select i from syn2')).toEqual(['1', '2']);
    expect(column('select row_etag from syn2 where i = 2')).toEqual(['e3']);
  });

  test('virtual tables run in place like common tables', () => {
    expect(run('select * from syn9 where c > 1')).toEqual([['Apple', '2', '1.5']]);
    expect(run('select s, c from syn9 defining_where i > 1 order by s')).toEqual([
      ['apple', '1'],
      ['b_1', '1'],
      ['Éclair', '1'],
    ]);
    expect(
      run('with w (z) as (select i from syn1 where i > 1) select z from w where z < 5'),
    ).toEqual([['2'], ['3']]);
    expect(run('select s from syn9 where isnan(d)')).toEqual([]);
    expect(() => run('select s from syn1 defining_where i = 1')).toThrow(
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    );
  });

  test('users may neither join nor unite', () => {
    expect(() => run('select * from syn1 join syn2 on syn1.i = syn2.i')).toThrow(
      'The JOIN keyword is not supported in this context',
    );
    expect(() => run('select i from syn1 union select i from syn2')).toThrow(
      'The UNION keyword is not supported in this context',
    );
  });
});

describe('defining SQL', () => {
  function fill(sql: string): { rows: unknown[][]; columns: string[]; benefactors: number } {
    const source = translateSource(parseStatement(sql), environment);
    return {
      rows: db.all(source.sql, [...source.parameters]).map((row): unknown[] => Object.values(row)),
      columns: source.columns.map(({ name, type }) => `${name} ${type}`),
      benefactors: source.benefactors,
    };
  }

  test('joins carry the benefactors of every view along', () => {
    const joined = fill(
      'select a.s, b.name as n from syn1 a left join syn2 b on a.i = b.i where a.i <= 3 order by a.i, n',
    );
    expect(joined).toEqual({
      // A cell, its text key, and the benefactor: -1 where no row of the view takes part.
      rows: [
        ['Apple', 'Apple', 'one', 'one', 10],
        ['apple', 'apple', 'two', 'two', 11],
        ['apple', 'apple', 'zwei', 'zwei', 10],
        ['Éclair', 'eclair', null, null, -1],
      ],
      columns: ['a.s STRING', 'n STRING'],
      benefactors: 1,
    });
  });

  test('columns of joins name their table', () => {
    const join = 'from syn1 a join syn2 on a.i = syn2.i where syn1.i = 1';
    expect(fill(`select syn1.s, syn2.name ${join}`).rows).toHaveLength(1);
    expect(() => fill(`select name ${join}`)).toThrow(
      'Expected a table name or table alias for column: name',
    );
    expect(fill(`select a.s as x, count(*) as n ${join} group by x order by n`).columns).toEqual([
      'x STRING',
      'n INTEGER',
    ]);
  });

  test('unions tell duplicates by text', () => {
    expect(fill("select s from syn1 where i < 3 union select 'APPLE' from syn1").rows).toHaveLength(
      1,
    );
    expect(
      fill("select s from syn1 where i < 3 union all select 'APPLE' from syn1 where i = 1").rows,
    ).toHaveLength(3);
    expect(
      fill('select i from syn1 where i = 1 union all select i from syn2 where i = 1').rows,
    ).toEqual([
      [1, -1],
      [1, 10],
    ]);
    expect(() => fill('select s, i from syn1 union select i from syn2')).toThrow(
      'The used SELECT statements have a different number of columns',
    );
  });
});
