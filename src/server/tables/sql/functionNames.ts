import type { ColumnType } from './columnTypes.js';

/** The static properties of a function. */
export interface FunctionFacts {
  /** Column type of its result; `argument` keeps the type of what it is applied to. */
  readonly result: ColumnType | 'argument';
  readonly minArgs: number;
  readonly maxArgs: number;
}

const many = Number.MAX_SAFE_INTEGER;

function facts(result: FunctionFacts['result'], minArgs: number, maxArgs = minArgs): FunctionFacts {
  return { result, minArgs, maxArgs };
}

/** Functions of one row. */
export const scalarFunctions: ReadonlyMap<string, FunctionFacts> = new Map([
  ['CURRENT_TIMESTAMP', facts('STRING', 0, 1)],
  ['CURRENT_DATE', facts('STRING', 0)],
  ['CURRENT_TIME', facts('STRING', 0, 1)],
  ['NOW', facts('STRING', 0, 1)],
  ['UNIX_TIMESTAMP', facts('INTEGER', 0, 1)],
  ['FROM_UNIXTIME', facts('STRING', 1, 2)],
  ['YEARWEEK', facts('INTEGER', 1, 2)],
  ['DATE', facts('STRING', 1)],
  ['DAYNAME', facts('STRING', 1)],
  ['DAYOFYEAR', facts('INTEGER', 1)],
  ['DAYOFMONTH', facts('INTEGER', 1)],
  ['DAYOFWEEK', facts('INTEGER', 1)],
  ['MONTHNAME', facts('STRING', 1)],
  ['WEEKOFYEAR', facts('INTEGER', 1)],
  ['MICROSECOND', facts('INTEGER', 1)],
  ['SECOND', facts('INTEGER', 1)],
  ['MINUTE', facts('INTEGER', 1)],
  ['HOUR', facts('INTEGER', 1)],
  ['DAY', facts('INTEGER', 1)],
  ['WEEK', facts('INTEGER', 1, 2)],
  ['MONTH', facts('INTEGER', 1)],
  ['QUARTER', facts('INTEGER', 1)],
  ['YEAR', facts('INTEGER', 1)],
  ['CONCAT', facts('STRING', 1, many)],
  ['REPLACE', facts('STRING', 3)],
  ['UPPER', facts('STRING', 1)],
  ['LOWER', facts('STRING', 1)],
  ['TRIM', facts('STRING', 1)],
  ['ROUND', facts('DOUBLE', 1, 2)],
  ['CRC32', facts('INTEGER', 1)],
  ['IFNULL', facts('argument', 2)],
  ['COALESCE', facts('argument', 1, many)],
  ['NULLIF', facts('argument', 2)],
  ['JSON_OBJECT', facts('JSON', 0, many)],
  ['JSON_ARRAY', facts('JSON', 0, many)],
  ['JSON_EXTRACT', facts('STRING', 2, many)],
  ['JSON_OVERLAPS', facts('BOOLEAN', 2)],
  ['JSON_SEARCH', facts('STRING', 3, many)],
  ['JSON_QUOTE', facts('STRING', 1)],
  ['JSON_UNQUOTE', facts('STRING', 1)],
  ['CURRENT_USER', facts('USERID', 0)],
]);

/** Functions that have a value without parentheses. */
export const bareFunctions: ReadonlySet<string> = new Set([
  'CURRENT_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_TIME',
]);

/** Functions of many rows; each takes one operand. */
export const aggregateFunctions: ReadonlyMap<string, FunctionFacts['result']> = new Map([
  ['COUNT', 'INTEGER'],
  ['AVG', 'DOUBLE'],
  ['MIN', 'argument'],
  ['MAX', 'argument'],
  ['SUM', 'argument'],
  ['BIT_AND', 'INTEGER'],
  ['BIT_OR', 'INTEGER'],
  ['BIT_XOR', 'INTEGER'],
  ['STD', 'DOUBLE'],
  ['STDDEV', 'DOUBLE'],
  ['STDDEV_POP', 'DOUBLE'],
  ['STDDEV_SAMP', 'DOUBLE'],
  ['VAR_POP', 'DOUBLE'],
  ['VAR_SAMP', 'DOUBLE'],
  ['VARIANCE', 'DOUBLE'],
  ['GROUP_CONCAT', 'STRING'],
  ['JSON_ARRAYAGG', 'JSON'],
]);

/** Units of `INTERVAL n unit`. */
export const intervalUnits: ReadonlySet<string> = new Set([
  'MICROSECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
]);
