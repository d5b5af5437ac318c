import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('SetFunctionSpecificationTest', () => {
  test.each([
    ['testCountStar: a count of rows is an INTEGER', 'count(*)', ['COUNT(*): INTEGER']],
    [
      'testCountDistict: a count of values is an INTEGER',
      'count(distinct name)',
      ['COUNT(DISTINCT name): INTEGER'],
    ],
    ['testMax: the greatest value has the type of the column', 'max(born)', ['MAX(born): DATE']],
    ['testMin: ALL may be written', 'min(all score)', ['MIN(ALL score): DOUBLE']],
    ['testSum: a sum has the type of the column', 'sum(age)', ['SUM(age): INTEGER']],
    ['testBitAnd: a function of bits is an INTEGER', 'bit_and(age)', ['BIT_AND(age): INTEGER']],
    ['testBitOr: a function of bits is an INTEGER', 'bit_or(age)', ['BIT_OR(age): INTEGER']],
    ['testBitXOr: a function of bits is an INTEGER', 'bit_xor(age)', ['BIT_XOR(age): INTEGER']],
    ['testSTD: a deviation is a DOUBLE', 'std(age)', ['STD(age): DOUBLE']],
    ['testSTDDEV: a deviation is a DOUBLE', 'stddev(age)', ['STDDEV(age): DOUBLE']],
    ['testSTDDEV_POP: a deviation is a DOUBLE', 'stddev_pop(age)', ['STDDEV_POP(age): DOUBLE']],
    ['testSTDDEV_SAMP: a deviation is a DOUBLE', 'STDDEV_SAMP(age)', ['STDDEV_SAMP(age): DOUBLE']],
    ['testVAR_POP: a deviation is a DOUBLE', 'VAR_POP(age)', ['VAR_POP(age): DOUBLE']],
    ['testVAR_SAMP: a deviation is a DOUBLE', 'VAR_SAMP(age)', ['VAR_SAMP(age): DOUBLE']],
    ['testVARIANCE: a deviation is a DOUBLE', 'VARIANCE(age)', ['VARIANCE(age): DOUBLE']],
    [
      'testGroupConcat: texts of a group are a STRING',
      'group_concat(name)',
      ['GROUP_CONCAT(name): STRING'],
    ],
    [
      'testGroupConcatDistinct: texts may be distinct',
      'group_concat(distinct name)',
      ['GROUP_CONCAT(DISTINCT name): STRING'],
    ],
    [
      'testGroupConcatOrderBy: texts may be sorted',
      'group_concat(name order by age desc)',
      ['GROUP_CONCAT(name ORDER BY age DESC): STRING'],
    ],
    [
      'testGroupConcatSeparator: texts may have a separator',
      "group_concat(name separator '#')",
      ["GROUP_CONCAT(name SEPARATOR '#'): STRING"],
    ],
    [
      'testGroupConcatAllParts: texts may have everything',
      "group_concat(distinct name order by age asc separator '#')",
      ["GROUP_CONCAT(DISTINCT name ORDER BY age ASC SEPARATOR '#'): STRING"],
    ],
    [
      'testJsonArrayAgg: values may be gathered as JSON',
      'json_arrayagg(name)',
      ['JSON_ARRAYAGG(name): JSON'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([['testIsAggregate: an aggregate has no row ids', 'select count(name) from $', false]])(
    '%s',
    async (_, given, expected) => {
      const [row] = await table.rows(given);
      expect(row?.rowId !== undefined).toBe(expected);
    },
  );
});
