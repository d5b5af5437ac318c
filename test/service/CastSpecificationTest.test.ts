import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CastSpecificationTest', () => {
  test.each([
    ['testCastSpecification: a cast to a type', 'cast(name as string)', 'CAST(name AS STRING)'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });

  test.each([
    [
      'testCastSpecificationWithColumnId: a cast to a column that does not exist',
      'select cast(name as 78900) from $',
      'Column does not exist for id: 78900',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
