import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ExactNumericLiteralTest', () => {
  test.each([
    ['testLong: a long number stays', '12345678912345', '12345678912345'],
    ['testFloat: a decimal stays', '123.456', '123.456'],
    ['testEndPeriod: a point at the end gets a digit', '123.', '123.0'],
    ['testEndZero: one zero after the point stays', '123.0', '123.0'],
    ['testStartPeriod: a point at the start gets a digit', '.123', '0.123'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
