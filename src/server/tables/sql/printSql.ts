import { javaDouble } from './numberText.js';
import type {
  AggregateExpression,
  BetweenCondition,
  CaseExpression,
  Condition,
  Expression,
  HasCondition,
  Identifier,
  InCondition,
  LikeCondition,
  Query,
  Select,
  SortItem,
  Statement,
  TableReference,
} from './tree.js';

/** Whether names and strings have their quotation marks. */
type Quotes = boolean;

/** Writes a statement in the service's normal form; parsing it gives the same tree. */
export function printStatement(statement: Statement): string {
  const query = printQuery(statement.query);
  if (statement.with === undefined) {
    return query;
  }
  const { name, columns, query: inner } = statement.with;
  const list =
    columns === undefined
      ? ''
      : ` (${columns.map((column) => printIdentifier(column)).join(', ')})`;
  return `WITH ${name}${list} AS (${printQuery(inner)}) ${query}`;
}

export function printQuery(query: Query): string {
  const parts = [printUnionPart(query.first)];
  for (const { quantifier, select } of query.unions) {
    parts.push(quantifier === undefined ? 'UNION' : `UNION ${quantifier}`, printUnionPart(select));
  }
  return parts.join(' ');
}

function printUnionPart(select: Select): string {
  return select.parentheses === true ? `(${printSelect(select)})` : printSelect(select);
}

export function printSelect(select: Select): string {
  const list =
    select.list === '*'
      ? '*'
      : select.list
          .map(({ expression, alias }) =>
            alias === undefined
              ? printExpression(expression)
              : `${printExpression(expression)} AS ${printIdentifier(alias)}`,
          )
          .join(', ');
  const parts = ['SELECT'];
  if (select.quantifier !== undefined) {
    parts.push(select.quantifier);
  }
  parts.push(list, 'FROM', printTable(select.from));
  if (select.definingWhere !== undefined) {
    parts.push('DEFINING_WHERE', printCondition(select.definingWhere));
  }
  if (select.where !== undefined) {
    parts.push('WHERE', printCondition(select.where));
  }
  if (select.groupBy !== undefined) {
    parts.push('GROUP BY', printList(select.groupBy, true));
  }
  if (select.orderBy !== undefined) {
    parts.push('ORDER BY', printSortItems(select.orderBy, true));
  }
  if (select.limit !== undefined) {
    parts.push('LIMIT', select.limit);
  }
  if (select.offset !== undefined) {
    parts.push('OFFSET', select.offset);
  }
  return parts.join(' ');
}

function printTable(table: TableReference): string {
  if (table.kind === 'table') {
    if (table.alias === undefined) {
      return table.name;
    }
    return `${table.name} ${table.as === true ? 'AS ' : ''}${printIdentifier(table.alias)}`;
  }
  const type = table.type === '' ? 'JOIN' : `${table.type} JOIN`;
  const on = table.on === undefined ? '' : ` ON ${printCondition(table.on)}`;
  return `${printTable(table.left)} ${type} ${printTable(table.right)}${on}`;
}

function printSortItems(items: readonly SortItem[], quotes: Quotes): string {
  return items
    .map(({ expression, direction }) => {
      const text = printExpression(expression, quotes);
      return direction === undefined ? text : `${text} ${direction}`;
    })
    .join(', ');
}

function printList(expressions: readonly Expression[], quotes: Quotes, separator = ', '): string {
  return expressions.map((expression) => printExpression(expression, quotes)).join(separator);
}

export function printIdentifier({ name, quote }: Identifier, quotes: Quotes = true): string {
  return quote === undefined || !quotes
    ? name
    : `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** Writes a string literal. */
export function printString(value: string, quotes: Quotes = true): string {
  return quotes ? `'${value.replaceAll("'", "''")}'` : value;
}

/**
 * The name of a result column without an alias: its SQL. It is without quotation marks if the first
 * operand is a column or a constant.
 */
export function columnTitle(expression: Expression): string {
  const { kind } = firstOperand(expression);
  const isPlain =
    kind === 'column' || kind === 'number' || kind === 'string' || kind === 'interval';
  return printExpression(expression, !isPlain);
}

function firstOperand(expression: Expression): Expression {
  switch (expression.kind) {
    case 'binary':
      return firstOperand(expression.left);
    case 'sign':
      return firstOperand(expression.operand);
    default:
      return expression;
  }
}

/** Writes a value. */
export function printExpression(expression: Expression, quotes: Quotes = true): string {
  const print = (part: Expression): string => printExpression(part, quotes);
  switch (expression.kind) {
    case 'aggregate':
      return printAggregate(expression, quotes);
    case 'binary': {
      const operator = expression.operator === 'DIV' ? ' DIV ' : expression.operator;
      return `${print(expression.left)}${operator}${print(expression.right)}`;
    }
    case 'boolean':
      return expression.value ? 'TRUE' : 'FALSE';
    case 'call':
      return expression.bare === true
        ? expression.name
        : `${expression.name}(${printList(expression.args, quotes, ',')})`;
    case 'case':
      return printCase(expression, quotes);
    case 'cast': {
      const target = expression.target.type ?? expression.target.columnId;
      return `CAST(${print(expression.operand)} AS ${target})`;
    }
    case 'column': {
      const column = printIdentifier(expression.column, quotes);
      return expression.table === undefined
        ? column
        : `${printIdentifier(expression.table, quotes)}.${column}`;
    }
    case 'interval':
      return `INTERVAL ${print(expression.count)} ${expression.unit}`;
    case 'null':
      return 'NULL';
    case 'number':
      return printNumber(expression.text);
    case 'parentheses':
      return `(${print(expression.inner)})`;
    case 'sign':
      return `${expression.sign}${print(expression.operand)}`;
    case 'string':
      return printString(expression.value, quotes);
    case 'unnest':
      return `UNNEST(${print(expression.column)})`;
  }
}

/** The service keeps numbers that are not whole as doubles. */
function printNumber(text: string): string {
  return /^\d+$/.test(text) ? text : javaDouble(Number(text));
}

function printAggregate(expression: AggregateExpression, quotes: Quotes): string {
  const { name, quantifier, operand, others = [], orderBy, separator } = expression;
  if (operand === undefined) {
    return `${name}(*)`;
  }
  const parts: string[] = [];
  if (quantifier !== undefined) {
    parts.push(quantifier);
  }
  parts.push(printList([operand, ...others], quotes));
  if (orderBy !== undefined) {
    parts.push('ORDER BY', printSortItems(orderBy, quotes));
  }
  if (separator !== undefined) {
    parts.push('SEPARATOR', printString(separator, quotes));
  }
  return `${name}(${parts.join(' ')})`;
}

function printCase({ operand, branches, otherwise }: CaseExpression, quotes: Quotes): string {
  const parts = ['CASE'];
  if (operand !== undefined) {
    parts.push(printExpression(operand, quotes));
  }
  for (const { when, then } of branches) {
    const test =
      when.condition === undefined
        ? printExpression(when.value, quotes)
        : printCondition(when.condition, quotes);
    parts.push('WHEN', test, 'THEN', printExpression(then, quotes));
  }
  if (otherwise !== undefined) {
    parts.push('ELSE', printExpression(otherwise, quotes));
  }
  return [...parts, 'END'].join(' ');
}

/** Writes a condition. */
export function printCondition(condition: Condition, quotes: Quotes = true): string {
  const print = (part: Expression): string => printExpression(part, quotes);
  const inner = (part: Condition): string => printCondition(part, quotes);
  switch (condition.kind) {
    case 'and':
      return sortedBySql(condition.items, printCondition).map(inner).join(' AND ');
    case 'or':
      return sortedBySql(condition.items, printCondition).map(inner).join(' OR ');
    case 'not':
      return `NOT ${inner(condition.inner)}`;
    case 'group':
      return `( ${inner(condition.inner)} )`;
    case 'truth':
      return `${inner(condition.inner)} IS ${condition.negated ? 'NOT ' : ''}${condition.value}`;
    case 'textMatches':
      return `TEXT_MATCHES(${printString(condition.search, quotes)})`;
    case 'float':
      return `${condition.test}(${print(condition.column)})`;
    case 'comparison':
      return `${print(condition.left)} ${condition.operator} ${print(condition.right)}`;
    case 'is':
      return `${print(condition.left)} IS ${condition.negated ? 'NOT ' : ''}${condition.value}`;
    default: {
      const { left, negated } = condition;
      const subject = negated ? `${print(left)} NOT` : print(left);
      return `${subject} ${printTest(condition, quotes)}`;
    }
  }
}

function printTest(
  condition: BetweenCondition | HasCondition | InCondition | LikeCondition,
  quotes: Quotes,
): string {
  const print = (part: Expression): string => printExpression(part, quotes);
  switch (condition.kind) {
    case 'between':
      return `BETWEEN ${print(condition.low)} AND ${print(condition.high)}`;
    case 'like':
      return `LIKE ${print(condition.pattern)}${printEscape(condition.escape, quotes)}`;
    case 'in':
      return `IN ${printValues(condition, quotes)}`;
    case 'has':
      return `HAS ${printValues(condition, quotes)}`;
    case 'hasLike':
      return `HAS_LIKE ${printValues(condition, quotes)}${printEscape(condition.escape, quotes)}`;
  }
}

function printValues({ values }: HasCondition | InCondition, quotes: Quotes): string {
  return `( ${printList(sortedBySql(values, printExpression), quotes)} )`;
}

/** The service keeps conditions and the values of a list as sets, sorted by their SQL. */
function sortedBySql<T>(items: readonly T[], print: (item: T) => string): T[] {
  const bySql = new Map(items.map((item) => [print(item), item]));
  return [...bySql].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function printEscape(escape: string | undefined, quotes: Quotes): string {
  return escape === undefined ? '' : ` ESCAPE ${printString(escape, quotes)}`;
}
