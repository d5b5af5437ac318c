import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('CastOperandTest', () => {
  test.each([
    [
      'testCastCastOperandWithNonNull: a cast of a column',
      'cast(name as LINK)',
      'CAST(name AS LINK)',
    ],
    ['testCastCastOperandWithNull: a cast of null', 'cast(null as STRING)', 'CAST(NULL AS STRING)'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
