import { SqlError } from './sqlError.js';
import { keyDivider } from './textKey.js';
import { translateExpression } from './translateExpression.js';
import type { Translation } from './translation.js';
import type { AggregateExpression, SortItem } from './tree.js';
import type { Value } from './value.js';
import { isExact, isNumeric, keySql, numberSql, orderSql, scaleOf, textSql } from './value.js';

/** Additional digits that MySQL keeps in an average of exact numbers. */
const averageDigits = 4;

/** Default separator of `GROUP_CONCAT`. */
const defaultSeparator = ',';

/** Translates an aggregate function. @throws SqlError where aggregates are not allowed */
export function translateAggregate(context: Translation, expression: AggregateExpression): Value {
  if (context.inAggregate || context.clause === 'where' || context.clause === 'group') {
    throw new SqlError('Invalid use of group function');
  }
  if (expression.operand === undefined) {
    return { sql: 'count(*)', kind: 'integer', type: 'INTEGER' };
  }
  const inner = { ...context, inAggregate: true };
  const operand = translateExpression(inner, expression.operand);
  const others = (expression.others ?? []).map((other) => translateExpression(inner, other));
  checkForm(expression);
  const distinct = expression.quantifier === 'DISTINCT' ? 'DISTINCT ' : '';
  switch (expression.name) {
    case 'COUNT': {
      const counted =
        others.length > 0
          ? combination([operand, ...others])
          : distinct === ''
            ? operand.sql
            : orderSql(operand);
      return { sql: `count(${distinct}${counted})`, kind: 'integer', type: 'INTEGER' };
    }
    case 'MIN':
    case 'MAX':
      return extreme(expression.name === 'MIN' ? 'min' : 'max', operand);
    case 'SUM':
      return sum(operand, distinct);
    case 'AVG':
      return average(operand, distinct);
    case 'GROUP_CONCAT':
      return groupConcat(inner, expression, [operand, ...others]);
    case 'JSON_ARRAYAGG': {
      const element = operand.kind === 'json' ? `json(${operand.sql})` : operand.sql;
      return { sql: `syn_json(json_group_array(${element}))`, kind: 'json', type: 'JSON' };
    }
    case 'BIT_AND':
    case 'BIT_OR':
    case 'BIT_XOR': {
      // As text, because JSON numbers would lose precision.
      const bits = `CAST(CAST(${numberSql(operand)} AS INTEGER) AS TEXT)`;
      return {
        sql: `syn_bits('${expression.name}', json_group_array(${distinct}${bits}))`,
        kind: 'integer',
        type: 'INTEGER',
      };
    }
    default:
      return {
        sql: `syn_deviation('${expression.name}', json_group_array(${distinct}${numberSql(operand)}))`,
        kind: 'double',
        type: 'DOUBLE',
      };
  }
}

/** Functions that take several values, an order or a separator. */
const listFunctions: ReadonlySet<string> = new Set(['GROUP_CONCAT']);

/** The grammar gives every aggregate function the clauses of all. @throws SqlError where MySQL does */
function checkForm({ name, quantifier, others, orderBy, separator }: AggregateExpression): void {
  if (listFunctions.has(name)) return;
  const counts = name === 'COUNT' && quantifier === 'DISTINCT';
  if ((others !== undefined && !counts) || orderBy !== undefined || separator !== undefined) {
    throw new SqlError(
      'You have an error in your SQL syntax; check the manual that corresponds to your MySQL ' +
        `server version for the right syntax to use near the arguments of '${name}'`,
    );
  }
}

/** Several values as one, which is null if one of them is. */
function combination(values: readonly Value[]): string {
  const isSet = values.map(({ sql }) => `${sql} IS NOT NULL`).join(' AND ');
  const keys = values.map((value) => (isNumeric(value) ? value.sql : `lower(${keySql(value)})`));
  return `CASE WHEN ${isSet} THEN json_array(${keys.join(', ')}) END`;
}

function extreme(name: 'max' | 'min', operand: Value): Value {
  const { kind, type, scale, maximumSize, sql } = operand;
  const facts = {
    kind,
    type,
    ...(scale !== undefined && { scale }),
    ...(maximumSize !== undefined && { maximumSize }),
  };
  if (kind !== 'text' && kind !== 'time' && kind !== 'json') {
    return { ...facts, sql: `${name}(${sql})` };
  }
  // The minimum is taken over keys combined with their texts.
  const key = kind === 'json' ? `syn_json_order(${sql})` : keySql(operand);
  const carried = `(${key}) || '${keyDivider}' || ${sql}`;
  return { ...facts, sql: `syn_after_divider(${name}((${carried}) COLLATE NOCASE))` };
}

function sum(operand: Value, distinct: string): Value {
  if (!isExact(operand)) {
    return { sql: doubleSum(operand, distinct), kind: 'double', type: 'DOUBLE' };
  }
  const sql = `sum(${distinct}${numberSql(operand)})`;
  const { kind, type, scale } = operand;
  return {
    sql,
    kind: kind === 'boolean' ? 'integer' : kind,
    type: type === 'BOOLEAN' ? 'INTEGER' : type,
    ...(scale !== undefined && { scale }),
  };
}

/** The sum of doubles, with all of their digits. */
function doubleSum(operand: Value, distinct: string): string {
  return `CAST(syn_sum(group_concat(${distinct}printf('%!.17g', ${numberSql(operand)}))) AS REAL)`;
}

function average(operand: Value, distinct: string): Value {
  if (!isExact(operand)) {
    const sql = `(${doubleSum(operand, distinct)} / count(${distinct}${numberSql(operand)}))`;
    return { sql, kind: 'double', type: 'DOUBLE' };
  }
  const sql = `avg(${distinct}${numberSql(operand)})`;
  const scale = scaleOf(operand) + averageDigits;
  return { sql: `round(${sql}, ${scale})`, kind: 'decimal', type: 'DOUBLE', scale };
}

function groupConcat(
  context: Translation,
  expression: AggregateExpression,
  operands: readonly Value[],
): Value {
  const order = expression.orderBy === undefined ? '' : sortSql(context, expression.orderBy);
  const separator = context.parameters.add(expression.separator ?? defaultSeparator);
  const texts = `json_group_array(${operands.map(textSql).join(' || ')}${order})`;
  const distinct = expression.quantifier === 'DISTINCT' ? '1' : '0';
  return {
    sql: `syn_group_concat(${texts}, ${separator}, ${distinct})`,
    kind: 'text',
    type: 'STRING',
    maximumSize: 1000,
  };
}

function sortSql(context: Translation, items: readonly SortItem[]): string {
  const terms = items.map(({ expression, direction }) => {
    const sql = orderSql(translateExpression(context, expression));
    return direction === undefined ? sql : `${sql} ${direction}`;
  });
  return ` ORDER BY ${terms.join(', ')}`;
}
