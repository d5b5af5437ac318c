import { elementType, type ColumnType } from './columnTypes.js';
import { aggregateFunctions, scalarFunctions } from './functionNames.js';
import { namedColumns, operandsOf } from './selectFacts.js';
import { SqlError } from './sqlError.js';
import type {
  AggregateExpression,
  CallExpression,
  CastExpression,
  Expression,
  LiteralExpression,
  UnnestExpression,
} from './tree.js';

/** Functions that the grammar counts as forms of `CASE`, which have no type of their own. */
const abbreviations: ReadonlySet<string> = new Set(['NULLIF', 'COALESCE']);

/** The part of an expression that determines its column type. */
export interface TypeSource {
  /** The first `CAST`: it alone determines the type. */
  readonly cast?: CastExpression;
  /** The first function. */
  readonly returns?: AggregateExpression | CallExpression | UnnestExpression;
  /** Whether the first name or constant is quoted. Absent for SQL without names and constants. */
  readonly isQuoted?: boolean;
  /** Whether that is a constant. */
  readonly isConstant: boolean;
}

/**
 * Finds what determines the type of a result column. The service looks at the first elements of an
 * expression from left to right, and not at its value.
 */
export function typeSource(expression: Expression): TypeSource {
  const cast = firstCast(expression);
  const returns = firstFunction(expression);
  const primary = firstPrimary(expression);
  const reference = primary === undefined ? undefined : firstReference(primary);
  return {
    ...(cast !== undefined && { cast }),
    ...(returns !== undefined && { returns }),
    ...(reference !== undefined && { isQuoted: isQuoted(reference) }),
    isConstant: reference !== undefined && reference.kind !== 'column',
  };
}

/** The type of a result column whose first column has a type. @throws SqlError for a bad `UNNEST` */
export function typeOf(
  { returns, isQuoted: quoted }: TypeSource,
  columnType: ColumnType | undefined,
): ColumnType {
  const base = columnType ?? (quoted === true ? 'STRING' : 'DOUBLE');
  if (returns === undefined) {
    return base;
  }
  if (returns.kind === 'unnest') {
    const element = elementType(base);
    if (element === undefined) {
      throw new SqlError(`${base} is not a list ColumnType`);
    }
    return element;
  }
  const type =
    returns.kind === 'aggregate'
      ? aggregateFunctions.get(returns.name)
      : scalarFunctions.get(returns.name)?.result;
  return type === undefined || type === 'argument' ? base : type;
}

/** The elements of an expression from left to right, each before its operands. */
function* elementsOf(expression: Expression): IterableIterator<Expression> {
  yield expression;
  for (const operand of operandsOf(expression)) {
    yield* elementsOf(operand);
  }
}

/** A `CAST` inside of another comes first. */
function firstCast(expression: Expression): CastExpression | undefined {
  for (const operand of operandsOf(expression)) {
    const cast = firstCast(operand);
    if (cast !== undefined) return cast;
  }
  return expression.kind === 'cast' ? expression : undefined;
}

function firstFunction(expression: Expression): TypeSource['returns'] {
  for (const element of elementsOf(expression)) {
    if (element.kind === 'aggregate' || element.kind === 'unnest') return element;
    if (element.kind === 'call' && !abbreviations.has(element.name)) return element;
  }
  return undefined;
}

/** The first part that is not a function of one row: functions are searched for their arguments. */
function firstPrimary(expression: Expression): Expression | undefined {
  const isSearched =
    expression.kind === 'binary' ||
    expression.kind === 'sign' ||
    (expression.kind === 'call' && !abbreviations.has(expression.name));
  if (!isSearched) {
    return expression;
  }
  for (const operand of operandsOf(expression)) {
    const primary = firstPrimary(operand);
    if (primary !== undefined) return primary;
  }
  return undefined;
}

type Reference = Expression & { readonly kind: LiteralExpression['kind'] | 'column' | 'interval' };

/** The first column or constant, of the first aggregate function if there is one. */
function firstReference(primary: Expression): Reference | undefined {
  const elements = [...elementsOf(primary)];
  const aggregate = elements.find(({ kind }) => kind === 'aggregate');
  const searched = aggregate === undefined ? elements : [...elementsOf(aggregate)];
  return searched.find(isReference);
}

function isReference(expression: Expression): expression is Reference {
  const { kind } = expression;
  return kind === 'column' || kind === 'number' || kind === 'string' || kind === 'interval';
}

function isQuoted(reference: Reference): boolean {
  const [column] = namedColumns(reference);
  return column === undefined
    ? reference.kind === 'string'
    : [column.table, column.column].some((name) => name?.quote !== undefined);
}
