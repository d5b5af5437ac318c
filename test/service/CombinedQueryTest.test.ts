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

describe('CombinedQueryTest', () => {
  test.each<[string, string, M.Query, string]>([
    [
      'testGetCombinedSqlWithAllOverrides: filters, facets, sort and page of a request are in the SQL',
      'select * from $',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'LIKE',
            values: ['one', 'two'],
          },
        ],
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'tags',
            facetValues: ['3', '1', '2'],
          },
        ],
        sort: [{ column: 'name', direction: 'DESC' }],
        limit: 99,
        offset: 2,
      },
      "SELECT * FROM $ WHERE ( ( \"name\" LIKE 'one' OR \"name\" LIKE 'two' ) ) AND ( ( ( \"tags\" HAS ( '1', '2', '3' ) ) ) ) ORDER BY \"name\" DESC LIMIT 99 OFFSET 2",
    ],
    [
      'testGetCombinedSqlWithAllOverridesExistingWhere: the condition of the SQL stays next to filters and facets',
      'select active from $ where active is true',
      {
        additionalFilters: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
            columnName: 'name',
            operator: 'LIKE',
            values: ['one', 'two'],
          },
        ],
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'tags',
            facetValues: ['3', '1', '2'],
          },
        ],
        sort: [{ column: 'name', direction: 'DESC' }],
        limit: 99,
        offset: 2,
      },
      "SELECT active FROM $ WHERE ( ( ( \"name\" LIKE 'one' OR \"name\" LIKE 'two' ) ) AND ( active IS TRUE ) ) AND ( ( ( \"tags\" HAS ( '1', '2', '3' ) ) ) ) ORDER BY \"name\" DESC LIMIT 99 OFFSET 2",
    ],
    [
      'testGetCombinedSqlWithAllOverridesExistingPagination: a page is within the limits of the SQL',
      'select * from $ limit 10 offset 3',
      { limit: 99, offset: 4 },
      'SELECT * FROM $ LIMIT 6 OFFSET 7',
    ],
    [
      'testGetCombinedSqlWithExistingSort: the order of the SQL follows that of the request',
      'select * from $ order by active ASC',
      { sort: [{ column: 'name', direction: 'DESC' }] },
      'SELECT * FROM $ ORDER BY "name" DESC, active ASC',
    ],
    [
      'testGetCombinedSqlWithEmptyAdditionalFilters: an empty list of filters adds nothing',
      'select * from $',
      { additionalFilters: [] },
      'SELECT * FROM $',
    ],
    [
      'testGetCombinedSqlWithSelectedFacetWithSubColumns: a part of a document is compared with a cast value',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'data',
            facetValues: ['7'],
            jsonPath: '$.n',
          },
        ],
      },
      "SELECT * FROM $ WHERE ( ( JSON_EXTRACT(\"data\",'$.n') = CAST('7' AS INTEGER) ) )",
    ],
    [
      'testGetCombinedSqlWithAllNull: a request without anything leaves the SQL',
      'select * from $',
      {},
      'SELECT * FROM $',
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.printed(given, query)).toBe(expected);
  });

  test.each<[string, string, M.Query, string]>([
    [
      'testGetCombinedSqlWithSelectedFacetWithSubColumnsAndNoMatch: a path that is no part of the column is named',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'data',
            facetValues: ['7'],
            jsonPath: '$.b',
          },
        ],
      },
      "Could not find a subColumn with jsonPath '$.b' for column 'data'",
    ],
    [
      'testGetCombinedSqlWithUnknownFacet: a column that does not exist is named',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'doesNotExist',
            facetValues: ['1'],
          },
        ],
      },
      "Facet selection: 'doesNotExist' does not match any column name of the schema",
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.refusal(given, query)).toContain(expected);
  });

  test.each([
    [
      'testGetCombinedSqlWithInvalidSql: other text is no SQL',
      'this is not valid sql',
      'Encountered " <regular_identifier> "this ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
