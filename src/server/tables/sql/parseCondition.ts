import { parseCallLike, parseColumn, parseExpression, parseString } from './parseExpression.js';
import { nestingLevels, type TokenStream } from './tokenStream.js';
import type { ComparisonOperator, Condition, Expression, PredicateSubject } from './tree.js';

const comparisonOperators: readonly ComparisonOperator[] = ['=', '<>', '<', '<=', '>', '>='];
const truthValues = ['NULL', 'TRUE', 'FALSE', 'UNKNOWN'] as const;

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
    ? parsePredicate(stream)
    : { kind: 'not', inner: parsePredicate(stream) };
}

function parsePredicate(stream: TokenStream): Condition {
  if (stream.takeSymbol('(') !== undefined) {
    const inner = stream.nested(nestingLevels, () => parseCondition(stream));
    stream.expectSymbol(')');
    return { kind: 'group', inner };
  }
  if (stream.isCallOfWord('TEXT_MATCHES')) {
    stream.take();
    stream.expectSymbol('(');
    const search = parseString(stream);
    stream.expectSymbol(')');
    return { kind: 'textMatches', search };
  }
  if (stream.isCallOfWord('ISNAN') || stream.isCallOfWord('ISINFINITY')) {
    const test = stream.take().value === 'ISNAN' ? 'ISNAN' : 'ISINFINITY';
    stream.expectSymbol('(');
    const column = parseColumn(stream);
    stream.expectSymbol(')');
    return { kind: 'float', test, column };
  }
  return parseTest(stream, parseCallLike(stream) ?? parseColumn(stream));
}

function parseTest(stream: TokenStream, left: PredicateSubject): Condition {
  const operator = comparisonOperators.find((candidate) => stream.isSymbol(candidate));
  if (operator !== undefined) {
    stream.take();
    return { kind: 'comparison', left, operator, right: parseExpression(stream) };
  }
  if (stream.takeWord('IS') !== undefined) {
    const negated = stream.takeWord('NOT') !== undefined;
    const value = truthValues.find((candidate) => stream.isWord(candidate)) ?? stream.fail();
    stream.take();
    return { kind: 'is', left, negated, value };
  }
  const negated = stream.takeWord('NOT') !== undefined;
  switch (stream.expectWord('BETWEEN', 'IN', 'LIKE', 'HAS', 'HAS_LIKE')) {
    case 'BETWEEN': {
      const low = parseExpression(stream);
      stream.expectWord('AND');
      return { kind: 'between', left, negated, low, high: parseExpression(stream) };
    }
    case 'IN':
      return { kind: 'in', left, negated, values: parseValues(stream) };
    case 'LIKE': {
      const pattern = parseExpression(stream);
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
  const values: Expression[] = [];
  do {
    values.push(parseExpression(stream));
  } while (stream.takeSymbol(',') !== undefined);
  stream.expectSymbol(')');
  return values;
}

function parseEscape(stream: TokenStream): { escape?: string } {
  return stream.takeWord('ESCAPE') === undefined ? {} : { escape: parseString(stream) };
}
