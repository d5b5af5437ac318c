import type {
  ColumnExpression,
  Condition,
  Expression,
  Query,
  Select,
  SelectItem,
  Statement,
  TableReference,
} from './tree.js';

/** Whether a select list holds an aggregate function. */
export function isAggregate(list: '*' | readonly SelectItem[]): boolean {
  return list !== '*' && list.some(({ expression }) => holdsAggregate(expression));
}

/** Whether each row of the result is a row of the table: no grouping, no `DISTINCT`, no aggregate. */
export function selectsRows(select: Select): boolean {
  return (
    select.groupBy === undefined && select.quantifier !== 'DISTINCT' && !isAggregate(select.list)
  );
}

/** Whether an expression holds an aggregate function. */
export function holdsAggregate(expression: Expression): boolean {
  return expression.kind === 'aggregate' || operandsOf(expression).some(holdsAggregate);
}

/** The columns that an expression names, from left to right. */
export function namedColumns(expression: Expression): ColumnExpression[] {
  return expression.kind === 'column'
    ? [expression]
    : operandsOf(expression).flatMap((operand) => namedColumns(operand));
}

/** The direct subexpressions of an expression. */
export function operandsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'aggregate': {
      const { operand, others = [], orderBy = [] } = expression;
      const sorted = orderBy.map((item) => item.expression);
      return operand === undefined ? sorted : [operand, ...others, ...sorted];
    }
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return [...expression.args];
    case 'case': {
      const { operand, branches, otherwise } = expression;
      const parts = branches.flatMap(({ when, then }) =>
        when.value === undefined
          ? [...conditionOperands(when.condition), then]
          : [when.value, then],
      );
      return [operand, ...parts, otherwise].filter((part) => part !== undefined);
    }
    case 'cast':
    case 'sign':
      return [expression.operand];
    case 'interval':
      return [expression.count];
    case 'parentheses':
      return [expression.inner];
    case 'unnest':
      return [expression.column];
    default:
      return [];
  }
}

export function conditionOperands(condition: Condition): Expression[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.items.flatMap(conditionOperands);
    case 'group':
    case 'not':
    case 'truth':
      return conditionOperands(condition.inner);
    case 'comparison':
      return [condition.left, condition.right];
    case 'between':
      return [condition.left, condition.low, condition.high];
    case 'in':
    case 'has':
    case 'hasLike':
      return [condition.left, ...condition.values];
    case 'like':
      return [condition.left, condition.pattern];
    case 'is':
      return [condition.left];
    case 'float':
      return [condition.column];
    case 'textMatches':
      return [];
  }
}

/** Names of the tables of a `FROM` clause, from left to right. */
export function tableNames(reference: TableReference): string[] {
  return reference.kind === 'join'
    ? [...tableNames(reference.left), reference.right.name]
    : [reference.name];
}

/** All selects of a statement, first those of its common table. */
export function selectsOf(statement: Statement): Select[] {
  const ofQuery = (query: Query): Select[] => [
    query.first,
    ...query.unions.map(({ select }) => select),
  ];
  const common = statement.with === undefined ? [] : ofQuery(statement.with.query);
  return [...common, ...ofQuery(statement.query)];
}

/** Names of the tables outside of a statement that it reads, each once. */
export function sourceTables(statement: Statement): string[] {
  const names = selectsOf(statement).flatMap(({ from }) => tableNames(from));
  return [...new Set(names)].filter((name) => name !== statement.with?.name);
}
