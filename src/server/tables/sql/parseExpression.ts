import { columnTypeNamed } from './columnTypes.js';
import { aggregateFunctions, intervalUnits, scalarFunctions } from './functionNames.js';
import { parseLong } from './numberText.js';
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

/** The functions that the grammar counts as forms of `CASE`. */
const abbreviations: ReadonlyMap<string, boolean> = new Map([
  ['NULLIF', true],
  ['COALESCE', true],
]);

/** The functions that may be the left side of a predicate. */
const callableFunctions: ReadonlyMap<string, unknown> = new Map(
  [...scalarFunctions].filter(([name]) => !abbreviations.has(name) && name !== 'CURRENT_USER'),
);

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
  return (
    parseValuePrimary(stream) ?? parseFunction(stream) ?? parseCurrentUser(stream) ?? stream.fail()
  );
}

/** A value that is not a function of one row; `undefined` when there is none. */
function parseValuePrimary(stream: TokenStream): Expression | undefined {
  if (stream.takeWord('NULL') !== undefined) {
    return { kind: 'null' };
  }
  if (stream.takeSymbol('(') !== undefined) {
    const inner = parseExpression(stream);
    stream.expectSymbol(')');
    return { kind: 'parentheses', inner };
  }
  if (stream.takeWord('CASE') !== undefined) {
    return parseCase(stream);
  }
  if (stream.takeWord('INTERVAL') !== undefined) {
    const count = parseWhole(stream);
    return { kind: 'interval', count, unit: stream.expectWord(...intervalUnits) };
  }
  return (
    parseAggregate(stream) ??
    parseUnnest(stream) ??
    parseColumnIfAny(stream) ??
    parseLiteral(stream) ??
    parseAbbreviation(stream) ??
    parseCast(stream)
  );
}

/** The pattern of `LIKE` and the character after `ESCAPE`. */
export function parsePattern(stream: TokenStream): Expression {
  return stream.nested(nestingLevels, () => parseValuePrimary(stream)) ?? stream.fail();
}

function parseLiteral(stream: TokenStream): LiteralExpression | undefined {
  if (stream.isKind('integer')) {
    return parseWhole(stream);
  }
  const number = stream.takeKind('decimal', 'double');
  if (number !== undefined) {
    return { kind: 'number', text: number.text, exact: number.kind !== 'double' };
  }
  return stream.isKind('string') ? { kind: 'string', value: parseString(stream) } : undefined;
}

/** A whole number without a sign. @throws SqlError for one of more than 64 bits */
function parseWhole(stream: TokenStream): LiteralExpression {
  return { kind: 'number', text: wholeNumber(stream), exact: true };
}

/** The digits of a whole number. @throws SqlError for one of more than 64 bits */
export function wholeNumber(stream: TokenStream): string {
  const { text } = stream.expectKind('integer');
  if (parseLong(text) === undefined) {
    throw new SqlError(`For input string: "${text}"`);
  }
  return String(BigInt(text));
}

/** A string literal. */
export function parseString(stream: TokenStream): string {
  const { value } = stream.expectKind('string');
  if (value.length > maxLiteralLength) {
    throw new SqlError(`String exceeds maximum allowed size: ${maxLiteralLength}`);
  }
  return value;
}

/** A function of one row; `undefined` when there is none. */
export function parseFunction(stream: TokenStream): CallExpression | undefined {
  const name = stream.takeName(callableFunctions);
  if (name === undefined) {
    return undefined;
  }
  if (stream.takeSymbol('(') === undefined) {
    return { kind: 'call', name, args: [], bare: true };
  }
  const args = stream.isSymbol(')') ? [] : parseExpressions(stream);
  stream.expectSymbol(')');
  const known = scalarFunctions.get(name);
  if (known !== undefined && (args.length < known.minArgs || args.length > known.maxArgs)) {
    throw new SqlError(`Incorrect parameter count in the call to native function '${name}'`);
  }
  return { kind: 'call', name, args };
}

/** `NULLIF` or `COALESCE`, which the grammar counts as forms of `CASE`. */
function parseAbbreviation(stream: TokenStream): CallExpression | undefined {
  const name = stream.takeName(abbreviations);
  if (name === undefined) {
    return undefined;
  }
  stream.expectSymbol('(');
  const first = parseExpression(stream);
  stream.expectSymbol(',');
  const args = [first, ...parseExpressions(stream)];
  stream.expectSymbol(')');
  if (name === 'NULLIF' && args.length !== 2) {
    throw new SqlError(`Incorrect parameter count in the call to native function '${name}'`);
  }
  return { kind: 'call', name, args };
}

function parseCurrentUser(stream: TokenStream): CallExpression | undefined {
  if (stream.takeWord('CURRENT_USER') === undefined) {
    return undefined;
  }
  stream.expectSymbol('(');
  stream.expectSymbol(')');
  return { kind: 'call', name: 'CURRENT_USER', args: [] };
}

function parseUnnest(stream: TokenStream): UnnestExpression | undefined {
  if (stream.takeWord('UNNEST') === undefined) {
    return undefined;
  }
  stream.expectSymbol('(');
  const column = parseColumn(stream);
  stream.expectSymbol(')');
  return { kind: 'unnest', column };
}

/** Values with commas between them. */
export function parseExpressions(stream: TokenStream): [Expression, ...Expression[]] {
  const expressions: [Expression, ...Expression[]] = [parseExpression(stream)];
  while (stream.takeSymbol(',') !== undefined) {
    expressions.push(parseExpression(stream));
  }
  return expressions;
}

function parseAggregate(stream: TokenStream): AggregateExpression | undefined {
  if (stream.takeKind('countStar') !== undefined) {
    return { kind: 'aggregate', name: 'COUNT' };
  }
  const name = stream.takeName(aggregateFunctions);
  if (name === undefined) {
    return undefined;
  }
  stream.expectSymbol('(');
  const quantifier = parseQuantifier(stream);
  const [operand, ...others] = parseExpressions(stream);
  const orderBy = stream.takeWord('ORDER BY') === undefined ? undefined : parseSortItems(stream);
  const separator = stream.takeWord('SEPARATOR') === undefined ? undefined : parseString(stream);
  stream.expectSymbol(')');
  return {
    kind: 'aggregate',
    name,
    quantifier,
    operand,
    ...(others.length > 0 && { others }),
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

/** Reads a `CAST`, or returns `undefined` when the next word is another one. */
export function parseCast(stream: TokenStream): CastExpression | undefined {
  if (stream.takeWord('CAST') === undefined) {
    return undefined;
  }
  stream.expectSymbol('(');
  const operand = parseExpression(stream);
  stream.expectWord('AS');
  const target = parseCastTarget(stream);
  stream.expectSymbol(')');
  return { kind: 'cast', operand, target };
}

function parseCastTarget(stream: TokenStream): CastExpression['target'] {
  if (stream.isKind('integer')) {
    return { columnId: wholeNumber(stream) };
  }
  if (!stream.isTypeName()) {
    return stream.fail();
  }
  const { value } = stream.take();
  const type = columnTypeNamed(value);
  if (type === undefined) {
    throw new SqlError(`No enum constant org.sagebionetworks.repo.model.table.ColumnType.${value}`);
  }
  return { type };
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
  const first = parseIdentifier(stream);
  return stream.takeSymbol('.') === undefined
    ? { kind: 'column', column: first }
    : { kind: 'column', table: first, column: parseIdentifier(stream) };
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
    case 'entityId':
      return { name: token.value };
    default:
      return { name: token.text };
  }
}
