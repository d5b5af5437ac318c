import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('NumericValueExpressionTest', () => {
  test.each([
    ['testSimpleExpression: a number', '1234', '1234'],
    ['testArithmeticExpression: a chain of operators', '12+14-1/89*11%2', '12+14-1/89*11%2'],
    ['testSignedExponent: a sign and an exponent', '-1.12e+15', '-1.12E15'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
