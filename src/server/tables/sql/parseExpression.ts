import { columnTypeNamed, columnTypes } from './columnTypes.js';
import {
  aggregateFunctions,
  bareFunctions,
  intervalUnits,
  scalarFunctions,
} from './functionNames.js';
import { parseCondition } from './parseCondition.js';
import { SqlError } from './sqlError.js';
import { nestingLevels, type TokenStream } from './tokenStream.js';
import type {
  AggregateExpression,
  BinaryOperator,
  CallExpression,
  CaseBranch,
  CaseExpression,
  CastExpression,
  ColumnExpression,
  Expression,
  Identifier,
  LiteralExpression,
  SortItem,
  UnnestExpression,
} from './tree.js';

/** Maximum length of a string literal that the service accepts. */
const maxLiteralLength = 1000;

/** A value: sums of products of primaries. */
export function parseExpression(stream: TokenStream): Expression {
  return parseChain(stream, ['+', '-'], parseTerm);
}

function parseTerm(stream: TokenStream): Expression {
  return parseChain(stream, ['*', '/', '%', 'DIV'], parsePrimary);
}

function parseChain(
  stream: TokenStream,
  operators: readonly BinaryOperator[],
  parseOperand: (stream: TokenStream) => Expression,
): Expression {
  const first = parseOperand(stream);
  const links: { operator: BinaryOperator; right: Expression }[] = [];
  for (;;) {
    const operator = operators.find((candidate) =>
      candidate === 'DIV' ? stream.isWord('DIV') : stream.isSymbol(candidate),
    );
    if (operator === undefined) {
      return links.reduce<Expression>((left, link) => ({ kind: 'binary', left, ...link }), first);
    }
    stream.take();
    const right = stream.nested(links.length + 1, () => parseOperand(stream));
    links.push({ operator, right });
  }
}

function parsePrimary(stream: TokenStream): Expression {
  const sign = stream.takeSymbol('-', '+');
  if (sign === '-' || sign === '+') {
    return { kind: 'sign', sign, operand: parseUnsigned(stream) };
  }
  return parseUnsigned(stream);
}

function parseUnsigned(stream: TokenStream): Expression {
  return stream.nested(nestingLevels, () => parseInner(stream));
}

function parseInner(stream: TokenStream): Expression {
  if (stream.takeSymbol('(') !== undefined) {
    const inner = parseExpression(stream);
    stream.expectSymbol(')');
    return { kind: 'parentheses', inner };
  }
  if (stream.takeWord('CASE') !== undefined) {
    return parseCase(stream);
  }
  if (stream.takeWord('INTERVAL') !== undefined) {
    const count = parsePrimary(stream);
    return { kind: 'interval', count, unit: stream.expectWord(...intervalUnits) };
  }
  return parseLiteral(stream) ?? parseCallLike(stream) ?? parseColumnIfAny(stream) ?? stream.fail();
}

function parseLiteral(stream: TokenStream): LiteralExpression | undefined {
  const number = stream.takeKind('integer', 'decimal', 'double');
  if (number !== undefined) {
    return { kind: 'number', text: number.text, exact: number.kind !== 'double' };
  }
  if (stream.isKind('string')) {
    return { kind: 'string', value: parseString(stream) };
  }
  const word = stream.takeWord('TRUE', 'FALSE', 'NULL');
  if (word === undefined) {
    return undefined;
  }
  return word === 'NULL' ? { kind: 'null' } : { kind: 'boolean', value: word === 'TRUE' };
}

/** A string literal. */
export function parseString(stream: TokenStream): string {
  const { value } = stream.expectKind('string');
  if (value.length > maxLiteralLength) {
    throw new SqlError(
      `String literal exceeds the maximum allowed size of ${maxLiteralLength} characters.`,
    );
  }
  return value;
}

/**
 * A function, aggregate, `CAST` or `UNNEST`; `undefined` when there is none at the current
 * position.
 */
export function parseCallLike(
  stream: TokenStream,
): AggregateExpression | CallExpression | CastExpression | UnnestExpression | undefined {
  if (stream.takeKind('countStar') !== undefined) {
    return { kind: 'aggregate', name: 'COUNT' };
  }
  if (stream.takeWord('CAST') !== undefined) {
    return parseCast(stream);
  }
  if (stream.isCallOfWord('UNNEST')) {
    stream.take();
    stream.expectSymbol('(');
    const column = parseColumn(stream);
    stream.expectSymbol(')');
    return { kind: 'unnest', column };
  }
  if (stream.isCallOf(aggregateFunctions)) {
    return parseAggregate(stream);
  }
  if (stream.isCallOf(scalarFunctions)) {
    return parseCall(stream);
  }
  if (stream.current.kind === 'word' && bareFunctions.has(stream.current.value)) {
    return { kind: 'call', name: stream.take().value, args: [], bare: true };
  }
  return undefined;
}

function parseCall(stream: TokenStream): CallExpression {
  const name = stream.take().value;
  stream.expectSymbol('(');
  const args: Expression[] = [];
  if (!stream.isSymbol(')')) {
    do {
      args.push(parseExpression(stream));
    } while (stream.takeSymbol(',') !== undefined);
  }
  stream.expectSymbol(')');
  const known = scalarFunctions.get(name);
  if (known !== undefined && (args.length < known.minArgs || args.length > known.maxArgs)) {
    throw new SqlError(`Incorrect parameter count in the call to native function '${name}'`);
  }
  return { kind: 'call', name, args };
}

function parseAggregate(stream: TokenStream): AggregateExpression {
  const name = stream.take().value;
  stream.expectSymbol('(');
  const quantifier = parseQuantifier(stream);
  const operand = parseExpression(stream);
  let orderBy: SortItem[] | undefined;
  let separator: string | undefined;
  if (name === 'GROUP_CONCAT') {
    orderBy = stream.takeWord('ORDER BY') === undefined ? undefined : parseSortItems(stream);
    separator = stream.takeWord('SEPARATOR') === undefined ? undefined : parseString(stream);
  }
  stream.expectSymbol(')');
  return {
    kind: 'aggregate',
    name,
    quantifier,
    operand,
    orderBy,
    separator,
  };
}

/** `ALL` or `DISTINCT`, if present at the current position. */
export function parseQuantifier(stream: TokenStream): 'ALL' | 'DISTINCT' | undefined {
  const word = stream.takeWord('DISTINCT', 'ALL');
  return word === 'ALL' || word === 'DISTINCT' ? word : undefined;
}

/** The items of an `ORDER BY`. */
export function parseSortItems(stream: TokenStream): SortItem[] {
  const items: SortItem[] = [];
  do {
    const expression = parseExpression(stream);
    const direction = stream.takeWord('ASC', 'DESC');
    items.push(
      direction === 'ASC' || direction === 'DESC' ? { expression, direction } : { expression },
    );
  } while (stream.takeSymbol(',') !== undefined);
  return items;
}

function parseCast(stream: TokenStream): CastExpression {
  stream.expectSymbol('(');
  const operand = parseExpression(stream);
  stream.expectWord('AS');
  const columnId = stream.takeKind('integer');
  const type = columnTypeNamed(stream.current.value);
  let target: CastExpression['target'];
  if (columnId !== undefined) {
    target = { columnId: columnId.text };
  } else if (type !== undefined && stream.isWord(...columnTypes)) {
    stream.take();
    target = { type };
  } else {
    stream.isWord(...columnTypes);
    return stream.fail();
  }
  stream.expectSymbol(')');
  return { kind: 'cast', operand, target };
}

function parseCase(stream: TokenStream): CaseExpression {
  const operand = stream.isWord('WHEN') ? undefined : parseExpression(stream);
  const branches: CaseBranch[] = [];
  stream.expectWord('WHEN');
  do {
    const when =
      operand === undefined
        ? { condition: parseCondition(stream) }
        : { value: parseExpression(stream) };
    stream.expectWord('THEN');
    branches.push({ when, then: parseExpression(stream) });
  } while (stream.takeWord('WHEN') !== undefined);
  const otherwise = stream.takeWord('ELSE') === undefined ? undefined : parseExpression(stream);
  stream.expectWord('END');
  return {
    kind: 'case',
    operand,
    branches,
    otherwise,
  };
}

function parseColumnIfAny(stream: TokenStream): ColumnExpression | undefined {
  return stream.isIdentifier() ? parseColumn(stream) : undefined;
}

/** A column, with or without the table before it. */
export function parseColumn(stream: TokenStream): ColumnExpression {
  const versioned = stream.takeKind('entityId');
  const first: Identifier =
    versioned === undefined ? parseIdentifier(stream) : { name: versioned.text };
  if (stream.takeSymbol('.') === undefined) {
    return versioned?.value.includes('.') === true
      ? stream.fail()
      : { kind: 'column', column: first };
  }
  return { kind: 'column', table: first, column: parseIdentifier(stream) };
}

/** A plain or delimited name. */
export function parseIdentifier(stream: TokenStream): Identifier {
  if (!stream.isIdentifier()) {
    return stream.fail();
  }
  const token = stream.take();
  switch (token.kind) {
    case 'quoted':
      return { name: token.value, quote: '"' };
    case 'backtick':
      return { name: token.value, quote: '`' };
    default:
      return { name: token.text };
  }
}
