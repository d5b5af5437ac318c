import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ApproximateNumericLiteralTest', () => {
  test.each([
    ['testNoSign: an exponent is of one digit before the point', '123.4e123', '1.234E125'],
    ['testPlusSign: a plus before the exponent goes', '1.3456e+15', '1.3456E15'],
    ['testMinusSign: a minus before the exponent stays', '1.3456e-15', '1.3456E-15'],
    ['testInteger: a whole number may have an exponent', '1234e-15', '1.234E-12'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });
});
