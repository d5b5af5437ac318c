import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ColumnTypeListMappingsTest', () => {
  test.each([
    [
      'testNonListType: elements have the types of their lists',
      'unnest(tags), unnest(counts), unnest(files)',
      ['UNNEST(tags): STRING', 'UNNEST(counts): INTEGER', 'UNNEST(files): ENTITYID'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    [
      'testForListType_notListType: a type without elements is named',
      'select unnest(born) from $',
      'DATE is not a list ColumnType',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
