import type {
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

function holdsAggregate(expression: Expression): boolean {
  switch (expression.kind) {
    case 'aggregate':
      return true;
    case 'binary':
      return holdsAggregate(expression.left) || holdsAggregate(expression.right);
    case 'call':
      return expression.args.some(holdsAggregate);
    case 'case': {
      const parts = expression.branches.flatMap(({ when, then }) =>
        when.value === undefined ? [then] : [when.value, then],
      );
      const rest = [expression.operand, expression.otherwise].filter((part) => part !== undefined);
      const conditions = expression.branches.flatMap(({ when }) =>
        when.condition === undefined ? [] : [when.condition],
      );
      return [...parts, ...rest].some(holdsAggregate) || conditions.some(conditionHoldsAggregate);
    }
    case 'cast':
    case 'sign':
      return holdsAggregate(expression.operand);
    case 'interval':
      return holdsAggregate(expression.count);
    case 'parentheses':
      return holdsAggregate(expression.inner);
    default:
      return false;
  }
}

function conditionHoldsAggregate(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.items.some(conditionHoldsAggregate);
    case 'group':
    case 'not':
      return conditionHoldsAggregate(condition.inner);
    case 'comparison':
      return holdsAggregate(condition.left) || holdsAggregate(condition.right);
    case 'between':
      return [condition.left, condition.low, condition.high].some(holdsAggregate);
    case 'in':
    case 'has':
    case 'hasLike':
      return [condition.left, ...condition.values].some(holdsAggregate);
    case 'like':
      return holdsAggregate(condition.left) || holdsAggregate(condition.pattern);
    case 'is':
      return holdsAggregate(condition.left);
    default:
      return false;
  }
}

/** Names of the tables of a `FROM` clause, from left to right. */
export function tableNames(reference: TableReference): string[] {
  return reference.kind === 'join'
    ? [...tableNames(reference.left), reference.right.name]
    : [reference.name];
}

/** Every select of a statement, those of its common table first. */
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
