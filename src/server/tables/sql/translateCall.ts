import { dateOf, momentOf, momentToMillis, parseDateTime, timeOf } from './dateText.js';
import { compareSql } from './compare.js';
import { bareFunctions, scalarFunctions } from './functionNames.js';
import { SqlError } from './sqlError.js';
import { nowText, translateExpression, unify } from './translateExpression.js';
import type { Translation } from './translation.js';
import type { CallExpression } from './tree.js';
import { unknownColumn } from './unknownColumn.js';
import type { Value, ValueKind } from './value.js';
import { numberSql, scaleOf, textSql } from './value.js';

type Translator = (context: Translation, args: readonly Value[]) => Value;

/** Translates a function of one row. */
export function translateCall(context: Translation, expression: CallExpression): Value {
  if (expression.bare === true && !bareFunctions.has(expression.name)) {
    throw unknownColumn(expression.name, context.clause);
  }
  const translator = translators[expression.name];
  if (translator === undefined) {
    throw new SqlError(`Unknown function: ${expression.name}`);
  }
  const args = expression.args.map((arg) => translateExpression(context, arg));
  const value = translator(context, args);
  const result = scalarFunctions.get(expression.name)?.result ?? 'argument';
  return result === 'argument' ? value : { ...value, type: result };
}

function at(args: readonly Value[], index: number): Value {
  return args[index] ?? { sql: 'NULL', kind: 'null', type: 'STRING' };
}

function literalNumber(value: Value | undefined, fallback: number): number {
  const number = Number(value?.literal ?? fallback);
  return Number.isInteger(number) ? number : fallback;
}

function made(sql: string, kind: ValueKind, maximumSize?: number): Value {
  return { sql, kind, type: 'STRING', ...(maximumSize !== undefined && { maximumSize }) };
}

/** A part of a date or time as a number. */
function datePart(part: string): Translator {
  return (_, args) => made(`syn_date_part(${textSql(at(args, 0))}, '${part}')`, 'integer');
}

function dateText(part: string): Translator {
  return (_, args) => made(`syn_date_text(${textSql(at(args, 0))}, '${part}')`, 'text', 10);
}

/** `mode` of a week: the default of MySQL is 0. */
function week(part: 'WEEK' | 'YEARWEEK'): Translator {
  return (_, args) => {
    const mode = args[1] === undefined ? '0' : numberSql(args[1]);
    return made(`syn_week(${textSql(at(args, 0))}, ${mode}, '${part}')`, 'integer');
  };
}

function now(): Translator {
  return (context, args) => {
    const digits = Math.min(Math.max(literalNumber(args[0], 0), 0), 6);
    return made(context.parameters.add(nowText(context, digits)), 'time', 26);
  };
}

function unixTimestamp(context: Translation, args: readonly Value[]): Value {
  const [date] = args;
  if (date === undefined) {
    return made(String(Math.floor(context.environment.now / 1000)), 'integer');
  }
  const sql = `syn_unix_timestamp(${textSql(date)})`;
  if (date.kind === 'time') {
    return made(sql, 'integer');
  }
  const scale = typeof date.literal === 'string' ? (date.literal.split('.')[1]?.length ?? 0) : 6;
  return { ...made(sql, scale === 0 ? 'integer' : 'decimal'), scale };
}

function fromUnixTime(_: Translation, args: readonly Value[]): Value {
  const seconds = at(args, 0);
  if (args[1] !== undefined) {
    return made(
      `syn_from_unixtime_format(${numberSql(seconds)}, ${textSql(args[1])})`,
      'text',
      100,
    );
  }
  const digits = seconds.kind === 'double' ? 6 : Math.min(scaleOf(seconds), 6);
  return made(`syn_from_unixtime(${numberSql(seconds)}, ${digits})`, 'time', 26);
}

function concat(_: Translation, args: readonly Value[]): Value {
  const size = args.reduce((sum, value) => sum + (value.maximumSize ?? 24), 0);
  return made(concatenation(args.map(textSql)), 'text', Math.min(size, 1000));
}

/**
 * Joins texts as a balanced tree, because a chain would copy the first text once for each of the
 * others. The length of each part is checked before it is copied again.
 */
function concatenation(parts: readonly string[]): string {
  if (parts.length === 1) {
    return `(${parts.join('')})`;
  }
  const middle = parts.length >> 1;
  const left = concatenation(parts.slice(0, middle));
  return `syn_text(${left} || ${concatenation(parts.slice(middle))})`;
}

function textFunction(name: string): Translator {
  return (_, args) => made(`${name}(${textSql(at(args, 0))})`, 'text', at(args, 0).maximumSize);
}

function round(_: Translation, args: readonly Value[]): Value {
  const value = at(args, 0);
  const digits = literalNumber(args[1], 0);
  const places = args[1] === undefined ? '0' : numberSql(args[1]);
  const sql = `syn_round(${numberSql(value)}, ${places})`;
  if (value.kind === 'integer' || value.kind === 'boolean') {
    return made(`CAST(${sql} AS INTEGER)`, 'integer');
  }
  if (value.kind === 'decimal') {
    const scale = Math.min(Math.max(digits, 0), scaleOf(value));
    return { ...made(sql, scale === 0 ? 'integer' : 'decimal'), scale };
  }
  return made(sql, 'double');
}

function coalesce(_: Translation, args: readonly Value[]): Value {
  const { result, convert } = unify(args);
  const [first] = args;
  if (args.length === 1 && first !== undefined) {
    return { ...result, sql: convert(first) };
  }
  return { ...result, sql: `coalesce(${args.map(convert).join(', ')})` };
}

function nullIf(context: Translation, args: readonly Value[]): Value {
  const value = at(args, 0);
  const test = compareSql(context, value, '=', at(args, 1));
  const { kind, type, scale, maximumSize } = value;
  return {
    sql: `(CASE WHEN ${test} THEN NULL ELSE ${value.sql} END)`,
    kind,
    type,
    ...(scale !== undefined && { scale }),
    ...(maximumSize !== undefined && { maximumSize }),
  };
}

/** A value as an element of a JSON document. */
function jsonElement(value: Value): string {
  if (value.kind === 'boolean' && value.literal !== undefined) {
    return `json('${value.literal}')`;
  }
  return value.kind === 'json' || value.kind === 'list' ? `json(${value.sql})` : value.sql;
}

function jsonObject(_: Translation, args: readonly Value[]): Value {
  if (args.length % 2 !== 0) {
    throw new SqlError("Incorrect parameter count in the call to native function 'JSON_OBJECT'");
  }
  const members = args.map((value, index) =>
    index % 2 === 0 ? textSql(value) : jsonElement(value),
  );
  return made(`syn_json(json_object(${members.join(', ')}))`, 'json');
}

function jsonArray(_: Translation, args: readonly Value[]): Value {
  return made(`syn_json(json_array(${args.map(jsonElement).join(', ')}))`, 'json');
}

function jsonExtract(_: Translation, args: readonly Value[]): Value {
  const paths = args.slice(1).map(textSql).join(', ');
  return made(`syn_json_extract(${textSql(at(args, 0))}, json_array(${paths}))`, 'json', 1000);
}

function jsonSearch(_: Translation, args: readonly Value[]): Value {
  const escape = args[3] === undefined ? "'\\'" : textSql(args[3]);
  const parameters = [at(args, 0), at(args, 1), at(args, 2)].map(textSql).join(', ');
  return made(`syn_json_search(${parameters}, ${escape})`, 'json', 1000);
}

const translators: Readonly<Record<string, Translator>> = {
  NOW: now(),
  CURRENT_TIMESTAMP: now(),
  CURRENT_DATE: (context) =>
    made(context.parameters.add(dateOf(momentOf(context.environment.now))), 'time', 10),
  CURRENT_TIME: (context) =>
    made(context.parameters.add(timeOf(momentOf(context.environment.now))), 'time', 8),
  UNIX_TIMESTAMP: unixTimestamp,
  FROM_UNIXTIME: fromUnixTime,
  YEARWEEK: week('YEARWEEK'),
  WEEK: week('WEEK'),
  WEEKOFYEAR: (_, args) => made(`syn_week(${textSql(at(args, 0))}, 3, 'WEEK')`, 'integer'),
  DATE: (_, args) => made(`syn_date_text(${textSql(at(args, 0))}, 'DATE')`, 'time', 10),
  DAYNAME: dateText('DAYNAME'),
  MONTHNAME: dateText('MONTHNAME'),
  DAYOFYEAR: datePart('DAYOFYEAR'),
  DAYOFMONTH: datePart('DAY'),
  DAYOFWEEK: datePart('DAYOFWEEK'),
  MICROSECOND: datePart('MICROSECOND'),
  SECOND: datePart('SECOND'),
  MINUTE: datePart('MINUTE'),
  HOUR: datePart('HOUR'),
  DAY: datePart('DAY'),
  MONTH: datePart('MONTH'),
  QUARTER: datePart('QUARTER'),
  YEAR: datePart('YEAR'),
  CONCAT: concat,
  REPLACE: (_, args) =>
    made(
      `syn_replace(${args.map(textSql).join(', ')})`,
      'text',
      at(args, 0).maximumSize === undefined ? undefined : 1000,
    ),
  UPPER: textFunction('syn_upper'),
  LOWER: textFunction('syn_lower'),
  TRIM: textFunction('trim'),
  ROUND: round,
  CRC32: (_, args) => made(`syn_crc32(${textSql(at(args, 0))})`, 'integer'),
  IFNULL: coalesce,
  COALESCE: coalesce,
  NULLIF: nullIf,
  JSON_OBJECT: jsonObject,
  JSON_ARRAY: jsonArray,
  JSON_EXTRACT: jsonExtract,
  JSON_OVERLAPS: (_, args) =>
    made(`syn_json_overlaps(${textSql(at(args, 0))}, ${textSql(at(args, 1))})`, 'boolean'),
  JSON_SEARCH: jsonSearch,
  JSON_QUOTE: (_, args) => made(`syn_json_quote(${textSql(at(args, 0))})`, 'text', 1000),
  JSON_UNQUOTE: (_, args) => made(`syn_json_unquote(${textSql(at(args, 0))})`, 'text', 1000),
  CURRENT_USER: (context) => made(context.parameters.add(context.environment.userId), 'integer'),
};

/** Epoch seconds of a MySQL date-time, with its fraction. */
export function unixSeconds(text: string): number | null {
  const moment = parseDateTime(text);
  return moment === undefined
    ? null
    : Math.floor(momentToMillis(moment) / 1000) + moment.microsecond / 1e6;
}
