import type {
  AggregateExpression,
  CaseExpression,
  Condition,
  Expression,
  HasCondition,
  Identifier,
  InCondition,
  Query,
  Select,
  SortItem,
  Statement,
  TableReference,
} from './tree.js';

/** Writes a statement in the service's normal form; parsing it gives the same tree. */
export function printStatement(statement: Statement): string {
  const query = printQuery(statement.query);
  if (statement.with === undefined) {
    return query;
  }
  const { name, columns, query: inner } = statement.with;
  const list = columns === undefined ? '' : ` (${columns.map(printIdentifier).join(', ')})`;
  return `WITH ${name}${list} AS (${printQuery(inner)}) ${query}`;
}

export function printQuery(query: Query): string {
  const parts = [printSelect(query.first)];
  for (const { quantifier, select } of query.unions) {
    parts.push(quantifier === undefined ? 'UNION' : `UNION ${quantifier}`, printSelect(select));
  }
  return parts.join(' ');
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
    parts.push('GROUP BY', select.groupBy.map(printExpression).join(', '));
  }
  if (select.orderBy !== undefined) {
    parts.push('ORDER BY', printSortItems(select.orderBy));
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

function printSortItems(items: readonly SortItem[]): string {
  return items
    .map(({ expression, direction }) =>
      direction === undefined
        ? printExpression(expression)
        : `${printExpression(expression)} ${direction}`,
    )
    .join(', ');
}

export function printIdentifier({ name, quote }: Identifier): string {
  return quote === undefined ? name : `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** Writes a string literal. */
export function printString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Writes a value; this is also the name of a result column without an alias. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'aggregate':
      return printAggregate(expression);
    case 'binary': {
      const operator = expression.operator === 'DIV' ? ' DIV ' : expression.operator;
      return `${printExpression(expression.left)}${operator}${printExpression(expression.right)}`;
    }
    case 'boolean':
      return expression.value ? 'TRUE' : 'FALSE';
    case 'call':
      return expression.bare === true
        ? expression.name
        : `${expression.name}(${expression.args.map(printExpression).join(',')})`;
    case 'case':
      return printCase(expression);
    case 'cast': {
      const target = expression.target.type ?? expression.target.columnId;
      return `CAST(${printExpression(expression.operand)} AS ${target})`;
    }
    case 'column': {
      const column = printIdentifier(expression.column);
      return expression.table === undefined
        ? column
        : `${printIdentifier(expression.table)}.${column}`;
    }
    case 'interval':
      return `INTERVAL ${printExpression(expression.count)} ${expression.unit}`;
    case 'null':
      return 'NULL';
    case 'number':
      return expression.text;
    case 'parentheses':
      return `(${printExpression(expression.inner)})`;
    case 'sign':
      return `${expression.sign}${printExpression(expression.operand)}`;
    case 'string':
      return printString(expression.value);
    case 'unnest':
      return `UNNEST(${printExpression(expression.column)})`;
  }
}

function printAggregate(expression: AggregateExpression): string {
  if (expression.operand === undefined) {
    return `${expression.name}(*)`;
  }
  const parts: string[] = [];
  if (expression.quantifier !== undefined) {
    parts.push(expression.quantifier);
  }
  parts.push(printExpression(expression.operand));
  if (expression.orderBy !== undefined) {
    parts.push('ORDER BY', printSortItems(expression.orderBy));
  }
  if (expression.separator !== undefined) {
    parts.push('SEPARATOR', printString(expression.separator));
  }
  return `${expression.name}(${parts.join(' ')})`;
}

function printCase({ operand, branches, otherwise }: CaseExpression): string {
  const parts = ['CASE'];
  if (operand !== undefined) {
    parts.push(printExpression(operand));
  }
  for (const { when, then } of branches) {
    const test =
      when.condition === undefined ? printExpression(when.value) : printCondition(when.condition);
    parts.push('WHEN', test, 'THEN', printExpression(then));
  }
  if (otherwise !== undefined) {
    parts.push('ELSE', printExpression(otherwise));
  }
  return [...parts, 'END'].join(' ');
}

/** Writes a condition. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
      return condition.items.map(printCondition).join(' AND ');
    case 'or':
      return condition.items.map(printCondition).join(' OR ');
    case 'not':
      return `NOT ${printCondition(condition.inner)}`;
    case 'group':
      return `( ${printCondition(condition.inner)} )`;
    case 'textMatches':
      return `TEXT_MATCHES(${printString(condition.search)})`;
    case 'float':
      return `${condition.test}(${printExpression(condition.column)})`;
    case 'comparison':
      return `${printExpression(condition.left)} ${condition.operator} ${printExpression(condition.right)}`;
    case 'is': {
      const not = condition.negated ? 'NOT ' : '';
      return `${printExpression(condition.left)} IS ${not}${condition.value}`;
    }
    case 'between': {
      const range = `${printExpression(condition.low)} AND ${printExpression(condition.high)}`;
      return `${printSubject(condition)} BETWEEN ${range}`;
    }
    case 'like': {
      const pattern = printExpression(condition.pattern);
      return `${printSubject(condition)} LIKE ${pattern}${printEscape(condition.escape)}`;
    }
    case 'in':
      return `${printSubject(condition)} IN ${printValues(condition)}`;
    case 'has':
      return `${printSubject(condition)} HAS ${printValues(condition)}`;
    case 'hasLike':
      return `${printSubject(condition)} HAS_LIKE ${printValues(condition)}${printEscape(condition.escape)}`;
  }
}

function printSubject({ left, negated }: { left: Expression; negated: boolean }): string {
  return negated ? `${printExpression(left)} NOT` : printExpression(left);
}

function printValues({ values }: HasCondition | InCondition): string {
  return `( ${values.map(printExpression).join(', ')} )`;
}

function printEscape(escape: string | undefined): string {
  return escape === undefined ? '' : ` ESCAPE ${printString(escape)}`;
}
