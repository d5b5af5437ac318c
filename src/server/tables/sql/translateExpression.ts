import { elementType, type ColumnType } from './columnTypes.js';
import { momentOf, dateTimeOf } from './dateText.js';
import { parseDouble, parseLong } from './numberText.js';
import { printExpression } from './printSql.js';
import type { ScopedColumn } from './scope.js';
import { columnValue, isSystemName } from './scope.js';
import { SqlError } from './sqlError.js';
import { translateAggregate } from './translateAggregate.js';
import { translateCall } from './translateCall.js';
import { translateCondition } from './translateCondition.js';
import { translateCast } from './translateCast.js';
import { compareSql } from './compare.js';
import type { Translation } from './translation.js';
import type {
  BinaryExpression,
  CaseExpression,
  ColumnExpression,
  Expression,
  UnnestExpression,
} from './tree.js';
import { unknownColumn } from './unknownColumn.js';
import type { Value } from './value.js';
import { isExact, isNumeric, kindOfType, numberSql, scaleOf, textSql } from './value.js';

/** Additional digits that MySQL keeps in a quotient of exact numbers. */
const divisionDigits = 4;

/**
 * Maximum length of a translated expression. Some functions name their argument several times, so
 * nested ones grow exponentially.
 */
const maxSqlLength = 500_000;

/**
 * Translates an expression to SQLite.
 *
 * @throws SqlError on unknown columns, misplaced functions and expressions that are too complex
 */
export function translateExpression(context: Translation, expression: Expression): Value {
  const value = translateKind(context, expression);
  if (value.sql.length + (value.key?.length ?? 0) > maxSqlLength) {
    throw new SqlError('The query has an expression that is too complex.');
  }
  return value;
}

function translateKind(context: Translation, expression: Expression): Value {
  switch (expression.kind) {
    case 'aggregate':
      return translateAggregate(context, expression);
    case 'binary':
      return translateBinary(context, expression);
    case 'boolean':
      return {
        sql: expression.value ? '1' : '0',
        kind: 'boolean',
        type: 'BOOLEAN',
        literal: expression.value ? 'true' : 'false',
      };
    case 'call':
      return translateCall(context, expression);
    case 'case':
      return translateCase(context, expression);
    case 'cast':
      return translateCast(context, expression);
    case 'column':
      return columnValue(resolveColumn(context, expression));
    case 'interval': {
      const count = translateExpression(context, expression.count);
      return {
        sql: 'NULL',
        kind: 'interval',
        type: 'STRING',
        interval: { count, unit: expression.unit },
      };
    }
    case 'null':
      return { sql: 'NULL', kind: 'null', type: 'STRING' };
    case 'number':
      return translateNumber(context, expression.text, expression.exact);
    case 'parentheses':
      return translateExpression(context, expression.inner);
    case 'sign':
      return translateSign(translateExpression(context, expression.operand), expression.sign);
    case 'string':
      return {
        sql: context.parameters.add(expression.value),
        kind: 'text',
        type: 'STRING',
        literal: expression.value,
        maximumSize: expression.value.length,
      };
    case 'unnest':
      return translateUnnest(context, expression);
  }
}

/** Finds a column. @throws SqlError with the message of the service when there is none */
export function resolveColumn(context: Translation, expression: ColumnExpression): ScopedColumn {
  const found = context.scope.find(expression);
  if (found === undefined) {
    const name = printExpression(expression, false);
    throw unknownColumn(isSystemName(name) ? name.toUpperCase() : name, context.clause);
  }
  return found;
}

function translateNumber(context: Translation, text: string, exact: boolean): Value {
  const integer = exact ? parseLong(text) : undefined;
  if (integer !== undefined) {
    return { sql: integer.toString(), kind: 'integer', type: 'DOUBLE', literal: text };
  }
  const number = parseDouble(text) ?? Number(text);
  // A whole number would be bound as an integer, and the arithmetic would be that of integers.
  const sql = `CAST(${context.parameters.add(number)} AS REAL)`;
  if (!exact) {
    return { sql, kind: 'double', type: 'DOUBLE', literal: text };
  }
  const scale = text.split('.')[1]?.length ?? 0;
  return { sql, kind: 'decimal', type: 'DOUBLE', scale, literal: text };
}

function translateSign(value: Value, sign: '+' | '-'): Value {
  const kind = isNumeric(value) && value.kind !== 'boolean' ? value.kind : 'integer';
  const numeric: Value = {
    sql: sign === '-' ? `(-${numberSql(value)})` : `(+${numberSql(value)})`,
    kind: value.kind === 'text' ? 'double' : kind,
    type: value.kind === 'text' ? 'DOUBLE' : value.type,
    ...(value.scale !== undefined && { scale: value.scale }),
  };
  return value.literal === undefined ? numeric : { ...numeric, literal: `${sign}${value.literal}` };
}

function translateBinary(context: Translation, expression: BinaryExpression): Value {
  const { operator } = expression;
  const left = translateExpression(context, expression.left);
  const right = translateExpression(context, expression.right);
  if (left.kind === 'interval' || right.kind === 'interval') {
    return addInterval(operator, left, right);
  }
  const [l, r] = [numberSql(left), numberSql(right)];
  const exact = isExact(left) && isExact(right);
  const integers = exact && scaleOf(left) === 0 && scaleOf(right) === 0;
  switch (operator) {
    case '/': {
      const scale = scaleOf(left) + divisionDigits;
      const quotient = `(CAST(${l} AS REAL) / ${r})`;
      return exact
        ? { sql: `round(${quotient}, ${scale})`, kind: 'decimal', type: 'DOUBLE', scale }
        : { sql: quotient, kind: 'double', type: 'DOUBLE' };
    }
    case 'DIV': {
      const sql = integers ? `(${l} / ${r})` : `CAST(CAST(${l} AS REAL) / ${r} AS INTEGER)`;
      return { sql, kind: 'integer', type: resultType(left, right) };
    }
    case '%': {
      const sql = integers ? `(${l} % ${r})` : `mod(${l}, ${r})`;
      return arithmeticValue(sql, left, right, Math.max(scaleOf(left), scaleOf(right)));
    }
    case '*':
      return arithmeticValue(`(${l} * ${r})`, left, right, scaleOf(left) + scaleOf(right));
    default: {
      const scale = Math.max(scaleOf(left), scaleOf(right));
      return arithmeticValue(`(${l} ${operator} ${r})`, left, right, scale);
    }
  }
}

function arithmeticValue(sql: string, left: Value, right: Value, scale: number): Value {
  if (!isExact(left) || !isExact(right)) {
    return { sql, kind: 'double', type: 'DOUBLE' };
  }
  if (left.kind === 'decimal' || right.kind === 'decimal') {
    return { sql, kind: 'decimal', type: 'DOUBLE', scale };
  }
  return { sql, kind: 'integer', type: resultType(left, right) };
}

/** Whole numbers keep the type of the column; number literals count as DOUBLE. */
function resultType(left: Value, right: Value): Value['type'] {
  const types = [left, right].filter(({ literal }) => literal === undefined);
  const [first] = types;
  if (first === undefined) {
    return 'DOUBLE';
  }
  return types.every(({ type }) => type === 'DATE') && types.length === 1 ? 'DATE' : 'INTEGER';
}

function addInterval(operator: string, left: Value, right: Value): Value {
  const { interval } = left.kind === 'interval' ? left : right;
  const date = left.kind === 'interval' ? right : left;
  if (interval === undefined || date.kind === 'interval' || !['+', '-'].includes(operator)) {
    throw new SqlError('INTERVAL may only be added to or subtracted from a date');
  }
  const count = `(${operator === '-' ? '-' : ''}${numberSql(interval.count)})`;
  return {
    sql: `syn_add_interval(${textSql(date)}, ${count}, '${interval.unit}')`,
    kind: 'time',
    type: 'STRING',
    maximumSize: 26,
  };
}

function translateCase(context: Translation, expression: CaseExpression): Value {
  const { operand, otherwise } = expression;
  const subject = translateExpression(context, operand ?? { kind: 'boolean', value: true });
  const branches = expression.branches.map(({ when, then }) => {
    const test =
      when.condition === undefined
        ? compareSql(context, subject, '=', translateExpression(context, when.value))
        : translateCondition(context, when.condition);
    return { test, value: translateExpression(context, then) };
  });
  const last = otherwise === undefined ? undefined : translateExpression(context, otherwise);
  const values = branches.map(({ value }) => value);
  const { result, convert } = unify(last === undefined ? values : [...values, last]);
  const cases = branches.map(({ test, value }) => `WHEN ${test} THEN ${convert(value)}`);
  const rest = last === undefined ? '' : ` ELSE ${convert(last)}`;
  return { ...result, sql: `(CASE ${cases.join(' ')}${rest} END)` };
}

/** The common kind of several values, and the conversion of each to it. */
export function unify(all: readonly Value[]): {
  result: Omit<Value, 'sql'>;
  convert: (value: Value) => string;
} {
  const values = all.filter(({ kind }) => kind !== 'null');
  const [first] = values;
  if (first === undefined) {
    return { result: { kind: 'null', type: 'STRING' }, convert: ({ sql }) => sql };
  }
  const maximumSize = Math.max(...values.map((value) => value.maximumSize ?? 0));
  const size = maximumSize > 0 ? { maximumSize } : {};
  const sameType = values.every(({ type }) => type === first.type);
  if (values.every(({ kind }) => kind === first.kind)) {
    const scale = Math.max(...values.map(scaleOf));
    const type = sameType ? first.type : typeOfKind(first);
    return {
      result: { kind: first.kind, type, ...(scale > 0 && { scale }), ...size },
      convert: ({ sql }) => sql,
    };
  }
  if (values.every(isNumeric)) {
    const exact = values.every(isExact);
    const scale = Math.max(...values.map(scaleOf));
    return {
      result: exact
        ? { kind: scale > 0 ? 'decimal' : 'integer', type: scale > 0 ? 'DOUBLE' : 'INTEGER', scale }
        : { kind: 'double', type: 'DOUBLE' },
      convert: ({ sql }) => sql,
    };
  }
  return { result: { kind: 'text', type: 'STRING', ...size }, convert: textSql };
}

function typeOfKind({ kind, type }: Value): Value['type'] {
  switch (kind) {
    case 'text':
    case 'time':
      return 'STRING';
    case 'integer':
      return 'INTEGER';
    default:
      return type;
  }
}

function translateUnnest(context: Translation, expression: UnnestExpression): Value {
  const { found, element } = requireListColumn(context, expression.column, 'UNNEST()');
  const id = `${found.table.alias}.${found.column.sql}`;
  let unnested = context.unnested.get(id);
  if (unnested === undefined) {
    unnested = { alias: context.nextAlias(), column: found };
    context.unnested.set(id, unnested);
  }
  return {
    sql: `${unnested.alias}.value`,
    kind: kindOfType(element),
    type: element,
    ...(found.column.maximumSize !== undefined && { maximumSize: found.column.maximumSize }),
  };
}

/** The list column of a function or keyword. @throws SqlError for any other column */
export function requireListColumn(
  context: Translation,
  column: ColumnExpression,
  user: string,
): { readonly found: ScopedColumn; readonly element: ColumnType } {
  const found = context.scope.find(column);
  const name = printExpression(column, false);
  if (found === undefined) {
    throw new SqlError(`Unknown column reference: ${name}`);
  }
  if (isSystemName(found.column.name)) {
    throw new SqlError(`${user} may only be used on columns defined in the schema`);
  }
  const element = elementType(found.column.type);
  if (element === undefined) {
    throw new SqlError(`${user} only works for columns that hold list values`);
  }
  return { found, element };
}

/** `NOW()` with `digits` digits after the point. */
export function nowText(context: Translation, digits: number): string {
  return dateTimeOf(momentOf(context.environment.now), digits);
}
