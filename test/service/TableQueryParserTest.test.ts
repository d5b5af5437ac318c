import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('TableQueryParserTest', () => {
  test.each([
    ['testSignedInteger: a whole number is printed as it is', '1234567890', '1234567890'],
    ['testColumnReferenceLiteralLHS: a plain name is printed as it is', 'name', 'name'],
    [
      'testCharacterStringLiteral_UnderStringSizeLimit: a text of the greatest length is taken',
      "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
      "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
    ],
    ['testColumnReferenceStringLHS: a quoted name keeps its quotes', '"two words"', '"two words"'],
    [
      'testSetFunctionSpecification: an aggregate may count distinct values',
      'count( distinct "name")',
      'COUNT(DISTINCT "name")',
    ],
    [
      'testValueExpressionPrimaryColumnReference: quotes within quotes stay doubled',
      '"say ""hi"""',
      '"say ""hi"""',
    ],
    [
      'testSelectListSingleLiteral: a list may have names and functions',
      'name, "two words", max(age)',
      'name, "two words", MAX(age)',
    ],
    [
      'testSelectMultipleColumns: columns stay in their order',
      'name, score, age',
      'name, score, age',
    ],
    [
      'testSelectDoubleQuotedColumnName: a quoted name may hold quotes and marks',
      '"say ""hi"""',
      '"say ""hi"""',
    ],
    [
      'testCountDistinctMultipleColumns: several columns may be counted together',
      'count(distinct name, age)',
      'COUNT(DISTINCT name, age)',
    ],
    ['testArithmetic: operators have no spaces', 'age / 100', 'age/100'],
    [
      'testQueryExpressionWithCaseExpression: an aggregate may be of a CASE',
      "sum(case name when 'one' then 1 else 0 end)",
      "SUM(CASE name WHEN 'one' THEN 1 ELSE 0 END)",
    ],
    [
      'testCastSpecification: a type is printed in capitals',
      'cast(name as integer)',
      'CAST(name AS INTEGER)',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });

  test.each([
    [
      'testCharacterStringLiteral_ExceedSizeLimit: a longer text is refused',
      "select 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' from $",
      'String exceeds maximum allowed size: 1000',
    ],
    [
      'testSelectTableNameSigned: a name of a table has no sign',
      'select * from -$',
      'Encountered " "-" "- ""',
    ],
    [
      'testQueryEndOfFile: nothing may follow a query',
      'select name from $ limit 1 offset 2 select age',
      'Encountered " "SELECT" "select ""',
    ],
    [
      'testAsciiTokens: a mark that is not part of the grammar is named',
      'select name! from $',
      'Encountered " "!" "! ""',
    ],
    [
      'testTableNameTooManyDots: an id has one version',
      'select * from $.1.2',
      'Encountered " <exact_numeric_literal> ".2 ""',
    ],
    [
      'testTableNameTrailingDot: an id does not end in a dot',
      "select * from $.1. where name = 'x'",
      'Encountered " "." ". ""',
    ],
    [
      'testEntityIdColumnName: an id is a name of a column',
      "select * from $ where syn567 = 'x'",
      'Column does not exist: syn567',
    ],
    [
      'testCurrentUserInvalidPlacement: the caller is not the left side of a comparison',
      'select * from $ where CURRENT_USER() = CURRENT_USER()',
      'Encountered " "CURRENT_USER" "CURRENT_USER ""',
    ],
    [
      'testCurrentUserInvalidPlacement2: the caller is no table',
      'select * from CURRENT_USER() where name = CURRENT_USER()',
      'Encountered " "CURRENT_USER" "CURRENT_USER ""',
    ],
    [
      'testCurrentUserInvalidSpelling: the caller needs parentheses',
      'select * from $ where owner = CURRENT_USER',
      'Encountered "<EOF>"',
    ],
    [
      'testCTE: a query of a user is one select, without WITH',
      'with syn2 as (select name from $) select * from syn2',
      'Encountered " "WITH" "with ""',
    ],
    [
      'testQueryExpressionWithDefiningWhere: DEFINING_WHERE is parsed, and needs a virtual table',
      'select * from $ defining_where name is not null where age = 1 limit 1',
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test.each([
    [
      'testColumnReferenceLiteralLHSAndRHS: a name may have its table before it',
      'select t.name from $ t',
      'SELECT t.name FROM $ t',
    ],
    [
      'testColumnReferenceStringLHSandRHS: both parts of a name may be quoted',
      'select "t"."two words" from $ t',
      'SELECT "t"."two words" FROM $ t',
    ],
    ['testSelectListStart: a star stays a star', 'select * from $', 'SELECT * FROM $'],
    [
      'testPredicateComparison: a number with an exponent is printed as a double',
      'select * from $ t where t.score >= 10.1e-10',
      'SELECT * FROM $ t WHERE t.score >= 1.01E-9',
    ],
    ['testTableExpression: a query names its table', 'select name from $', 'SELECT name FROM $'],
    [
      'testTableExpressionWithWhere: a query may have a condition',
      "select name from $ where name > 'b'",
      "SELECT name FROM $ WHERE name > 'b'",
    ],
    ['testSelectStar: a star of one table', 'select  *  from $', 'SELECT * FROM $'],
    [
      'testSelectGroupBy: a query may have groups',
      'select name, count(age) from $ group by name',
      'SELECT name, COUNT(age) FROM $ GROUP BY name',
    ],
    [
      'testQueryAllParts: every part of a query stays in its place',
      "select name, count(age) from $ where notes = 'cat''s' group by name order by name limit 1 offset 2",
      "SELECT name, COUNT(age) FROM $ WHERE notes = 'cat''s' GROUP BY name ORDER BY name LIMIT 1 OFFSET 2",
    ],
    [
      'testKeyWordsInLiterals: a name may hold a word of the grammar',
      'select name as sNot, age as isIn, score as WeLikeIt, notes as string from $ limit 1 offset 2',
      'SELECT name AS sNot, age AS isIn, score AS WeLikeIt, notes AS string FROM $ LIMIT 1 OFFSET 2',
    ],
    [
      'testGroupConcat: texts of a group may be distinct, sorted and separated',
      "select age, group_concat(distinct name order by name desc separator '#') from $ group by age",
      "SELECT age, GROUP_CONCAT(DISTINCT name ORDER BY name DESC SEPARATOR '#') FROM $ GROUP BY age",
    ],
    [
      'testGroupConcatWithMultipleColumns: texts of a group may be of several columns',
      "select age, group_concat(distinct name, notes order by name desc separator '#') from $ group by age",
      "SELECT age, GROUP_CONCAT(DISTINCT name, notes ORDER BY name DESC SEPARATOR '#') FROM $ GROUP BY age",
    ],
    [
      'testUnknownCharacters: characters beyond ASCII are skipped between words',
      'select * from $ ￿',
      'SELECT * FROM $',
    ],
    [
      'testQueryExpression: a query may be sorted and limited',
      "select * from $ where name='x' order by name limit 12",
      "SELECT * FROM $ WHERE name = 'x' ORDER BY name LIMIT 12",
    ],
    [
      'testQuerySpecificationWithSemiColon: a semicolon may end a query',
      "SELECT * FROM $ WHERE name ='x';",
      "SELECT * FROM $ WHERE name = 'x'",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });

  test.each([
    ['testPredicateSignedComparison: a number may have a sign', 'age >= -200', 'age >= -200'],
    ['testPredicateNull: a value may be tested for null', 'name is not null', 'name IS NOT NULL'],
    [
      'testPredicateNotBetween: a range may be negated',
      'age not between owner and 7',
      'age NOT BETWEEN owner AND 7',
    ],
    [
      'testPredicateBetween: a range may have columns',
      'age between owner and 7',
      'age BETWEEN owner AND 7',
    ],
    ['testPredicateNotLike: a pattern may be negated', "name not like '%a'", "name NOT LIKE '%a'"],
    [
      'testPredicateLike: a text may be compared with a pattern',
      "name like '%a'",
      "name LIKE '%a'",
    ],
    [
      'testPredicateNotIn: a list may be negated',
      'age not in(1, 2,owner)',
      'age NOT IN ( 1, 2, owner )',
    ],
    [
      'testPredicateIn: a list has its values in order',
      'age in(2,1, owner)',
      'age IN ( 1, 2, owner )',
    ],
    [
      'testSearchConditionOr: conditions may be connected by OR',
      'name <> notes or score > 3',
      'name <> notes OR score > 3',
    ],
    [
      'testSearchConditionAnd: conditions connected by AND are sorted',
      'name =1 and age = 2',
      'age = 2 AND name = 1',
    ],
    [
      'testSearchConditionNestedOr: parentheses stay',
      '(age =1 and name = 2) or notes is not null',
      '( age = 1 AND name = 2 ) OR notes IS NOT NULL',
    ],
    [
      'testSearchConditionNestedAnd: parentheses stay within AND',
      '(age =1 or name = 2) and notes is not null',
      '( age = 1 OR name = 2 ) AND notes IS NOT NULL',
    ],
    [
      'testCurrentUser: a column may be compared with the caller',
      'owner = CURRENT_USER()',
      'owner = CURRENT_USER()',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select * from $ where ${given}`)).toBe(
      `SELECT * FROM $ WHERE ${expected}`,
    );
  });

  test.each([
    [
      'testJoin: a definition may join tables',
      'select a.name from $ a join $ b on a.age = b.age',
      true,
    ],
    [
      'testMultipleJoinWithOneOn: one condition may be for several joins',
      'select a.name from $ a join $ b join $ c on (a.age = b.age and b.age = c.age)',
      true,
    ],
    [
      'testQueryExpressionWithParentheses: a definition may be in parentheses',
      '(select name from $)',
      true,
    ],
    [
      'testQueryExpressionWithUnion: a definition may be a union',
      'select name from $ union select notes from $',
      true,
    ],
    [
      'testQueryExpressionWithMultipleUnion: a definition may be a union of many kinds',
      'select name from $ union select notes from $ union all (select name from $) union distinct select notes from $',
      true,
    ],
    [
      'testQueryExpressionWithUnionAndJoin: a union may hold a join',
      'select a.name from $ a join $ b on (a.age=b.age) union select notes from $ where age>123 order by notes',
      true,
    ],
    [
      'testQueryExpressionWithUnionAndGropuByNotLastQuery: the first part of a union may have groups',
      'select name from $ group by name union select notes from $',
      true,
    ],
    [
      'testQueryExpressionWithUnionAndGropuByLastQuery: the last part of a union may have groups',
      'select name from $ union select notes from $ group by notes',
      true,
    ],
    [
      'testQueryExpressionWithUnionAndOrderLastQuery: the last part of a union may be sorted',
      'select name from $ union select notes from $ order by notes',
      true,
    ],
    [
      'testQueryExpressionWithUnionAndPaginationLastQuery: the last part of a union may be limited',
      'select name from $ union select notes from $ limit 10 offset 1',
      true,
    ],
    [
      'testQueryExpressionWithUnionAndOrderByPaginationLastQuery: the last part of a union may be sorted and limited',
      'select name from $ union select notes from $ order by notes limit 10 offset 1',
      true,
    ],
    [
      'testQueryExpressionWithSemiColon: a semicolon may end a definition',
      'select name from $;',
      true,
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.defines(given)).toEqual(expected);
  });

  test('testTableWithVersion: a table may have a version', async () => {
    const kept = await SqlTable.create(table.session);
    await table.session.change(kept.id, [], { createSnapshot: true });
    const printed = await kept.printed("select * from $.1 where name = 'x'");
    expect(printed).toBe("SELECT * FROM $.1 WHERE name = 'x'");
  });
});
