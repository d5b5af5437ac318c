import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ColumnTypeTest', () => {
  test.each([
    [
      'testEachType: a cast may have every type',
      'cast(name as string) as c0, cast(name as integer) as c1, cast(name as double) as c2, cast(name as boolean) as c3, cast(name as date) as c4, cast(name as entityid) as c5, cast(name as userid) as c6, cast(name as link) as c7, cast(name as string_list) as c8, cast(name as json) as c9',
      [
        'c0: STRING',
        'c1: INTEGER',
        'c2: DOUBLE',
        'c3: BOOLEAN',
        'c4: DATE',
        'c5: ENTITYID',
        'c6: USERID',
        'c7: LINK',
        'c8: STRING_LIST',
        'c9: JSON',
      ],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    [
      'testColumnTypeWithOther: another word is no type',
      'select cast(name as Other) from $',
      'No enum constant org.sagebionetworks.repo.model.table.ColumnType.OTHER',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
