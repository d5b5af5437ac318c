import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('SQLTranslatorUtilsTest', () => {
  test.each([
    ['testGetBaseColulmnTypeNoQuotes: a number is a DOUBLE', '12', ['12: DOUBLE']],
    ['testGetBaseColulmnTypeWithQuotes: a text is a STRING', "'x'", ['x: STRING']],
    [
      'testGetSelectColumnsConstantString: a text is named by itself',
      "'constant'",
      ['constant: STRING'],
    ],
    ['testGetSelectColumnsConstantDouble: a number is named by itself', '1.23', ['1.23: DOUBLE']],
    ['testGetSelectColumnsRowIdLower: row_id is an INTEGER', 'row_id', ['row_id: INTEGER']],
    ['testGetSelectColumnsRowIdUpper: ROW_ID is an INTEGER', 'ROW_ID', ['ROW_ID: INTEGER']],
    [
      'testGetSelectColumnsCountRowId: a count of row ids is an INTEGER',
      'count(row_id)',
      ['COUNT(row_id): INTEGER'],
    ],
    [
      'testGetSelectColumnsRowVersionUpper: ROW_VERSION is an INTEGER',
      'ROW_VERSION',
      ['ROW_VERSION: INTEGER'],
    ],
    ['testGetSelectColumnsCountStar: a count is an INTEGER', 'count(*)', ['COUNT(*): INTEGER']],
    [
      'testGetSelectColumnsCountStarAs: a count may have a quoted alias',
      'count(*) as "has space"',
      ['has space: INTEGER'],
    ],
    [
      'testGetSelectColumnsCountMatch: a count of a column in backticks',
      'count(`two words`)',
      ['COUNT(`two words`): INTEGER'],
    ],
    [
      'testGetSelectColumnsCountMatchAs: a count of a column in backticks may have an alias',
      'count(`two words`) as c',
      ['c: INTEGER'],
    ],
    [
      'testGetSelectColumnsSum: a sum has the type of its column',
      'sum( owner )',
      ['SUM(owner): USERID'],
    ],
    [
      'testGetSelectColumnsMax: an extreme has the type of its column',
      'max( file )',
      ['MAX(file): ENTITYID'],
    ],
    ['testGetSelectColumnsAvg: an average is a DOUBLE', 'avg( born )', ['AVG(born): DOUBLE']],
    [
      'testGetSelectColumnsCurrentUser: the caller is a USERID',
      'current_user()',
      ['CURRENT_USER(): USERID'],
    ],
    [
      'testGetSelectColumnsMySqlFunction: a function has its own type',
      'from_unixtime(age)',
      ['FROM_UNIXTIME(age): STRING'],
    ],
    [
      'testGetSelectColumnsColumnNameWithQuotes: a name with quotes is shown plain',
      '"say ""hi"""',
      ['say "hi": STRING'],
    ],
    [
      'testGetSelectColumnsAliasNameWithQuotes: an alias with quotes is shown plain',
      'name as "x""y"',
      ['x"y: STRING'],
    ],
    [
      'testGetSelectColumnsWithCastAndAs: a cast may have an alias',
      'cast(name as INTEGER) AS anInt',
      ['anInt: INTEGER'],
    ],
    [
      'testGetSelectColumnsWithCastNoAs: a cast is named by its SQL',
      'cast(name as INTEGER)',
      ['CAST(name AS INTEGER): INTEGER'],
    ],
    [
      'testGetSelectColumnsSpecial: a name with marks is shown plain',
      '"say ""hi""", "two words"',
      ['say "hi": STRING', 'two words: STRING'],
    ],
    [
      'testTranslateModelSelectArithmetic: arithmetic in parentheses',
      '-(2+2)*10',
      ['-(2+2)*10: DOUBLE'],
    ],
    [
      'testTranslateModelSelectArithmeticFunction: arithmetic in a function',
      'sum((age+owner)/score) as "sum"',
      ['sum: INTEGER'],
    ],
    [
      'testTranslateModelWihttranslateSynapseFunctions: the caller next to a column',
      'name, CURRENT_USER()',
      ['name: STRING', 'CURRENT_USER(): USERID'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithDerivedAddition: a sum of columns has the type of the first',
      'age + score',
      ['age+score: INTEGER'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithDerivedWithCount: a count is an INTEGER',
      'count(*) AS "count"',
      ['count: INTEGER'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithDerivedWithAverage: an average is a DOUBLE',
      'avg(owner)',
      ['AVG(owner): DOUBLE'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithAliasThatExists: an alias may be the name of another column',
      'name as age',
      ['age: STRING'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithDerivedWithConcat: a joined text is a STRING',
      "CONCAT(name, '-', notes) AS c",
      ['c: STRING'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithUnnest: an element has the type of elements',
      'unnest(files)',
      ['UNNEST(files): ENTITYID'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    ['testGetSelectColumnsSimpleMatch: a column has its id', 'select name from $', ['name']],
    ['testGetSelectColumnsMatchAs: an alias has no id', 'select name as n from $', [null]],
    [
      'testGetSelectColumnsHasIfNullFunction: an alias that is the name of the first column has its id',
      'select IFNULL( owner ,-1) as owner from $',
      ['owner'],
    ],
    [
      'testGetSelectColumnsSelectActualColumnsAggregate: columns of groups have no ids',
      'select name, age from $ group by name, age',
      [null, null],
    ],
    [
      'testGetSelectColumnsSelectActualColumnsNotAggregate: columns have their ids',
      'select name, age from $',
      ['name', 'age'],
    ],
    [
      'testGetSelectColumnsSelectConstantNotAggregate: next to a constant no column has an id',
      "select name, 'some constant' from $",
      [null, null],
    ],
    [
      'testGetSelectColumnsSelectConstantAggregate: next to a constant in groups no column has an id',
      "select name, 'some constant' from $ group by name",
      [null, null],
    ],
    [
      'testGetSchemaOfDerivedColumnWithSimpleString: a column keeps its model',
      'select name from $',
      ['name'],
    ],
    [
      'testGetSchemaOfDerivedColumnWithStringAlias: an alias has no model',
      'select name as n from $',
      [null],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.ids(given)).toEqual(expected);
  });

  test.each([
    [
      'testGetSelectColumnsSimpleMismatch: a column that does not exist is named',
      'select nam3 from $',
      'Unknown column nam3',
    ],
    [
      'testGetSelectColumnsCountNoMatch: a count of a column that does not exist is refused',
      'select count(no_match) from $',
      "Unknown column 'no_match' in 'field list' Note:",
    ],
    [
      'testReplaceBooleanFunctionNonDoubleColumn: a test for infinity needs a double',
      'select * from $ where isInfinity(age)',
      'Function: ISINFINITY can only be used with a column of type DOUBLE.',
    ],
    [
      'testReplaceBooleanFunctionUnknownColumn: a test for infinity needs a column',
      'select * from $ where isInfinity(someUnknown)',
      'Function: ISINFINITY has unknown reference: someUnknown',
    ],
    [
      'testReplaceArrayHasPredicateWithNotAListColumn: HAS needs a list',
      "select * from $ where name has ('a', 'b')",
      'The HAS keyword only works for columns that hold list values',
    ],
    [
      'testReplaceArrayHasPredicateWithNotAColumnReference: HAS needs a column',
      "select * from $ where JSON_EXTRACT(data, '$$.n') has ('a')",
      'The HAS keyword only works for list column references',
    ],
    [
      'testReplaceArrayHasPredicateWithHasLikeAndReferencedColumnNotMultiValue: HAS_LIKE needs a list',
      "select * from $ where name has_like ('a')",
      'The HAS_LIKE keyword only works for columns that hold list values',
    ],
    [
      'tesTranslateArrayFunctionWithColumnNotFound: UNNEST in an order needs a column',
      'select name from $ order by UNNEST(nothing)',
      'Unknown column reference: nothing',
    ],
    [
      'tesTranslateArrayFunctionWithColumnNotInSchema: UNNEST needs a column of the schema',
      'select name from $ order by UNNEST(ROW_ID)',
      'UNNEST() may only be used on columns defined in the schema',
    ],
    [
      'tesTranslateArrayFunctionWithColumnNotListType: UNNEST in an order needs a list',
      'select name from $ order by UNNEST(name)',
      'UNNEST() only works for columns that hold list values',
    ],
    [
      'testTranslate_PredicateColumnReferenceNotExist: a condition needs a column',
      'select name from $ where NOTINSCHEMA <> 1',
      'Column does not exist: NOTINSCHEMA',
    ],
    [
      'testTranslateGroupByUnknown: groups need a column',
      'select count(*) from $ group by doesNotExist',
      "Unknown column 'doesNotExist' in 'group statement' Note:",
    ],
    [
      'testTranslateHasPredicate_ROW_BENEFACTOR_column: a table has no ROW_BENEFACTOR',
      'select name from $ where ROW_BENEFACTOR <> 54',
      "Unknown column 'ROW_BENEFACTOR' in 'where clause'",
    ],
    [
      'testTranslateHasPredicate_ROW_ETAG_column: a table has no ROW_ETAG',
      "select name from $ where ROW_ETAG <> 'x'",
      "Unknown column 'ROW_ETAG' in 'where clause'",
    ],
    [
      'testTranslateModelRegularIdentiferRightHandSideNotColumnReference: a column on the right must exist',
      'select name from $ where age = notReference',
      'Column does not exist: notReference',
    ],
    [
      'testTranslateModelDelemitedIdentiferRightHandSideNotColumnReference: a quoted column on the right must exist',
      'select name from $ where age = "notReference"',
      'Column does not exist: notReference',
    ],
    [
      'testTranslateValueInDoubleQuotes: values in double quotes are columns',
      'select name from $ where name in("one","two")',
      "Unknown column 'one' in 'where clause'",
    ],
    [
      'testValidateSelectColumnInvalid: what is no column is named',
      'select nothing from $',
      'Unknown column nothing',
    ],
    [
      'testGetColumnTypeWithNonExistingColumn: a column that does not exist is named',
      'select name from $ where nonexisting = 1',
      'Column does not exist: nonexisting',
    ],
    [
      'testTranslateColumnReferencedWithNoMatch: a column must exist',
      'select notAColumn from $ t',
      'Unknown column notAColumn',
    ],
    [
      'testTranslateDefiningClauseWithoutCTE: DEFINING_WHERE needs a definition',
      'select * from $ defining_where age > owner',
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    ],
    [
      'testTranslateModelWithTextMatchesPredicate: a search needs a table that is indexed',
      "SELECT * from $ where TEXT_MATCHES('some text')",
      'Invalid use of TEXT_MATCHES. Full text search is not enabled on table',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test.each([
    ['testReadWithHeadersWithoutEtagRow: a row of a table has an id', 'select name from $', true],
  ])('%s', async (_, given, expected) => {
    const [row] = await table.rows(given);
    expect(row?.rowId !== undefined).toBe(expected);
  });

  test.each([
    [
      'testTranslateTableName: a table is read by its id',
      'select age from $ where age = 30',
      ['30'],
    ],
    [
      'testTranslateOrderBySimple: rows are sorted by a column',
      'select age from $ where age is not null order by age',
      ['20', '30', '40'],
    ],
    [
      'testTranslateOrderByFunction: groups are sorted by a function',
      'select name from $ group by name order by max(age)',
      ['bob', 'Ann', 'Cid'],
    ],
    [
      'testTranslateOrderByRowId: rows are sorted by ROW_ID',
      'select name from $ order by ROW_ID desc',
      ['Ann', 'Cid', 'bob', 'Ann'],
    ],
    [
      'testTranslateOrderByConstant: rows are sorted by a constant',
      "select name from $ where age = 20 order by 'constant'",
      ['bob'],
    ],
    [
      'testTranslateOrderByDouble: rows are sorted by a double',
      'select name from $ where score > 0 order by score desc',
      ['Cid', 'Ann'],
    ],
    [
      'testTranslateSelectOrderByFunction: groups are sorted by a sum',
      'select name from $ where score < 10 group by name order by sum(score)',
      ['Ann'],
    ],
    [
      'testReplaceBooleanFunctionIsNaN: NaN is found',
      'select name from $ where isNaN(score)',
      ['bob'],
    ],
    [
      'testReplaceBooleanFunctionIsInfinity: infinity is found',
      'select name from $ where isInfinity(score)',
      ['Cid'],
    ],
    [
      'testReplaceBooleanFunctionNotBooleanFunction: other conditions stay',
      'select name from $ where age = 20',
      ['bob'],
    ],
    [
      'testReplaceBooleanFunctionSearchCondition: conditions in parentheses stay',
      'select name from $ where (age = 20 OR age = 40)',
      ['bob', 'Cid'],
    ],
    [
      'testReplaceArrayHasPredicate: HAS finds lists with one of the elements',
      "select name from $ where tags has ('red', 'yellow')",
      ['Ann', 'bob'],
    ],
    [
      'testReplaceArrayHasPredicateWithNot: NOT HAS finds lists without the elements',
      "select name from $ where tags not has ('red', 'yellow')",
      ['Ann'],
    ],
    [
      'testReplaceArrayHasPredicateWithHasLike: HAS_LIKE finds elements by patterns',
      "select name from $ where tags has_like ('re%', 'x')",
      ['Ann', 'bob'],
    ],
    [
      'testReplaceArrayHasPredicateWithNotHasLike: NOT HAS_LIKE finds lists without such elements',
      "select name from $ where tags not has_like ('re%', 'x')",
      ['Cid', 'Ann'],
    ],
    [
      'testReplaceArrayHasPredicateWithHasLikeAndEscape: HAS_LIKE may have an escape',
      "select name from $ where tags has_like ('r@_d') escape '@'",
      [],
    ],
    [
      'testReplaceArrayHasPredicateWithHasLikeAndSingleValue: HAS_LIKE may have one pattern',
      "select name from $ where tags has_like ('gr%')",
      ['Ann'],
    ],
    [
      'tesTranslateArrayFunctionWithMultipleColumns: several lists are unnested',
      'select name from $ where age = 30 order by UNNEST(tags), UNNEST(counts)',
      ['Ann', 'Ann', 'Ann', 'Ann'],
    ],
    [
      'testComparisonPredicate: a text is compared with a number',
      'select name from $ where name <> 1',
      ['Ann', 'bob', 'Cid', 'Ann'],
    ],
    [
      'testStringComparisonPredicate: a text is compared with a text',
      "select name from $ where name <> 'ANN'",
      ['bob', 'Cid'],
    ],
    [
      'testStringComparisonBooleanPredicate: a boolean is compared with a truth',
      'select name from $ where active = true',
      ['Ann', 'Ann'],
    ],
    [
      'testComparisonPredicateDateNumber: a date is compared with a number',
      'select name from $ where born > 1650000000000',
      ['Ann'],
    ],
    [
      'testComparisonPredicateDateString: a date is compared with a text',
      "select name from $ where born > '2021-11-11'",
      ['Ann'],
    ],
    [
      'testComparisonPredicateDateParsing: a date may be written in many ways',
      "select name from $ where born > '2021-1-1 0:00:00.000' and born > '2021-01-1' and born > '2021-1-01 0:00'",
      ['Ann'],
    ],
    ['testInPredicateOne: a list of one', 'select name from $ where age in(20)', ['bob']],
    [
      'testInPredicateMore: a list of several',
      'select name from $ where age in(20,30,50)',
      ['Ann', 'bob'],
    ],
    [
      'testInPredicateDate: a list of dates',
      "select name from $ where born in('1970-1-1','2020-1-1')",
      ['Ann'],
    ],
    [
      'testBetweenPredicate: a range of numbers',
      'select name from $ where age between 15 and 25',
      ['bob'],
    ],
    [
      'testBetweenPredicateDate: a range of dates',
      "select name from $ where born between '2020-1-1' and '2021-1-1'",
      ['bob'],
    ],
    [
      'testBetweenPredicateNot: a range that is negated',
      'select name from $ where age not between 15 and 25',
      ['Ann', 'Cid'],
    ],
    ['testLikePredicate: a pattern', "select name from $ where name like 'b%'", ['bob']],
    [
      'testLikePredicateEscape: a pattern with an escape',
      "select name from $ where name like 'b|_b' escape '|'",
      [],
    ],
    [
      'testLikePredicateNot: a pattern that is negated',
      "select name from $ where name not like 'a%'",
      ['bob', 'Cid'],
    ],
    ['testNullPredicate: a test for null', 'select name from $ where age is null', ['Ann']],
    [
      'testNullPredicateNot: a test for not null',
      'select age from $ where age is not null',
      ['30', '20', '40'],
    ],
    [
      'testTranslateRightHandeSideIntegerLikeValue: a number is compared with a pattern',
      "select name from $ where age like '2%'",
      ['bob'],
    ],
    [
      'testTranslateRightHandeSideWithLiteralInContextOfMySqlFunction: a constant of a function is not converted',
      "select name from $ where name = LOWER('BOB')",
      ['bob'],
    ],
    [
      'testTranslateRightHandeSideWithLiteralNotInContextOfMysqlFunction: a constant is compared without case',
      "select name from $ where name = 'BOB'",
      ['bob'],
    ],
    [
      'testTranslateGroupByMultiple: groups of two columns',
      'select count(*) from $ group by name, owner order by name',
      ['2', '1', '1'],
    ],
    [
      'testTranslateGroupByDouble: groups of doubles',
      'select count(*) from $ where score > -5 group by score order by score',
      ['1', '1', '1'],
    ],
    [
      'testTranslateGroupByQuotes: groups of a quoted column',
      'select count(*) from $ group by "two words" order by "two words"',
      ['2', '1', '1'],
    ],
    [
      'testTranslateHasPredicate: a number that is another',
      'select name from $ where age <> 30',
      ['bob', 'Cid'],
    ],
    [
      'testTranslateHasPredicate_ROW_ID_column: ROW_ID is compared',
      'select name from $ where ROW_ID <> 1',
      ['bob', 'Cid', 'Ann'],
    ],
    [
      'testTranslateHasPredicate_ROW_VERSION_column: ROW_VERSION is compared',
      'select name from $ where ROW_VERSION <> 1',
      [],
    ],
    [
      'testTranslateHasPredicateWithEntityIdList: a list of entities has ids of both kinds',
      "select name from $ where files has ('syn3', 456, 'syn2')",
      ['Ann', 'bob'],
    ],
    [
      'testTranslateHasPredicateWithMySqlFunction: a function is compared',
      'select name from $ where LOWER(name) <> 3',
      ['Ann', 'bob', 'Cid', 'Ann'],
    ],
    [
      'testTranslateHasPredicateWithCastSpecification: a cast is compared',
      'select name from $ where CAST(age AS STRING) = 20',
      ['bob'],
    ],
    [
      'testTranslatePagination: a limit and an offset',
      'select name from $ order by row_id limit 1 offset 1',
      ['bob'],
    ],
    [
      'testTranslatePaginationNoOffset: a limit',
      'select name from $ order by row_id limit 1',
      ['Ann'],
    ],
    [
      'testTranslateModelSelectArithmeticRightHandSide: arithmetic on the right',
      'select name from $ where age = -(2-4)*10',
      ['bob'],
    ],
    [
      'testTranslateModelSelectArithmeticGroupByOrderBy: groups of remainders',
      'select count(*) from $ where age is not null group by age%20 order by age%20',
      ['2', '1'],
    ],
    [
      'testTranslateModelRegularIdentiferRightHandSideColumnReference: two columns are compared',
      'select name from $ where age > owner',
      ['Ann', 'bob'],
    ],
    [
      'testTranslateModelDelimitedIdentiferRightHandSideColumnReference: a quoted column on the right',
      'select name from $ where age > "owner"',
      ['Ann', 'bob'],
    ],
    [
      'testTranslateModelDelimitedIdentiferRightHandSideMultipleColumnReference: several columns on the right',
      'select name from $ where age < "owner" + "year"',
      ['Ann', 'bob'],
    ],
    [
      'testTranslateModelArithmeticAndColumnReferenceOnRightHandSide: arithmetic with a column',
      'select name from $ where age > 2*3/owner',
      ['Ann', 'bob'],
    ],
    [
      'testTranslateModelArithmeticAndColumnReferenceOnRightHandSide2: arithmetic in parentheses with a column',
      'select name from $ where age > (2+3)/owner',
      ['Ann', 'bob'],
    ],
    [
      'testTranslateMySqlFunctionRightHandSide: a time on the right',
      'select name from $ where age < unix_timestamp(CURRENT_TIMESTAMP - INTERVAL 1 MONTH)/1000',
      ['Ann', 'bob', 'Cid'],
    ],
    [
      'testTranslateDoubleQuotedAliasOrder: quoted aliases in groups and orders',
      'select name as "a1", count(age) as "a2" from $ group by "a1" order by "a2" desc, "a1" limit 1',
      ['Ann'],
    ],
    [
      'testTranslateModelWithInPredicate_ValueNoQuotes: numbers in a list',
      'select name from $ where age in(20, 2)',
      ['bob'],
    ],
    [
      'testTranslateModelWithInPredicate_ValueSingleQuotes: texts in a list',
      "select name from $ where name in('asdf', 'bob')",
      ['bob'],
    ],
    [
      'testTranslateModelWithHasKeyword: HAS with other conditions',
      "select name from $ where counts has (1,3) and ( tags has ('red') or name = 'x')",
      ['Ann', 'bob'],
    ],
    [
      'testTranslateModelWithHasLikeKeyword: HAS_LIKE with other conditions',
      "select name from $ where counts has (1,3) and ( tags has_like ('bl%', 'wow') or name = 'x')",
      ['Ann'],
    ],
    [
      'testTranslateModelWithUnnestArrayColumn: elements are counted',
      'select count(*) from $ where tags is not null group by Unnest(tags) order by unnest(tags)',
      ['1', '1', '2'],
    ],
    [
      'testTranslateModelWithCastSelect: a number as a text',
      'select cast(age as STRING) from $ where age = 20',
      ['20'],
    ],
    [
      'testTranslateColumnReferencedWithSingleTable: a column may have the alias of its table',
      'select t.name from $ t where t.age = 20',
      ['bob'],
    ],
    [
      'testTranslateColumnReferenceWithRowIdAndSingleTable: ROW_ID is selected',
      'select ROW_ID from $ order by ROW_ID',
      ['1', '2', '3', '4'],
    ],
    [
      'testIsDoubleExpansion: NaN and infinity are shown',
      'select score from $ order by row_id',
      ['1.5', 'NaN', 'Infinity', '-2'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });

  test.each([
    [
      'testTranslateModelWithKnownJoinColumn: a join names columns of both tables',
      'select a.name from $ a join $ b on (a.age = b.age)',
      true,
    ],
    [
      'testTranslateModelWithUnknownJoinColumn: a join names a column that is not there',
      'select a.name from $ a join $ b on (a.wrong = b.age)',
      'Column does not exist: a.wrong',
    ],
    [
      'testTranslateModelWithUnknownJoinColumnOnRightHandSide: a join compares with a column that is not there',
      'select a.name from $ a join $ b on (a.age = b.wrong)',
      'Column does not exist: b.wrong',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.defines(given)).toEqual(expected);
  });

  test.each<[string, string, M.Query, string]>([
    [
      'testTranslateQueryFiltersWithSingleColumns: a filter of patterns',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'LIKE',
            values: ['foo%', '%bar'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" LIKE \'%bar\' OR "name" LIKE \'foo%\' )',
    ],
    [
      'testTranslateQueryFiltersWithMultipleColumns: filters of two columns',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'LIKE',
            values: ['foo%', '%bar'],
          },
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'notes',
            operator: 'LIKE',
            values: ['x'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" LIKE \'%bar\' OR "name" LIKE \'foo%\' ) AND ( "notes" LIKE \'x\' )',
    ],
    [
      'testTranslateQueryFiltersWithLikeFilterAndsingleValues: a filter of one pattern',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'LIKE',
            values: ['foo%'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" LIKE \'foo%\' )',
    ],
    [
      'testTranslateQueryFiltersWithSingleColumnsWithEqual: a filter of values',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'EQUAL',
            values: ['b', 'a'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" = \'a\' OR "name" = \'b\' )',
    ],
    [
      'testTranslateQueryFiltersWithSingleColumnsWithExistingWhere: a filter next to a condition',
      'select * from $ where age>owner',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'EQUAL',
            values: ['foo'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( ( "name" = \'foo\' ) ) AND ( age > owner )',
    ],
    [
      'testTranslateQueryFiltersWithHasFilterAndmultipleValues: a filter of elements',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType:
              'org.sagebionetworks.repo.model.table.ColumnMultiValueFunctionQueryFilter',
            columnName: 'tags',
            function: 'HAS',
            values: ['b', 'a'],
          },
        ],
      },
      "SELECT * FROM $ WHERE ( \"tags\" HAS ( 'a', 'b' ) )",
    ],
    [
      'testTranslateQueryFiltersWithHasLikeFilterAndmultipleValues: a filter of patterns of elements',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType:
              'org.sagebionetworks.repo.model.table.ColumnMultiValueFunctionQueryFilter',
            columnName: 'tags',
            function: 'HAS_LIKE',
            values: ['b%', 'a'],
          },
        ],
      },
      "SELECT * FROM $ WHERE ( \"tags\" HAS_LIKE ( 'a', 'b%' ) )",
    ],
    [
      'testTranslateQueryFiltersWithHasFilterAndSingleValue: a filter of one element',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType:
              'org.sagebionetworks.repo.model.table.ColumnMultiValueFunctionQueryFilter',
            columnName: 'tags',
            function: 'HAS',
            values: ['a'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "tags" HAS ( \'a\' ) )',
    ],
    [
      'testTranslateQueryFiltersWithHasLikeFilterAndSingleValue: a filter of one pattern of elements',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType:
              'org.sagebionetworks.repo.model.table.ColumnMultiValueFunctionQueryFilter',
            columnName: 'tags',
            function: 'HAS_LIKE',
            values: ['a%'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "tags" HAS_LIKE ( \'a%\' ) )',
    ],
    [
      'testTranslateQueryFiltersWithInFilterAndSingleValues: a filter of one value',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'IN',
            values: ['foo'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" IN ( \'foo\' ) )',
    ],
    [
      'testTranslateQueryFiltersWithInFilterAndMultipleValues: a filter of values with quotes',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'IN',
            values: ['foo', "baz'", 'bar'],
          },
        ],
      },
      "SELECT * FROM $ WHERE ( \"name\" IN ( 'bar', 'baz''', 'foo' ) )",
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.printed(given, query)).toBe(expected);
  });

  test.each<[string, string, M.Query, string]>([
    [
      'testTranslateQueryFiltersWithTextMatchesFilterAndNullOrEmptyValue: a search must not be empty',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.TextMatchesQueryFilter',
            searchExpression: '',
          },
        ],
      },
      'TextMatchesQueryFilter.searchExpression is required and must not be the empty string.',
    ],
    [
      'testTranslateQueryFiltersWithTextMatchesFilterAndNullOrEmptyValue: a search must not be blank',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.TextMatchesQueryFilter',
            searchExpression: '  ',
          },
        ],
      },
      'TextMatchesQueryFilter.searchExpression is required and must not be a blank string.',
    ],
    [
      'testTranslateQueryFiltersWithLikeFilterAndnullEmptyColName: a filter needs a column',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: '',
            operator: 'LIKE',
            values: ['x'],
          },
        ],
      },
      'ColumnSingleValueQueryFilter.columnName is required and must not be the empty string.',
    ],
    [
      'testTranslateQueryFiltersWithLikeFilterAndNullOrEmptyValues: a filter needs values',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'LIKE',
            values: [],
          },
        ],
      },
      'ColumnSingleValueQueryFilter.values is required and must not be empty.',
    ],
    [
      'testTranslateQueryFiltersWithDefiningSingleColumns: a filter of the definition needs a virtual table',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'EQUAL',
            values: ['foo'],
            isDefiningCondition: true,
          },
        ],
      },
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.refusal(given, query)).toContain(expected);
  });

  test.each([
    [
      'testWrapSearchConditionInBooleanFactor: parentheses have spaces',
      'select * from $ where (age > owner)',
      'SELECT * FROM $ WHERE ( age > owner )',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(given)).toBe(expected);
  });

  test('testTranslateTableNameWithVerion: a snapshot is read by the id and version', async () => {
    const kept = await SqlTable.create(table.session);
    await table.session.change(kept.id, [], { createSnapshot: true });
    expect(await kept.column('select age from $.1 where age = 30')).toEqual(['30']);
  });
});
