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

describe('FacetModelTest', () => {
  test.each<[string, string, M.Query, string]>([
    [
      'testCreateValidatedFacetsListUnsupportedColumnName: a column without a facet cannot be selected',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'notes',
            facetValues: ['x'],
          },
        ],
      },
      'columnModel.facetType is required.',
    ],
    [
      'testCreateColumnNameToFacetColumnMapDuplicateName: a facet is selected once',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'name',
            facetValues: ['x'],
          },
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'name',
            facetValues: ['y'],
          },
        ],
      },
      'Request contains QueryRequestFacetColumn with a duplicate column name',
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.refusal(given, query)).toContain(expected);
  });

  test.each<[string, string, M.Query, string]>([
    [
      'testProcessFacetColumnRequestFacetParamsNotNull: a range of a facet is in the SQL',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnRangeRequest',
            columnName: 'age',
            min: '1',
            max: '5',
          },
        ],
      },
      "SELECT * FROM $ WHERE ( ( \"age\" BETWEEN '1' AND '5' ) )",
    ],
    [
      'testProcessFacetColumnRequestFacetWithJsonSubColumn: a part of a document that is text is compared without its quotes',
      'select * from $',
      {
        selectedFacets: [
          {
            concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest',
            columnName: 'data',
            facetValues: ['x'],
            jsonPath: '$.t',
          },
        ],
      },
      "SELECT * FROM $ WHERE ( ( JSON_UNQUOTE(JSON_EXTRACT(\"data\",'$.t')) = CAST('x' AS STRING) ) )",
    ],
  ])('%s', async (_, given, query, expected) => {
    expect(await table.printed(given, query)).toBe(expected);
  });
});
