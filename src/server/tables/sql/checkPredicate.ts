import { scalarFunctions } from './functionNames.js';
import { printExpression } from './printSql.js';
import { isSystemName } from './scope.js';
import { namedColumns, operandsOf } from './selectFacts.js';
import { SqlError } from './sqlError.js';
import type { Translation } from './translation.js';
import type { ColumnExpression, Condition, Expression, PredicateSubject } from './tree.js';

/**
 * Checks the columns and constants of a predicate of `WHERE` or `ON`.
 *
 * @throws SqlError for a column that does not exist, or constants without a type
 */
export function checkPredicate(context: Translation, condition: Condition): void {
  const sides = sidesOf(condition);
  if (sides === undefined) {
    return;
  }
  checkSides(context, sides.left, sides.right, condition.kind === 'comparison');
  if (condition.kind === 'like' && !holdsConstant(condition.pattern)) {
    throw new SqlError('element is required.');
  }
}

/** What a predicate compares; `undefined` for one without a left side. */
function sidesOf(
  condition: Condition,
): { readonly left: PredicateSubject; readonly right: readonly Expression[] } | undefined {
  switch (condition.kind) {
    case 'comparison':
      return { left: condition.left, right: [condition.right] };
    case 'between':
      return { left: condition.left, right: [condition.low, condition.high] };
    case 'in':
    case 'has':
    case 'hasLike':
      return { left: condition.left, right: condition.values };
    case 'is':
      return { left: condition.left, right: [] };
    case 'like':
      return { left: condition.left, right: [condition.pattern] };
    default:
      return undefined;
  }
}

function checkSides(
  context: Translation,
  left: PredicateSubject,
  right: readonly Expression[],
  withColumn: boolean,
): void {
  if (left.kind === 'column') {
    requireColumn(context, left);
  }
  const [column] = withColumn ? right.flatMap(namedColumns) : [];
  if (column !== undefined) {
    requireColumn(context, column);
  }
  // The constants have the type of the left side, and this function has none of its own.
  const hasNoType = left.kind === 'call' && scalarFunctions.get(left.name)?.result === 'argument';
  if (hasNoType && right.some(holdsConstant)) {
    throw new SqlError('type is required.');
  }
}

function requireColumn({ scope }: Translation, column: ColumnExpression): void {
  if (scope.find(column) === undefined && !isSystemName(column.column.name)) {
    throw new SqlError(`Column does not exist: ${printExpression(column, false)}`);
  }
}

function holdsConstant(expression: Expression): boolean {
  const { kind } = expression;
  return (
    kind === 'number' ||
    kind === 'string' ||
    kind === 'interval' ||
    operandsOf(expression).some(holdsConstant)
  );
}
