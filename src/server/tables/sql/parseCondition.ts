import {
  parseCast,
  parseColumn,
  parseExpression,
  parseExpressions,
  parseFunction,
  parsePattern,
  parseString,
} from './parseExpression.js';
import { SqlError } from './sqlError.js';
import { nestingLevels, type TokenStream } from './tokenStream.js';
import type { ComparisonOperator, Condition, Expression, PredicateSubject } from './tree.js';

const comparisonOperators: readonly ComparisonOperator[] = ['=', '<>', '<', '<=', '>', '>='];
const truthValues = ['TRUE', 'FALSE', 'UNKNOWN'] as const;

/** Predicates connected by `OR`, `AND`, `NOT` and parentheses. */
export function parseCondition(stream: TokenStream): Condition {
  return parseConnected(stream, 'OR', (inner) => parseConnected(inner, 'AND', parseFactor));
}

function parseConnected(
  stream: TokenStream,
  word: 'AND' | 'OR',
  parseItem: (stream: TokenStream) => Condition,
): Condition {
  const first = parseItem(stream);
  const items = [first];
  while (stream.takeWord(word) !== undefined) {
    items.push(parseItem(stream));
  }
  return items.length === 1 ? first : { kind: word === 'OR' ? 'or' : 'and', items };
}

function parseFactor(stream: TokenStream): Condition {
  return stream.takeWord('NOT') === undefined
    ? parseTruthTest(stream)
    : { kind: 'not', inner: parseTruthTest(stream) };
}

/** A predicate, with or without a test of its truth: `(a = 1) IS NOT TRUE`. */
function parseTruthTest(stream: TokenStream): Condition {
  const inner = parsePredicate(stream);
  if (stream.takeWord('IS') === undefined) {
    return inner;
  }
  const negated = stream.takeWord('NOT') !== undefined;
  return { kind: 'truth', inner, negated, value: takeTruthValue(stream) ?? stream.fail() };
}

function takeTruthValue(stream: TokenStream): (typeof truthValues)[number] | undefined {
  const word = stream.takeWord(...truthValues);
  return truthValues.find((value) => value === word);
}

function parsePredicate(stream: TokenStream): Condition {
  if (stream.takeSymbol('(') !== undefined) {
    const inner = stream.nested(nestingLevels, () => parseCondition(stream));
    stream.expectSymbol(')');
    return { kind: 'group', inner };
  }
  if (stream.takeWord('TEXT_MATCHES') !== undefined) {
    stream.expectSymbol('(');
    const search = parseString(stream);
    stream.expectSymbol(')');
    return { kind: 'textMatches', search };
  }
  const test = stream.takeWord('ISNAN', 'ISINFINITY');
  if (test !== undefined) {
    stream.expectSymbol('(');
    const column = parseColumn(stream);
    stream.expectSymbol(')');
    return { kind: 'float', test: test === 'ISNAN' ? 'ISNAN' : 'ISINFINITY', column };
  }
  return parseTest(stream, parseFunction(stream) ?? parseCast(stream) ?? parseColumn(stream));
}

/** The right side of a comparison: a value, or a word that is allowed only there. */
function parseOperand(stream: TokenStream): Expression {
  const truth = takeTruthValue(stream);
  if (truth === 'TRUE' || truth === 'FALSE') {
    return { kind: 'boolean', value: truth === 'TRUE' };
  }
  const word = truth ?? stream.takeWord('DEFAULT');
  return word === undefined
    ? parseExpression(stream)
    : { kind: 'call', name: word, args: [], bare: true };
}

function parseTest(stream: TokenStream, left: PredicateSubject): Condition {
  const operator = comparisonOperators.find((candidate) => stream.isSymbol(candidate));
  if (operator !== undefined) {
    stream.take();
    return { kind: 'comparison', left, operator, right: parseOperand(stream) };
  }
  if (stream.takeWord('IS') !== undefined) {
    const negated = stream.takeWord('NOT') !== undefined;
    const value = takeTruthValue(stream);
    if (value === undefined) {
      stream.expectWord('NULL');
    }
    return { kind: 'is', left, negated, value: value ?? 'NULL' };
  }
  const negated = stream.takeWord('NOT') !== undefined;
  switch (stream.expectWord('BETWEEN', 'IN', 'LIKE', 'HAS', 'HAS_LIKE')) {
    case 'BETWEEN': {
      const low = parseOperand(stream);
      stream.expectWord('AND');
      return { kind: 'between', left, negated, low, high: parseOperand(stream) };
    }
    case 'IN':
      return { kind: 'in', left, negated, values: parseValues(stream) };
    case 'LIKE': {
      const pattern = parsePattern(stream);
      return { kind: 'like', left, negated, pattern, ...parseEscape(stream) };
    }
    case 'HAS':
      return { kind: 'has', left, negated, values: parseValues(stream) };
    default:
      return {
        kind: 'hasLike',
        left,
        negated,
        values: parseValues(stream),
        ...parseEscape(stream),
      };
  }
}

function parseValues(stream: TokenStream): Expression[] {
  stream.expectSymbol('(');
  const values = parseExpressions(stream);
  stream.expectSymbol(')');
  return values;
}

function parseEscape(stream: TokenStream): { escape?: string } {
  if (stream.takeWord('ESCAPE') === undefined) {
    return {};
  }
  const escape = parsePattern(stream);
  if (escape.kind !== 'string') {
    throw new SqlError('Incorrect arguments to ESCAPE');
  }
  return { escape: escape.value };
}
