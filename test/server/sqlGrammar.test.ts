import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { columnTypes } from '../../src/server/tables/sql/columnTypes.js';
import {
  aggregateFunctions,
  intervalUnits,
  scalarFunctions,
} from '../../src/server/tables/sql/functionNames.js';
import { grammarWords } from '../../src/server/tables/sql/grammarWords.js';
import { parseStatement } from '../../src/server/tables/sql/parseQuery.js';
import {
  printCondition,
  printExpression,
  printStatement,
} from '../../src/server/tables/sql/printSql.js';
import { SqlError, SqlSyntaxError } from '../../src/server/tables/sql/sqlError.js';
import type {
  ColumnExpression,
  Condition,
  Expression,
  Identifier,
  PredicateSubject,
  Query,
  Select,
  SortItem,
  Statement,
  TableName,
  TableReference,
} from '../../src/server/tables/sql/tree.js';

fc.configureGlobal({ seed: 20_261_127 });

const statements = statementArbitrary();

function normal(sql: string): string {
  return printStatement(parseStatement(sql));
}

describe('the grammar', () => {
  test('parsing a printed statement gives the same tree', () => {
    fc.assert(
      fc.property(statements, (statement) => {
        expect(parseStatement(printStatement(statement))).toEqual(statement);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      "select foo, count(bar) from syn456 where bar = 'cat''s' group by foo order by bar limit 1 offset 2",
      "SELECT foo, COUNT(bar) FROM syn456 WHERE bar = 'cat''s' GROUP BY foo ORDER BY bar LIMIT 1 OFFSET 2",
    ],
    ['select * from SyN123.4;', 'SELECT * FROM syn123.4'],
    ['select foo/100, 5 div 2 from syn1', 'SELECT foo/100, 5 DIV 2 FROM syn1'],
    ['select "a ""b""", `c` as d from syn1', 'SELECT "a ""b""", `c` AS d FROM syn1'],
    [
      "select group_concat(distinct bar order by bar desc separator '#') from syn1",
      "SELECT GROUP_CONCAT(DISTINCT bar ORDER BY bar DESC SEPARATOR '#') FROM syn1",
    ],
    [
      "select \"date\", num from syn1 where l has_like ('a%','b') escape '!' and not isnan(d)",
      "SELECT \"date\", num FROM syn1 WHERE NOT ISNAN(d) AND l HAS_LIKE ( 'a%', 'b' ) ESCAPE '!'",
    ],
    [
      'select case a when 1 then 2 else 3 end from syn1 a left outer join syn2 as b on a.x=b.x',
      'SELECT CASE a WHEN 1 THEN 2 ELSE 3 END FROM syn1 a LEFT OUTER JOIN syn2 AS b ON a.x = b.x',
    ],
    [
      'with t (x) as (select a from syn1 union all select b from syn2) select * from t defining_where x is not null',
      'WITH t (x) AS (SELECT a FROM syn1 UNION ALL SELECT b FROM syn2) SELECT * FROM t DEFINING_WHERE x IS NOT NULL',
    ],
    [
      "select now() - interval 1 month, from_unixtime(1, '%Y') from syn1",
      "SELECT NOW()-INTERVAL 1 MONTH, FROM_UNIXTIME(1,'%Y') FROM syn1",
    ],
    ['select doesNotExist, isIn, sAnd from syn1', 'SELECT doesNotExist, isIn, sAnd FROM syn1'],
  ])('%s', (sql, expected) => {
    expect(normal(sql)).toBe(expected);
  });

  test('an error names the token in its place', () => {
    expect(() => parseStatement('select * frm syn1')).toThrow(
      'Encountered " <regular_identifier> "frm "" at line 1, column 10.\nWas expecting:\n    "FROM" ...\n',
    );
    expect(() => parseStatement('select a from syn1\nwhere a = 1 limit x')).toThrow(
      'Encountered " <regular_identifier> "x "" at line 2, column 19.\n' +
        'Was expecting:\n    <unsigned_integer> ...\n',
    );
    const caught = thrownBy(() => parseStatement('select a from'));
    expect(caught).toBeInstanceOf(SqlSyntaxError);
    expect(caught).toMatchObject({ line: 1, column: 13 });
    expect(String(caught)).toContain(
      'Encountered "<EOF>" at line 1, column 13.\nWas expecting one of:',
    );
    expect(String(caught)).toContain('    <entity_id> ...\n');
  });

  test.each([
    ['two spaces in GROUP BY', 'select a from syn1 x group  by a'],
    ['spaces in COUNT(*)', 'select count( * ) from syn1'],
    ['!=', 'select a from syn1 where a != 1'],
    ['arithmetic on the left of a predicate', 'select a from syn1 where a + 1 > 2'],
    ['a literal on the left of a predicate', 'select a from syn1 where 1 = 1'],
    ['HAVING', 'select a from syn1 group by a having a > 1'],
    ['a sub-select', 'select a from (select * from syn1)'],
    ['a comma join', 'select a from syn1, syn2'],
    ['an alias without AS', 'select a b from syn1'],
    ['an unknown function', 'select sleep(1) from syn1'],
    ['a cast to a keyword', 'select cast(a as TIME) from syn1'],
    ['a second statement', 'select a from syn1; drop table syn1'],
    ['an unterminated string', "select 'a from syn1"],
    ['too many dots', 'select * from syn1.2.3'],
    ['nothing', ''],
  ])('refuses %s', (_, sql) => {
    expect(() => parseStatement(sql)).toThrow(SqlSyntaxError);
  });

  test('refuses a wrong argument count', () => {
    expect(() => parseStatement('select year() from syn1')).toThrow(
      "Incorrect parameter count in the call to native function 'YEAR'",
    );
  });

  test('refuses an unknown cast type', () => {
    expect(() => parseStatement('select cast(a as VARCHAR) from syn1')).toThrow(
      'No enum constant org.sagebionetworks.repo.model.table.ColumnType.VARCHAR',
    );
  });

  test('refuses a long literal', () => {
    expect(() => parseStatement(`select '${'a'.repeat(1001)}' from syn1`)).toThrow(SqlError);
  });

  test('refuses deep nesting without a crash', () => {
    const depth = 14_000;
    const deep = `select ${'('.repeat(depth)}1${')'.repeat(depth)} from syn1`;
    expect(() => parseStatement(deep)).toThrow('The query is nested too deeply');
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

/** Statements that the grammar can produce, one arbitrary for each rule. */
function statementArbitrary(): fc.Arbitrary<Statement> {
  const word = fc
    .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/)
    .filter((name) => isFree(name.toUpperCase()) && !/^syn\d/i.test(name));
  const identifier: fc.Arbitrary<Identifier> = fc.oneof(
    word.map((name) => ({ name })),
    fc.record({
      name: fc.string({ maxLength: 8 }),
      quote: fc.constantFrom('"' as const, '`' as const),
    }),
  );
  const string = fc.string({ maxLength: 10 });
  const columnOf = (table: fc.Arbitrary<Identifier>): fc.Arbitrary<ColumnExpression> =>
    fc.oneof(
      identifier.map((name) => ({ kind: 'column' as const, column: name })),
      fc.record({ kind: fc.constant('column' as const), table, column: identifier }),
    );
  const column = columnOf(identifier);
  const quantifier = fc.option(fc.constantFrom('ALL' as const, 'DISTINCT' as const), {
    nil: undefined,
  });
  const literal: fc.Arbitrary<Expression> = fc.oneof(
    string.map((value) => ({ kind: 'string' as const, value })),
    fc.nat().map((value) => ({ kind: 'number' as const, text: String(value), exact: true })),
    fc
      .constantFrom('1.5', '0.25', '3.0')
      .map((text) => ({ kind: 'number' as const, text, exact: true })),
    fc
      .constantFrom('1.0E10', '2.5E-7')
      .map((text) => ({ kind: 'number' as const, text, exact: false })),
    fc.constant({ kind: 'null' as const }),
  );
  // One bound for all rules: each alone would let the others grow.
  const bounds = { depthIdentifier: fc.createDepthIdentifier(), maxDepth: 4 };
  const { expression, condition } = fc.letrec<{
    expression: Expression;
    term: Expression;
    primary: Expression;
    unsigned: Expression;
    subject: PredicateSubject;
    pattern: Expression;
    operand: Expression;
    sort: SortItem[];
    condition: Condition;
    conjunction: Condition;
    factor: Condition;
    predicate: Condition;
  }>((tie) => ({
    expression: fc.oneof(
      bounds,
      tie('term'),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom('+' as const, '-' as const),
        left: tie('term'),
        right: tie('term'),
      }),
    ),
    term: fc.oneof(
      bounds,
      tie('primary'),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom('*' as const, '/' as const, '%' as const, 'DIV' as const),
        left: tie('primary'),
        right: tie('primary'),
      }),
    ),
    primary: fc.oneof(
      bounds,
      tie('unsigned'),
      fc.record({
        kind: fc.constant('sign' as const),
        sign: fc.constantFrom('+' as const, '-' as const),
        operand: tie('unsigned'),
      }),
    ),
    unsigned: fc.oneof(
      bounds,
      tie('pattern'),
      fc.constant({ kind: 'call' as const, name: 'CURRENT_USER', args: [] }),
      tie('subject') as fc.Arbitrary<Expression>,
      tie('expression').map((inner) => ({ kind: 'parentheses' as const, inner })),
      fc.record({
        kind: fc.constant('interval' as const),
        count: fc.nat().map((value) => ({
          kind: 'number' as const,
          text: String(value),
          exact: true,
        })),
        unit: fc.constantFrom(...intervalUnits),
      }),
      fc.record(
        {
          kind: fc.constant('case' as const),
          operand: tie('expression'),
          branches: fc.array(
            fc.record({
              when: tie('expression').map((value) => ({ value })),
              then: tie('expression'),
            }),
            { minLength: 1, maxLength: 2 },
          ),
          otherwise: tie('expression'),
        },
        { requiredKeys: ['kind', 'operand', 'branches'] },
      ),
      fc.record({
        kind: fc.constant('case' as const),
        branches: fc.array(
          fc.record({
            when: tie('condition').map((inner) => ({ condition: inner })),
            then: tie('expression'),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    ),
    subject: fc.oneof(
      bounds,
      column,
      fc.constantFrom('NOW', 'CURRENT_DATE', 'YEAR').map((name) => ({
        kind: 'call' as const,
        name,
        args: [],
        bare: true as const,
      })),
      fc
        .constantFrom(...scalarFunctions.entries())
        .filter(([name]) => !['COALESCE', 'CURRENT_USER', 'NULLIF'].includes(name))
        .chain(([name, { minArgs, maxArgs }]) => callOf(name, minArgs, maxArgs, tie('expression'))),
      fc.record({
        kind: fc.constant('cast' as const),
        operand: tie('expression'),
        target: fc.oneof(
          fc.constantFrom(...columnTypes).map((type) => ({ type })),
          fc.nat().map((id) => ({ columnId: String(id) })),
        ),
      }),
    ) as fc.Arbitrary<PredicateSubject>,
    pattern: fc.oneof(
      bounds,
      literal,
      column,
      fc.constant({ kind: 'aggregate' as const, name: 'COUNT' }),
      column.map((inner) => ({ kind: 'unnest' as const, column: inner })),
      callOf('COALESCE', 2, 3, tie('expression')),
      callOf('NULLIF', 2, 2, tie('expression')),
      fc
        .record({
          name: fc.constantFrom(...aggregateFunctions.keys()),
          quantifier,
          operand: tie('expression'),
          others: fc.option(fc.array(tie('expression'), { minLength: 1, maxLength: 2 }), {
            nil: undefined,
          }),
          orderBy: fc.option(tie('sort'), { nil: undefined }),
          separator: fc.option(string, { nil: undefined }),
        })
        .map((parts) => dropUndefined({ kind: 'aggregate' as const, ...parts })),
    ),
    operand: fc.oneof(
      bounds,
      tie('expression'),
      fc.boolean().map((value) => ({ kind: 'boolean' as const, value })),
    ),
    sort: fc.array(
      fc
        .record({
          expression: tie('expression'),
          direction: fc.option(fc.constantFrom('ASC' as const, 'DESC' as const), {
            nil: undefined,
          }),
        })
        .map(dropUndefined),
      { minLength: 1, maxLength: 2 },
    ),
    condition: fc.oneof(bounds, tie('conjunction'), listOf('or', tie('conjunction'))),
    conjunction: fc.oneof(bounds, tie('factor'), listOf('and', tie('factor'))),
    factor: fc.oneof(
      bounds,
      tie('predicate'),
      tie('predicate').map((inner) => ({ kind: 'not' as const, inner })),
      fc.record({
        kind: fc.constant('truth' as const),
        inner: tie('predicate'),
        negated: fc.boolean(),
        value: fc.constantFrom('TRUE' as const, 'FALSE' as const, 'UNKNOWN' as const),
      }),
    ),
    predicate: fc.oneof(
      bounds,
      string.map((search) => ({ kind: 'textMatches' as const, search })),
      tie('condition').map((inner) => ({ kind: 'group' as const, inner })),
      fc.record({
        kind: fc.constant('float' as const),
        test: fc.constantFrom('ISNAN' as const, 'ISINFINITY' as const),
        column,
      }),
      fc.record({
        kind: fc.constant('comparison' as const),
        left: tie('subject'),
        operator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
        right: tie('operand'),
      }),
      fc.record({
        kind: fc.constant('is' as const),
        left: tie('subject'),
        negated: fc.boolean(),
        value: fc.constantFrom('NULL', 'TRUE', 'FALSE', 'UNKNOWN'),
      }),
      fc.record({
        kind: fc.constant('between' as const),
        left: tie('subject'),
        negated: fc.boolean(),
        low: tie('operand'),
        high: tie('operand'),
      }),
      fc.record({
        kind: fc.constantFrom('in' as const, 'has' as const),
        left: tie('subject'),
        negated: fc.boolean(),
        values: valueSet(tie('expression')),
      }),
      fc
        .record({
          left: tie('subject'),
          negated: fc.boolean(),
          values: valueSet(tie('expression')),
          escape: fc.option(string, { nil: undefined }),
        })
        .map((parts) => dropUndefined({ kind: 'hasLike' as const, ...parts })),
      fc
        .record({
          left: tie('subject'),
          negated: fc.boolean(),
          pattern: tie('pattern'),
          escape: fc.option(string, { nil: undefined }),
        })
        .map((parts) => dropUndefined({ kind: 'like' as const, ...parts })),
    ),
  }));
  const tableName = fc.oneof(
    fc.nat().map((id) => `syn${id}`),
    fc.tuple(fc.nat(), fc.nat()).map(([id, version]) => `syn${id}.${version}`),
    word,
  );
  const plainName: fc.Arbitrary<Identifier> = word.map((name) => ({ name }));
  const table: fc.Arbitrary<TableName> = fc.oneof(
    tableName.map((name) => ({ kind: 'table' as const, name })),
    fc.record({ kind: fc.constant('table' as const), name: tableName, alias: plainName }),
    fc.record({
      kind: fc.constant('table' as const),
      name: tableName,
      alias: plainName,
      as: fc.constant(true as const),
    }),
  );
  const from: fc.Arbitrary<TableReference> = fc
    .tuple(
      table,
      fc.array(
        fc.record({
          type: fc.constantFrom('', 'INNER', 'LEFT', 'LEFT OUTER', 'RIGHT', 'RIGHT OUTER'),
          right: table,
          on: fc.option(condition, { nil: undefined }),
        }),
        { maxLength: 2 },
      ),
    )
    .map(([first, joins]) =>
      joins.reduce<TableReference>(
        (left, join) => dropUndefined({ kind: 'join', left, ...join }),
        first,
      ),
    );
  const select: fc.Arbitrary<Select> = fc
    .record({
      quantifier,
      list: fc.oneof(
        fc.constant('*' as const),
        fc.array(
          fc
            .record({ expression, alias: fc.option(identifier, { nil: undefined }) })
            .map(dropUndefined),
          { minLength: 1, maxLength: 3 },
        ),
      ),
      from,
      definingWhere: fc.option(condition, { nil: undefined }),
      where: fc.option(condition, { nil: undefined }),
      groupBy: fc.option(fc.array(expression, { minLength: 1, maxLength: 2 }), { nil: undefined }),
      limit: fc.option(fc.nat().map(String), { nil: undefined }),
    })
    .chain((parts) =>
      fc
        .option(fc.nat().map(String), { nil: undefined })
        .map((offset) =>
          dropUndefined({ ...parts, offset: parts.limit === undefined ? undefined : offset }),
        ),
    );
  const query: fc.Arbitrary<Query> = fc.record({
    first: select,
    unions: fc.array(fc.record({ quantifier, select }).map(dropUndefined), { maxLength: 1 }),
  });
  return fc.oneof(
    query.map((only) => ({ query: only })),
    fc.record({
      with: fc
        .record({
          name: tableName,
          columns: fc.option(fc.array(identifier, { minLength: 1, maxLength: 2 }), {
            nil: undefined,
          }),
          query,
        })
        .map(dropUndefined),
      query,
    }),
  );
}

function isFree(upper: string): boolean {
  return !grammarWords.has(upper) && upper !== 'GROUP' && upper !== 'ORDER';
}

function callOf(
  name: string,
  minLength: number,
  maxArgs: number,
  argument: fc.Arbitrary<Expression>,
): fc.Arbitrary<Expression> {
  return fc
    .array(argument, { minLength, maxLength: Math.min(maxArgs, minLength + 2) })
    .map((args) => ({ kind: 'call' as const, name, args }));
}

/** Items that are all different, in the order in which they are printed. */
function sortedBy<T>(items: readonly T[], print: (item: T) => string): T[] {
  const byText = new Map(items.map((item) => [print(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function valueSet(value: fc.Arbitrary<Expression>): fc.Arbitrary<Expression[]> {
  return fc
    .array(value, { minLength: 1, maxLength: 3 })
    .map((values) => sortedBy(values, printExpression));
}

function listOf(kind: 'and' | 'or', item: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc
    .array(item, { minLength: 2, maxLength: 3 })
    .map((items) => sortedBy(items, printCondition))
    .filter((items) => items.length > 1)
    .map((items) => ({ kind, items }));
}

/** Absent members are absent, as the parser leaves them. */
function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as T;
}
