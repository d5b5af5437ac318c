import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('QueryTranslatorTest', () => {
  test.each([
    [
      'testSelectStar: a star has the ids of all columns',
      'select * from $',
      [
        'name',
        'age',
        'score',
        'active',
        'born',
        'file',
        'owner',
        'tags',
        'counts',
        'files',
        'data',
        'notes',
        'two words',
        'say "hi"',
        'year',
      ],
    ],
    ['testSelectSingleColumns: a column has its id', 'select name from $', ['name']],
    [
      'testSelectDoubleQuotedColumn: a quoted column has its id',
      'select "say ""hi""" from $',
      ['say "hi"'],
    ],
    [
      'testSelectMultipleColumns: columns have their ids',
      'select name, age from $',
      ['name', 'age'],
    ],
    [
      'testSelectDistinct: distinct rows have no ids',
      'select distinct name, age from $',
      [null, null],
    ],
    ['testSelectConstant: a constant has no id', "select 'not a name' from $", [null]],
    [
      'testSelectGroupByAggregate: a column of groups has no id',
      'select name from $ group by name',
      [null],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.ids(given)).toEqual(expected);
  });

  test.each([
    [
      'testSelectStarEscaping: a star names columns without quotes',
      '"say ""hi"""',
      ['say "hi": STRING'],
    ],
    ['testSelectCountStar: a count of rows is an INTEGER', 'count(*)', ['COUNT(*): INTEGER']],
    ['testSelectAggregate: an average is a DOUBLE', 'avg(age)', ['AVG(age): DOUBLE']],
    [
      'testSelectAggregateMoreColumns: an average and a column',
      'avg(age), name',
      ['AVG(age): DOUBLE', 'name: STRING'],
    ],
    [
      'testSelectAggregateMultiple: extremes have the types of their columns',
      'min(name), max(born)',
      ['MIN(name): STRING', 'MAX(born): DATE'],
    ],
    [
      'testSelectDistinctAggregate: a count of distinct values is an INTEGER',
      'count(distinct name)',
      ['COUNT(DISTINCT name): INTEGER'],
    ],
    [
      'testTypeSetFunctionStrings: aggregates of texts',
      'count(*), min(name), max(name), count(name)',
      ['COUNT(*): INTEGER', 'MIN(name): STRING', 'MAX(name): STRING', 'COUNT(name): INTEGER'],
    ],
    [
      'testTypeSetFunctionIntegers: aggregates of integers',
      'min(age), max(age), sum(age), avg(age), count(age)',
      [
        'MIN(age): INTEGER',
        'MAX(age): INTEGER',
        'SUM(age): INTEGER',
        'AVG(age): DOUBLE',
        'COUNT(age): INTEGER',
      ],
    ],
    [
      'testTypeSetFunctionDoubles: aggregates of doubles',
      'min(score), max(score), sum(score), avg(score), count(score)',
      [
        'MIN(score): DOUBLE',
        'MAX(score): DOUBLE',
        'SUM(score): DOUBLE',
        'AVG(score): DOUBLE',
        'COUNT(score): INTEGER',
      ],
    ],
    ['testPLFM_3870: a sum of doubles is a DOUBLE', 'sum(score)', ['SUM(score): DOUBLE']],
    [
      'testCurrentUserFunctionInSelectClause: the caller is a USERID',
      'CURRENT_USER()',
      ['CURRENT_USER(): USERID'],
    ],
    [
      'testSelectWithSimpleCase: a CASE has the type of its first column',
      "case name when 'a' then 0 else 2 end as c",
      ['c: STRING'],
    ],
    [
      'testSelectWithSearchedCase: a searched CASE has the type of its first column',
      "case when age > owner then 'x' else 'y' end as c",
      ['c: INTEGER'],
    ],
    [
      'testSelectWithNullIf: NULLIF has the type of its first column',
      'NULLIF(born,age) as fb',
      ['fb: DATE'],
    ],
    ['testCastWithColumnType: a cast has its type', 'cast(age as STRING) AS s', ['s: STRING']],
    [
      'testSelectWithJsonObject: an object is JSON',
      "JSON_OBJECT('foo', 1, 'bar', 2) as j",
      ['j: JSON'],
    ],
    ['testSelectWithJsonArray: an array is JSON', "JSON_ARRAY('foo', 1) as j", ['j: JSON']],
    [
      'testSelectWithJsonExtract: a part of a document is a STRING',
      "JSON_EXTRACT(data, '$$.a') as j",
      ['j: STRING'],
    ],
    [
      'testSelectWithJsonArrayAgg: gathered values are JSON',
      'JSON_ARRAYAGG(name) as j',
      ['j: JSON'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    ['selectRowIdAndVersionStar: rows of a star have ids', 'select * from $', true],
    ['selectRowIdAndVersionSingleColumn: rows of a column have ids', 'select name from $', true],
    [
      'selectRowIdAndVersionDistinct: distinct rows have no row ids',
      'select distinct name from $',
      false,
    ],
    ['selectRowIdAndVersionCount: a count has no row id', 'select count(*) from $', false],
    [
      'selectRowIdAndVersionAggregateFunction: an aggregate has no row id',
      'select max(name) from $',
      false,
    ],
    [
      'selectRowIdAndVersionNonAggreageFunction: a function of one row has row ids',
      "select concat('a',name) from $",
      true,
    ],
    ['selectRowIdAndVersionConstant: a constant has row ids', "select 'a constant' from $", true],
    [
      'selectRowIdAndVersionConstantPlusColumn: a column and a constant have row ids',
      "select name, 'a constant' from $",
      true,
    ],
    [
      'selectRowIdAndVersionArithmeticNoColumns: arithmetic of constants has row ids',
      'select 5 div 2 from $',
      true,
    ],
    [
      'selectRowIdAndVersionArithmeticAndColumn: arithmetic and a column have row ids',
      'select 5 div 2, name from $',
      true,
    ],
    [
      'selectRowIdAndVersionArithmeticOfColumns: arithmetic of a column has row ids',
      'select 5 div age from $',
      true,
    ],
    [
      'selectRowIdAndVersionGroupBy: groups have no row ids',
      'select name, count(*) from $ group by name',
      false,
    ],
    [
      'selectRowIdAndVersionAggregateFunctionNoGroup: a column next to an aggregate has no row id',
      'select name, max(age) from $',
      false,
    ],
    [
      'selectRowIdAndNonAggregateFunction: a function next to a column has row ids',
      'select name, DAYOFMONTH(notes) from $',
      true,
    ],
    [
      'selectRowIdAndNonAggregateFunctionColumnRef: a function of a column has row ids',
      'select DAYOFMONTH(notes) from $',
      true,
    ],
    [
      'selectRowIdAndNonAggregateFunctionOnly: a function of a constant has row ids',
      "select DAYOFMONTH('2017-12-12') from $",
      true,
    ],
    ['selectRowIdAndAs: an alias has row ids', 'select name as "cats" from $', true],
  ])('%s', async (_, given, expected) => {
    const [row] = await table.rows(given);
    expect(row?.rowId !== undefined).toBe(expected);
  });

  test.each([
    [
      'testWhereSimple: a text is compared with a number',
      'select name from $ where age = 20',
      ['bob'],
    ],
    [
      'testWhereDoubleFunction: NaN and infinity are found',
      'select name from $ where isNaN(score) or isInfinity(score)',
      ['bob', 'Cid'],
    ],
    [
      'testWhereDouble: a range of doubles',
      'select name from $ where score between 1.0 and 2.0',
      ['Ann'],
    ],
    [
      'testWhereOr: either condition',
      'select name from $ where age = 20 or age = 40',
      ['bob', 'Cid'],
    ],
    [
      'testWhereAnd: both conditions',
      "select age from $ where name = 'ann' and owner = 2",
      ['30', null],
    ],
    [
      'testWhereNested: conditions in parentheses',
      "select age from $ where (name = 'Ann' and age = 30) or age = 40",
      ['30', '40'],
    ],
    [
      'testGroupByOne: groups of one column',
      'select name from $ group by name order by name',
      ['Ann', 'bob', 'Cid'],
    ],
    [
      'testGroupByMultiple: groups of two columns',
      'select count(*) from $ group by name, age order by name, age',
      ['1', '1', '1', '1'],
    ],
    [
      'testOrderByOneNoSpec: an order goes up',
      'select age from $ where age is not null order by age',
      ['20', '30', '40'],
    ],
    [
      'testOrderByOneWithSpec: an order goes down',
      'select age from $ where age is not null order by age desc',
      ['40', '30', '20'],
    ],
    [
      'testOrderByDouble: doubles are sorted',
      'select name from $ where score is not null order by score',
      ['Ann', 'Ann', 'Cid'],
    ],
    [
      'testOrderByMultipleNoSpec: a second column decides',
      'select age from $ where age is not null order by name, age',
      ['30', '20', '40'],
    ],
    [
      'testOrderByMultipeWithSpec: directions of two columns',
      'select age from $ order by name asc, age desc',
      ['30', null, '20', '40'],
    ],
    ['testLimit: a limit', 'select age from $ order by row_id limit 2', ['30', '20']],
    [
      'testLimitAndOffset: a limit and an offset',
      'select age from $ order by row_id limit 2 offset 1',
      ['20', '40'],
    ],
    [
      'testAllParts: every part',
      'select name from $ where age >= 1.89e1 order by age desc limit 10 offset 0',
      ['Cid', 'Ann', 'bob'],
    ],
    [
      'testAllPartsWithGrouping: every part and groups',
      'select name from $ where age >= 1.89e1 group by name order by name desc limit 10 offset 0',
      ['Cid', 'bob', 'Ann'],
    ],
    [
      'testPLFM_3864: NaN and infinity are shown under an alias',
      'select score as f1 from $ order by row_id',
      ['1.5', 'NaN', 'Infinity', '-2'],
    ],
    [
      'testPLFM_3864withOrderBy: doubles are sorted by an alias',
      'select score as f1 from $ order by f1',
      ['NaN', '-2', '1.5', 'Infinity'],
    ],
    [
      'testPLFM_3865: an aggregate is sorted by an aggregate',
      'select max(age) from $ order by min(age)',
      ['40'],
    ],
    [
      'testPLFM_3865andPLFM_3864: an aggregate is sorted by an alias',
      'select max(age) as f1, min(age) as f2 from $ order by f2',
      ['40'],
    ],
    [
      'testTranslateNotIsNaN: NOT ISNAN leaves NaN out',
      'select name from $ where not isNaN(score)',
      ['Ann', 'Cid', 'Ann'],
    ],
    [
      'testPLFM_3869: a star without NaN',
      'select * from $ where not isNaN(score)',
      ['Ann', 'Cid', 'Ann'],
    ],
    ['testTranslateIsNaN: ISNAN finds NaN', 'select name from $ where isNaN(score)', ['bob']],
    [
      'testAliasGroupByOrderBy: groups and orders may be by quoted aliases',
      'select "name" as "f", sum(age) as "i` sum" from $ group by "f" order by "i` sum" DESC',
      ['Cid', 'Ann', 'bob'],
    ],
    [
      'testCurrentUserFunctionInWhereClause: no cell is of the caller',
      'select owner from $ where owner = CURRENT_USER()',
      [],
    ],
    [
      'testCurrentUserFunctionInAggClause: the caller is counted once a row',
      'select COUNT(CURRENT_USER()) from $',
      ['4'],
    ],
    [
      'testQueryUnixTimestamp: a date is after a time',
      "select name from $ where born > UNIX_TIMESTAMP('2021-06-20 00:00:00')*1000",
      ['Ann'],
    ],
    [
      'testTranslateWithIsInfinity: infinity is found under an alias of the table',
      'select * from $ a where isInfinity(score)',
      ['Cid'],
    ],
    [
      'testTranslateWithIsNaN: NaN is found under an alias of the table',
      'select * from $ a where isNaN(score)',
      ['bob'],
    ],
    [
      'testTranslateGroup_concatWithMultipleColumns: texts of several columns are joined',
      'select group_concat(distinct name, notes) from $ where notes is not null group by name order by name',
      ['Annfirst', 'bobsecond'],
    ],
    [
      'testTranslateCountDistinctWithMultipleColumns: values of several columns are counted together',
      'select count(distinct name, owner) from $',
      ['2'],
    ],
    [
      'testSelectWithJsonOverlaps: lists that share a value are found',
      "select name from $ where JSON_OVERLAPS(counts, '[3,4]') IS TRUE",
      ['bob'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });

  test.each([
    [
      'testPLFM_3866: a list in double quotes is of columns',
      'select name from $ where name in ("a")',
      "Unknown column 'a' in 'where clause'",
    ],
    [
      'testPLFM_3867: a text in double quotes is a column',
      'select name from $ where name = "a"',
      'Column does not exist: a',
    ],
    [
      'testQueryWithTextMatches: a search needs a table that is indexed',
      "select name from $ where TEXT_MATCHES('some text')",
      'Invalid use of TEXT_MATCHES. Full text search is not enabled on table',
    ],
    [
      'testTranslateWithJoinWithQueryContext: a query does not join',
      'select * from $ a join $ b on (a.age = b.age)',
      'The JOIN keyword is not supported in this context',
    ],
    [
      'testTranslateWithUnionInQueryContext: a query is no union',
      'select name from $ union select notes from $',
      'Encountered " "UNION" "union ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test.each([
    [
      'testTranslateWithJoinWithAlowJoinTrue: a definition joins',
      "select a.name from $ a join $ b on (a.age = b.age) where a.name = 'x' order by a.name",
      true,
    ],
    [
      'testTranslateWithJoinWithAlowJoinTrueWithAlias: a definition joins under aliases',
      'select b.name from $ a join $ b on (a.age = b.age)',
      true,
    ],
    [
      'testTranslateWithJoinWithMultipleOfSameTable: a definition joins a table with itself',
      "select a.name from $ a join $ b on (a.age = b.age) where a.name = 'x' order by b.name",
      true,
    ],
    [
      'testTranslateWithLeftJoin: a left join with groups',
      'select b.`two words`, sum(a.age) from $ a left join $ b on (a.age = b.age) group by b.`two words`',
      true,
    ],
    [
      'testTranslateWithLeftJoinOuter: a left outer join',
      'select a.name from $ a left outer join $ b on (a.age = b.age)',
      true,
    ],
    [
      'testTranslateWithRightJoin: a right join',
      'select a.name from $ a right join $ b on (a.age = b.age)',
      true,
    ],
    [
      'testTranslateWithRightJoinOuter: a right outer join',
      'select a.name from $ a right outer join $ b on (a.age = b.age)',
      true,
    ],
    [
      'testTranslateWithMaterializedViewWithWhereColumnNotFound: a condition names a column that is not there',
      'select a.name from $ a join $ b on (a.age = b.age) where a.wrong = 123',
      'Column does not exist: a.wrong',
    ],
    [
      'testTranslateWithMaterializedViewWithJoinColumnNotFound: a join names a column that is not there',
      'select a.name from $ a join $ b on (a.wrong = b.age)',
      'Column does not exist: a.wrong',
    ],
    [
      'testTranslateWithMaterializedViewWithComplexCondition: a join may compare with constants',
      'select a.name from $ a join $ b on (a.age = b.age and a.age > 12)',
      true,
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.defines(given)).toEqual(expected);
  });

  test.each([
    [
      'testTranslateDeterministicSqlWithSearchConditions: conditions are sorted',
      "select * from $ where name = 'a' AND (age = 42 OR age = 32)",
      "SELECT * FROM $ WHERE ( age = 32 OR age = 42 ) AND name = 'a'",
    ],
    [
      'testTranslateDeterministicSqlWithInClause: lists are sorted',
      "select * from $ where name IN ('b', 'a', 'c') AND age IN (42, 32)",
      "SELECT * FROM $ WHERE age IN ( 32, 42 ) AND name IN ( 'a', 'b', 'c' )",
    ],
    [
      'testTranslateDeterministicSqlWithMultiValue: lists of elements are sorted',
      "select * from $ where tags HAS_LIKE ('b', 'a', 'c') AND counts HAS (42, 32)",
      "SELECT * FROM $ WHERE counts HAS ( 32, 42 ) AND tags HAS_LIKE ( 'a', 'b', 'c' )",
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });
});
