import { aggregateFunctions, intervalUnits, scalarFunctions } from './functionNames.js';

/** Words of one kind, as error messages name the kind. */
const groups: Readonly<Record<string, readonly string[]>> = {
  '<aggregate_functions_name>': [...aggregateFunctions.keys()],
  '<date_time_function_name>': [
    'CURRENT_TIMESTAMP',
    'CURRENT_DATE',
    'CURRENT_TIME',
    'NOW',
    'UNIX_TIMESTAMP',
    'FROM_UNIXTIME',
    'YEARWEEK',
    'DATE',
    'DAYNAME',
    'DAYOFYEAR',
    'DAYOFMONTH',
    'DAYOFWEEK',
    'MONTHNAME',
    'WEEKOFYEAR',
  ],
  '<string_function_name>': ['CONCAT', 'REPLACE', 'UPPER', 'LOWER', 'TRIM'],
  '<numeric_function_name>': ['ROUND', 'CRC32'],
  '<json_function_name>': [...scalarFunctions.keys()].filter((name) => name.startsWith('JSON_')),
  '<date_time_field>': [...intervalUnits],
};

/** Words that are a kind of their own. */
const single = [
  ...['ALL', 'AND', 'AS', 'ASC', 'BETWEEN', 'CASE', 'CAST', 'COALESCE', 'CURRENT_USER', 'DEFAULT'],
  ...['DEFINING_WHERE', 'DESC', 'DISTINCT', 'DIV', 'ELSE', 'END', 'ESCAPE', 'FALSE', 'FROM'],
  ...['GROUP BY', 'HAS', 'HAS_LIKE', 'IFNULL', 'IN', 'INNER', 'INTERVAL', 'IS', 'ISINFINITY'],
  ...['ISNAN', 'JOIN', 'LEFT', 'LIKE', 'LIMIT', 'NOT', 'NULL', 'NULLIF', 'OFFSET', 'ON', 'OR'],
  ...['ORDER BY', 'OUTER', 'RIGHT', 'SELECT', 'SEPARATOR', 'TEXT_MATCHES', 'THEN', 'TIME'],
  ...['TIMESTAMP', 'TRUE', 'UNION', 'UNKNOWN', 'UNNEST', 'WHEN', 'WHERE', 'WITH'],
];

/**
 * Every word of the grammar, with the name that error messages give it. None of them is an
 * identifier unless it is quoted.
 */
export const grammarWords: ReadonlyMap<string, string> = new Map([
  ...single.map((word): [string, string] => [word, `"${word}"`]),
  ...Object.entries(groups).flatMap(([name, words]) =>
    words.map((word): [string, string] => [word, name]),
  ),
]);
