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

describe('SqlElementUtilsTest', () => {
  test.each<[string, string, M.Query, string]>([
    [
      'testConvertToSorted: the sort of a request is quoted, and comes first',
      'select * from $ order by name',
      {
        sort: [
          { column: 'age', direction: 'ASC' },
          { column: 'score' },
          { column: 'notes', direction: 'DESC' },
        ],
      },
      'SELECT * FROM $ ORDER BY "age" ASC, "score" ASC, "notes" DESC, name',
    ],
    [
      'testConvertToSortedPLFM_4118: a name with a space is sorted by',
      'select * from $',
      { sort: [{ column: 'two words' }] },
      'SELECT * FROM $ ORDER BY "two words" ASC',
    ],
    [
      'testConvertToSortedQuerySortWithDoubleQuote: quotes of a name are doubled',
      'select * from $',
      { sort: [{ column: 'say "hi"' }] },
      'SELECT * FROM $ ORDER BY "say ""hi""" ASC',
    ],
    [
      'testReplaceSorted: a column that is sorted by again moves to the request',
      'select * from $ order by name',
      { sort: [{ column: 'name', direction: 'DESC' }, { column: 'age' }] },
      'SELECT * FROM $ ORDER BY "name" DESC, "age" ASC',
    ],
    [
      'testCreateSortKeyFunction: an aggregate is sorted by as it is',
      'select name, max(age) from $ group by name',
      { sort: [{ column: 'max(age)', direction: 'DESC' }] },
      'SELECT name, MAX(age) FROM $ GROUP BY name ORDER BY MAX(age) DESC',
    ],
    [
      'testOverridePaginationQueryWithoutPagingOverridesNull: without limits there are none',
      'select * from $',
      {},
      'SELECT * FROM $',
    ],
    [
      'testOverridePaginationQueryWithoutPagingOverrideOffsetNull: a limit of the request begins at 0',
      'select * from $',
      { limit: 15 },
      'SELECT * FROM $ LIMIT 15 OFFSET 0',
    ],
    [
      'testOverridePaginationQueryWithLimitOffsetOverridesNull: the limits of the SQL stay',
      'select * from $ limit 34 offset 12',
      {},
      'SELECT * FROM $ LIMIT 34 OFFSET 12',
    ],
    [
      'testOverridePaginationQueryWithLimitOffsetOverrideLimitNull: an offset of the request is within that of the SQL',
      'select * from $ limit 34 offset 12',
      { offset: 2 },
      'SELECT * FROM $ LIMIT 32 OFFSET 14',
    ],
    [
      'testOverridePaginationQueryWithLimitOffsetOverrideOffsetNull: a limit of the request is within that of the SQL',
      'select * from $ limit 34 offset 12',
      { limit: 3 },
      'SELECT * FROM $ LIMIT 3 OFFSET 12',
    ],
    [
      'testOverridePaginationQueryQueryLimitGreaterThanOverrideOffset: both limits of the request are within those of the SQL',
      'select * from $ limit 100 offset 50',
      { limit: 25, offset: 10 },
      'SELECT * FROM $ LIMIT 25 OFFSET 60',
    ],
    [
      'testOverridePaginationQueryQueryLimitLessThanOverrideOffset: nothing is left beyond the limit of the SQL',
      'select * from $ limit 100 offset 50',
      { limit: 25, offset: 101 },
      'SELECT * FROM $ LIMIT 0 OFFSET 151',
    ],
    [
      'testOverridePaginationMaxRowPerPageNull: a page within the limits of the SQL',
      'select * from $ limit 100 offset 75',
      { limit: 50, offset: 10 },
      'SELECT * FROM $ LIMIT 50 OFFSET 85',
    ],
    [
      'testOverridePaginationAllNull: limits of the SQL are printed as they are',
      'select * from $ limit 100 offset 75',
      {},
      'SELECT * FROM $ LIMIT 100 OFFSET 75',
    ],
    [
      'appendCombinedWhereClauseToStringBuilderNoNulls: a facet narrows the condition of the SQL',
      'select * from $ where age > 1',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'EQUAL',
            values: ['x'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( ( "name" = \'x\' ) ) AND ( age > 1 )',
    ],
    [
      'appendCombinedWhereClauseToStringBuilderNullWhereClause: a filter is the only condition',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'EQUAL',
            values: ['x'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" = \'x\' )',
    ],
    [
      'appendCombinedWhereClauseToStringBuilderNullFacetSearchConditionString: the condition of the SQL stays without filters',
      'select * from $ where age > 1',
      { additionalFilters: [] },
      'SELECT * FROM $ WHERE age > 1',
    ],
    [
      'appendCombinedWhereClauseToStringBuilderNullFacetSearchConditionStringNullWhereClause: without any condition there is no WHERE',
      'select * from $',
      { additionalFilters: [], selectedFacets: [] },
      'SELECT * FROM $',
    ],
    [
      'testWrapInDoubleQuotes: a filter quotes its column',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'IN',
            values: ['x'],
          },
        ],
      },
      'SELECT * FROM $ WHERE ( "name" IN ( \'x\' ) )',
    ],
    [
      'testWrapInDoubleQuotes_StringContainsDoubleQuotes: a sort doubles the quotes of its column',
      'select * from $',
      { sort: [{ column: 'say "hi"', direction: 'DESC' }] },
      'SELECT * FROM $ ORDER BY "say ""hi""" DESC',
    ],
    [
      'testCreateSortKeySpace: a name of several words is one column',
      'select * from $',
      { sort: [{ column: 'two words', direction: 'DESC' }] },
      'SELECT * FROM $ ORDER BY "two words" DESC',
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.printed(given, query)).toBe(expected);
  });

  test.each([
    [
      'testEntityIdRightHandSideSingeQuotes: an id in quotes is compared with an entity',
      "select name from $ where file = 'syn12'",
      ['bob'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(given)).toEqual(expected);
  });

  test.each([
    [
      'testEntityIdRightHandSide: an id without quotes is a column',
      'select name from $ where file = syn12',
      'Column does not exist: syn12',
    ],
    [
      'testEntityIdRightHandSideDoubleQuotes: an id in double quotes is a column',
      'select name from $ where file = "syn12"',
      'Column does not exist: syn12',
    ],
    [
      'testAppendDefiningClause: a condition on the definition needs a virtual table',
      'select * from $ defining_where age > owner',
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test.each([
    [
      'testCreateCountSqlNonAggregate: rows are counted without their limits and order',
      'select * from $ where age < 35.0 order by name, age limit 200 offset 0',
      2,
    ],
    [
      'testCreateCountSqlGroupBy: groups are counted where every column has a value',
      'select name, age, count(*) from $ group by name, age',
      3,
    ],
    [
      'testCreateCountSqlDistinct: distinct rows are counted where every column has a value',
      'select distinct name, age from $',
      3,
    ],
    [
      'testCreateCountSimpleAggregateCountStar: a count of rows is one row',
      'select count(*) from $',
      1,
    ],
    [
      'testCreateCountSimpleAggregateMultipleAggregate: aggregates are one row',
      'select sum(age), max(name) from $',
      1,
    ],
    [
      'testCreateCountSqlAsInGroupBy: a group by an alias is a group by its column',
      'select owner as a from $ group by a',
      2,
    ],
    [
      'testCreateCountSqlDistinctWithAs: distinct values with an alias are counted',
      'select distinct owner as a from $',
      2,
    ],
    [
      'testCreateSelectFromGroupBy: a group may be by an alias and a column',
      'select name as a, age from $ group by age, a',
      3,
    ],
    [
      'testCreateSelectFromGroupBySingleQuotes: a group by the alias of a constant is one group',
      "select 'has space' as b from $ group by b",
      1,
    ],
    [
      'testCreateSelectFromGroupByDoubleQuotes: a group by the alias of a quoted column',
      'select "two words" as b from $ group by b',
      2,
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.count(given)).toBe(expected);
  });

  test.each([
    ['testCreateNonQuotedDerivedColumn: ROW_ID needs no quotes', 'ROW_ID', 'ROW_ID'],
    [
      'testCreateNonQuotedDerivedColumnWithControlFunction: a function may have an alias',
      'IFNULL(ROW_ID,-1) AS r',
      'IFNULL(ROW_ID,-1) AS r',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
