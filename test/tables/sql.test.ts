import { beforeAll, describe, expect, test } from '@jest/globals';
import { ArgumentError, sql, type SqlValue, type Synapse } from '../../src/index.js';
import { tableIdOfQuery } from '../../src/values/sql.js';
import { sqlTokens } from '../../src/values/sqlTokens.js';
import { parseJsonInput } from '../../src/values/json.js';
import { withClients } from '../entities/withClients.js';
import { makeTable } from './queryTables.js';

describe('sql', () => {
  test.each<[string, SqlValue, string]>([
    ['a text', "it's", "'it''s'"],
    ['the empty text', '', "''"],
    ['a text of quotes', `''"\``, "'''''\"`'"],
    ['a backslash, which has no meaning', "\\'", "'\\'''"],
    ['a number', 1.5, '1.5'],
    ['a small number', 1e-7, '1e-7'],
    ['a large number', 1e21, '1e+21'],
    ['a negative number', -3, '-3'],
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['a boolean', true, 'true'],
    ['a date', new Date(-5), '-5'],
    ['a stored entity', { id: 'syn5' }, "'syn5'"],
    ['a list', ['a', 1, 2n, false, { id: 'syn5' }], "('a', 1, 2, false, 'syn5')"],
  ])('writes %s', (_name, value, expected) => {
    expect(sql`a in ${value} and b`.text).toBe(`a in ${expected} and b`);
  });

  test('keeps the digits of numbers of JSON', () => {
    const value = parseJsonInput('{"a": 1.0, "b": 9007199254740993}') as Record<string, SqlValue>;
    expect(sql.bind('a = :a or b = :b', value).text).toBe('a = 1.0 or b = 9007199254740993');
  });

  test('writes null where it is no mistake', () => {
    expect(sql`a is ${null}`.text).toBe('a is NULL');
    expect(sql`coalesce(a, ${null})`.text).toBe('coalesce(a, NULL)');
    expect(() => sql`a = ${null}`.text).toThrow(/IS NULL/);
    expect(() => sql`a <> ${null}`.text).toThrow(/IS NULL/);
  });

  test('writes a list with or without parentheses in the code', () => {
    expect(sql`a in (${[1, 2]})`.text).toBe('a in (1, 2)');
    expect(sql`a in (0, ${[1, 2]})`.text).toBe('a in (0, 1, 2)');
  });

  test('writes tables after FROM', () => {
    expect(sql`select * from ${'syn1'} where b`.text).toBe('select * from syn1 where b');
    expect(sql`select * FROM ${{ id: 'syn1' }}`.text).toBe('select * FROM syn1');
    const snapshot = { id: 'syn1', versionNumber: 2, versionedId: 'syn1.2', label: 'v2' };
    expect(sql`select * from ${snapshot}`.text).toBe('select * from syn1.2');
    expect(sql.table(snapshot).text).toBe('syn1.2');
    expect(sql`select * from /* here */ ${'syn1.4'}`.text).toBe('select * from /* here */ syn1.4');
    expect(sql`from ${sql.table('syn1.4')} join ${'syn2'} on a`.text).toBe(
      'from syn1.4 join syn2 on a',
    );
  });

  test('writes names, pieces and lists of them', () => {
    const names = ['a b', 'say "hi"'].map((name) => sql.id(name));
    const condition = sql`${sql.id({ name: 'n' })} > ${1}`;
    expect(sql`select ${sql.join(names)} from ${'syn1'} where ${condition}`.text).toBe(
      'select "a b", "say ""hi""" from syn1 where "n" > 1',
    );
    expect(sql.join([sql`a = ${1}`, sql`b = ${'x'}`], ' or ').text).toBe("a = 1 or b = 'x'");
    expect(sql.join([1, 'b'], sql.raw(' + ')).text).toBe("1 + 'b'");
    expect(String(sql.raw('count(*)'))).toBe('count(*)');
  });

  test('never makes a comment of a negative number', () => {
    expect(sql`5 -${-3}`.text).toBe('5 - -3');
    expect(sql`5 -${new Date(-3)}`.text).toBe('5 - -3');
  });

  test.each<[string, () => unknown, RegExp]>([
    ['undefined', () => sql`a = ${undefined as never}`.text, /undefined/],
    ['NaN', () => sql`a = ${Number.NaN}`.text, /ISNAN/],
    ['an infinity', () => sql`a = ${-Infinity}`.text, /ISINFINITY/],
    ['an invalid date', () => sql`a = ${new Date(Number.NaN)}`.text, /invalid date/],
    ['an empty list', () => sql`a in ${[]}`.text, /empty list/],
    ['a list with null', () => sql`a in ${[1, null]}`.text, /IS NULL/],
    ['a list of lists', () => sql`a in ${[[1]] as never}`.text, /cannot hold/],
    ['an object', () => sql`a = ${{ age: 1 } as never}`.text, /cannot hold/],
    ['an entity that is not stored', () => sql`a = ${{ id: undefined }}`.text, /cannot hold/],
    ['an object with another id', () => sql`a = ${{ id: "x' or 1=1" }}`.text, /cannot hold/],
    ['a function', () => sql`a = ${(() => 1) as never}`.text, /cannot hold/],
    ['a table that is none', () => sql`select * from ${'x; drop'} where`.text, /not a table/],
    ['a number as a table', () => sql`select * from ${1}`.text, /cannot hold/],
    ['sql.table of a name', () => sql.table('visits'), /not a table/],
    ['sql.join of nothing', () => sql.join([]), /at least one/],
    ['a call without a template', () => sql('select 1' as never), /a template/],
    ['a value in quotes', () => sql`a like '%${'x'}%'`.text, /% into the value/],
    ['a value in a name', () => sql`select "${'x'}"`.text, /does not end/],
    ['a value in a comment', () => sql`select /* ${'x'} */ a`.text, /does not end/],
    ['a value in a word', () => sql`select * from syn${'1'}`.text, /space is missing/],
    ['a word after a value', () => sql`limit ${5}offset 3`.text, /space is missing/],
    ['a value after a value', () => sql`${'a'}${'b'}`.text, /space is missing/],
  ])('refuses %s', (_name, run, message) => {
    expect(run).toThrow(ArgumentError);
    expect(run).toThrow(message);
  });
});

describe('sql.bind', () => {
  test('replaces parameters outside of quotes and comments', () => {
    const text = `select ':a', ":a", \`:a\` /* :a */ from :table where b = :a -- :a\n and c in :list`;
    expect(sql.bind(text, { a: "x'", table: 'syn1', list: [1, 2] }).text).toBe(
      `select ':a', ":a", \`:a\` /* :a */ from syn1 where b = 'x''' -- :a\n and c in (1, 2)`,
    );
  });

  test('wants a value for each parameter, and a parameter for each value', () => {
    expect(() => sql.bind('a = :a', {})).toThrow(/:a, but there is no value/);
    expect(() => sql.bind('a = :toString', {})).toThrow(/:toString/);
    expect(() => sql.bind('a = :a', { a: 1, b: 2 })).toThrow(/no parameter :b/);
  });
});

describe('the table of a query', () => {
  test.each([
    [`select 'from syn1' from syn2`, 'syn2'],
    [`select 'it''s from syn1' from syn2`, 'syn2'],
    [`select "from syn1", \`from syn1\` from syn2`, 'syn2'],
    [`select a -- from syn1\nfrom syn2`, 'syn2'],
    [`select a /* from syn1 */ from /* that is */ syn2`, 'syn2'],
    [`select from_ from syn2`, 'syn2'],
    [`select a from\u00a0syn2`, 'syn2'],
    [`select 5--3 from syn2`, 'syn2'],
  ])('%s', (text, id) => {
    expect(tableIdOfQuery(text)).toBe(id);
  });

  test.each([`select 'from syn1`, `select a from syn1x`, `select a fromsyn1`, `from "syn1"`])(
    'is not in %s',
    (text) => {
      expect(() => tableIdOfQuery(text)).toThrow(ArgumentError);
    },
  );
});

describe('tokens', () => {
  test('cover every character of any text once', () => {
    const characters = Array.from(`a1 '"\`-/*:.\n\\é\u00a0😀`);
    let seed = 1;
    const next = (below: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: next(12) }, () => characters[next(characters.length)]).join(
        '',
      );
      let end = 0;
      for (const token of sqlTokens(text)) {
        expect(token.start).toBe(end);
        expect(token.end).toBeGreaterThan(end);
        end = token.end;
      }
      expect(end).toBe(text.length);
    }
  });
});

describe('values in a query of the server', () => {
  const clients = withClients();
  let syn: Synapse;
  let id: string;
  const texts = [
    "' or '1'='1",
    "x'; select * from syn1 --",
    "\\' or 1=1 --",
    '\\',
    "'",
    "''",
    '"',
    '%',
    'a\nb',
    ':a',
    '/* */',
    '😀 é',
    'null',
  ];
  beforeAll(async () => {
    syn = await clients.open('alice');
    const project = await clients.project(syn);
    ({ id } = await makeTable(
      syn,
      project.id,
      [
        { name: 'a', columnType: 'STRING' },
        { name: 'say "x" `y`', columnType: 'INTEGER' },
        { name: 'd', columnType: 'DATE' },
        { name: 'e', columnType: 'ENTITYID' },
        { name: 'b', columnType: 'BOOLEAN' },
      ],
      texts.map((text, index) => [
        text,
        String(index - 5),
        String(index * 1000),
        `syn${index + 1}`,
        String(index % 2 === 0),
      ]),
    ));
  });

  test.each(texts)('match themselves alone: %j', async (text) => {
    const found = await syn.tables.query(sql`select a from ${id} where a = ${text}`);
    expect(found.map(({ a }) => a)).toEqual([text]);
    const bound = sql.bind('select a from :table where a in :texts', { table: id, texts: [text] });
    expect((await syn.tables.query(bound)).map(({ a }) => a)).toEqual([text]);
  });

  test('of other types match', async () => {
    const where = async (condition: ReturnType<typeof sql>): Promise<unknown[]> =>
      (await syn.tables.query(sql`select a from ${id} where ${condition}`)).map(({ a }) => a);
    const name = sql.id('say "x" `y`');
    expect(await where(sql`${name} = ${-3}`)).toEqual([texts[2]]);
    expect(await where(sql`${name} in ${[-3n, 4]}`)).toEqual([texts[2], texts[9]]);
    expect(await where(sql`d = ${new Date(3000)}`)).toEqual([texts[3]]);
    expect(await where(sql`e = ${{ id: 'syn5' }}`)).toEqual([texts[4]]);
    expect(await where(sql`b = ${true} and ${name} < ${-2.5}`)).toEqual([texts[0], texts[2]]);
    expect(await where(sql`a is not ${null} and ${name} = ${0}`)).toEqual([texts[5]]);
  });
});
