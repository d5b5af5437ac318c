import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('UnsignedNumericLiteralTest', () => {
  test.each([
    ['testLong: a whole number', '12345678', '12345678'],
    ['testDouble: a decimal', '256.4456', '256.4456'],
    ['testDoubleExponent: a number with an exponent', '256.4456e-34', '2.564456E-32'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
