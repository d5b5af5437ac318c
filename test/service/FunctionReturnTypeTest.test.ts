import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('FunctionReturnTypeTest', () => {
  test.each([
    [
      'testGetColumnTypeString: a function of texts is a STRING',
      'upper(name)',
      ['UPPER(name): STRING'],
    ],
    [
      'testGetColumnTypeLong: a function of times is an INTEGER',
      'unix_timestamp()',
      ['UNIX_TIMESTAMP(): INTEGER'],
    ],
    [
      'testGetColumnTypeDouble: a function of numbers is a DOUBLE',
      'round(age)',
      ['ROUND(age): DOUBLE'],
    ],
    [
      'testGetColumnTypeJson: a function of documents is JSON',
      'json_array(age)',
      ['JSON_ARRAY(age): JSON'],
    ],
    [
      'testGetMatchesParameter: IFNULL has the type of its column',
      'ifnull(born, 1)',
      ['IFNULL(born,1): DATE'],
    ],
    [
      'testGetUnnestParameterLList: an element of a list has its type',
      'unnest(counts)',
      ['UNNEST(counts): INTEGER'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    [
      'testGetUnnestParameterNonList: an element of a text is refused',
      'select unnest(name) from $',
      'STRING is not a list ColumnType',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
