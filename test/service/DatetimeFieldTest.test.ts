import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('DatetimeFieldTest', () => {
  test.each([
    [
      'testYear: an interval may be of this unit',
      'now() + interval 1 year',
      'NOW()+INTERVAL 1 YEAR',
    ],
    [
      'testQuarter: an interval may be of this unit',
      'now() + interval 1 quarter',
      'NOW()+INTERVAL 1 QUARTER',
    ],
    [
      'testMonth: an interval may be of this unit',
      'now() + interval 1 month',
      'NOW()+INTERVAL 1 MONTH',
    ],
    [
      'testWeek: an interval may be of this unit',
      'now() + interval 1 week',
      'NOW()+INTERVAL 1 WEEK',
    ],
    ['testDay: an interval may be of this unit', 'now() + interval 1 day', 'NOW()+INTERVAL 1 DAY'],
    [
      'testHour: an interval may be of this unit',
      'now() + interval 1 hour',
      'NOW()+INTERVAL 1 HOUR',
    ],
    [
      'testMinute: an interval may be of this unit',
      'now() + interval 1 minute',
      'NOW()+INTERVAL 1 MINUTE',
    ],
    [
      'testSecond: an interval may be of this unit',
      'now() + interval 1 second',
      'NOW()+INTERVAL 1 SECOND',
    ],
    [
      'testMicrosecond: an interval may be of this unit',
      'now() + interval 1 microsecond',
      'NOW()+INTERVAL 1 MICROSECOND',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
