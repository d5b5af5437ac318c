import { printExpression } from './printSql.js';
import { isAggregate } from './selectFacts.js';
import type { Expression, Select, SelectItem } from './tree.js';

/** The parts of a select that differ when its rows are counted. */
type Counted = Pick<Select, 'groupBy' | 'limit' | 'list' | 'offset' | 'orderBy' | 'quantifier'>;

/**
 * The count of the rows of a select, as the service counts them: groups and distinct rows are
 * counted without those that hold a null. `undefined` for aggregates without groups, which have one
 * row.
 */
export function countSelect(select: Select): Counted | undefined {
  const counted = countedExpressions(select);
  if (counted === undefined) {
    return undefined;
  }
  const [operand, ...others] = counted;
  const expression: Expression =
    operand === undefined
      ? { kind: 'aggregate', name: 'COUNT' }
      : { kind: 'aggregate', name: 'COUNT', quantifier: 'DISTINCT', operand, others };
  return {
    list: [{ expression }],
    quantifier: undefined,
    groupBy: undefined,
    orderBy: undefined,
    limit: undefined,
    offset: undefined,
  };
}

/** What is distinct in each counted row; empty when every row counts. */
function countedExpressions({ groupBy, list, quantifier }: Select): Expression[] | undefined {
  if (groupBy !== undefined) {
    const items = list === '*' ? [] : list;
    return groupBy.map((expression) => aliasedExpression(expression, items));
  }
  if (quantifier === 'DISTINCT') {
    return list === '*' ? [] : list.map(({ expression }) => expression);
  }
  return isAggregate(list) ? undefined : [];
}

function aliasedExpression(expression: Expression, items: readonly SelectItem[]): Expression {
  const text = printExpression(expression, false);
  return items.find(({ alias }) => alias?.name === text)?.expression ?? expression;
}
