import type { ColumnType } from './columnTypes.js';
import { parseDateTime, parseDateValue } from './dateText.js';
import { parseDouble, parseLong } from './numberText.js';
import { textKey } from './textKey.js';
import { balanced } from './balanced.js';
import type { Translation } from './translation.js';
import type { ComparisonOperator } from './tree.js';
import type { SqlValue, Value } from './value.js';
import { keySql, numberSql } from './value.js';

/** Lists longer than this are passed to SQLite as one parameter. */
const longList = 3;

/** Compares two values as MySQL would. */
export function compareSql(
  context: Translation,
  left: Value,
  operator: ComparisonOperator,
  right: Value,
): string {
  const [l, r] = coerce(context, left, right);
  if (l.kind === 'null' || r.kind === 'null') {
    return 'NULL';
  }
  if (l.kind === 'json' || r.kind === 'json') {
    return `(${jsonSideSql(context, l)} ${operator} ${jsonSideSql(context, r)})`;
  }
  if (isDateTime(l) && isDateTime(r) && (l.kind === 'time' || r.kind === 'time')) {
    return `(syn_millis(${l.sql}) ${operator} syn_millis(${r.sql}))`;
  }
  if (isText(l) && isText(r)) {
    return `(${boundKey(context, l)} COLLATE NOCASE ${operator} ${boundKey(context, r)})`;
  }
  return `(${numberSql(l)} ${operator} ${numberSql(r)})`;
}

/** `left IN (values)`. */
export function inSql(context: Translation, left: Value, values: readonly Value[]): string {
  const list = longLiteralList(left, values);
  if (list !== undefined) {
    const subject = isText(left) ? `(${keySql(left)}) COLLATE NOCASE` : left.sql;
    return `(${subject} IN (SELECT value FROM json_each(${context.parameters.add(list)})))`;
  }
  const tests = values.map((value) => compareSql(context, left, '=', value));
  return balanced(tests, ' OR ');
}

/** A long list of constants as JSON text, if all of them fit the left side. */
function longLiteralList(left: Value, values: readonly Value[]): string | undefined {
  if (values.length <= longList || left.kind === 'json' || !(isText(left) || left.column)) {
    return undefined;
  }
  const items: string[] = [];
  for (const { literal } of values) {
    if (literal === undefined) {
      return undefined;
    }
    const constant = isText(left) ? textKey(String(literal)) : constantFor(left.type, literal);
    if (constant === undefined) {
      return undefined;
    }
    items.push(typeof constant === 'bigint' ? String(constant) : JSON.stringify(constant));
  }
  return `[${items.join(',')}]`;
}

/** Converts a constant to the type of the column that it is compared with. */
function coerce(context: Translation, left: Value, right: Value): [Value, Value] {
  return [constantLike(context, right, left) ?? left, constantLike(context, left, right) ?? right];
}

function constantLike(context: Translation, model: Value, value: Value): Value | undefined {
  if (value.literal === undefined || model.literal !== undefined || model.kind === 'time') {
    return undefined;
  }
  if (isText(model)) {
    const text = String(value.literal);
    return value.kind === 'text'
      ? undefined
      : { sql: context.parameters.add(text), kind: 'text', type: 'STRING', literal: text };
  }
  const constant = model.kind === 'json' ? undefined : constantFor(model.type, value.literal);
  return constant === undefined || typeof constant === 'string'
    ? undefined
    : {
        sql: context.parameters.add(constant),
        kind: typeof constant === 'number' ? 'double' : 'integer',
        type: model.type,
      };
}

/**
 * A literal as a value of a column type: `'syn12'` for ENTITYID is 12, `'2020-01-01'` for DATE is
 * epoch milliseconds. `undefined` when it is not a value of the type.
 */
export function constantFor(type: ColumnType, literal: number | string): SqlValue | undefined {
  const text = String(literal).trim();
  switch (type) {
    case 'BOOLEAN':
      return { true: 1n, false: 0n }[text.toLowerCase()] ?? parseLong(text);
    case 'ENTITYID':
      return parseLong(/^syn\d+$/i.test(text) ? text.slice(3) : text);
    case 'DATE': {
      const millis = parseDateValue(text);
      return millis === undefined ? undefined : BigInt(Math.trunc(millis));
    }
    case 'DOUBLE':
      return parseDouble(text);
    case 'STRING':
    case 'LINK':
    case 'MEDIUMTEXT':
    case 'LARGETEXT':
      return String(literal);
    default:
      return parseLong(text);
  }
}

function isText({ kind }: Value): boolean {
  return kind === 'text' || kind === 'list' || kind === 'time';
}

function isDateTime(value: Value): boolean {
  return (
    value.kind === 'time' ||
    (typeof value.literal === 'string' && parseDateTime(value.literal) !== undefined)
  );
}

function boundKey(context: Translation, value: Value): string {
  return typeof value.literal === 'string' && value.kind === 'text'
    ? context.parameters.add(textKey(value.literal))
    : `(${keySql(value)})`;
}

/**
 * An operand of a comparison with JSON. All constants are text, because the service binds them as
 * text, so they are not equal to any number.
 */
function jsonSideSql(context: Translation, value: Value): string {
  if (value.kind === 'json') {
    return `syn_json_scalar(${value.sql})`;
  }
  if (value.literal !== undefined) {
    return context.parameters.add(String(value.literal));
  }
  return value.kind === 'boolean'
    ? `CAST(CASE WHEN ${value.sql} THEN 'true' WHEN NOT ${value.sql} THEN 'false' END AS BLOB)`
    : value.sql;
}
