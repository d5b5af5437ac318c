import { SqlError } from './sqlError.js';

/**
 * Classes of tokens. `word` covers keywords, function names and plain identifiers.
 */
export type TokenKind =
  | 'backtick'
  | 'countStar'
  | 'decimal'
  | 'double'
  | 'end'
  | 'entityId'
  | 'integer'
  | 'other'
  | 'quoted'
  | 'string'
  | 'symbol'
  | 'word';

/** One token of a query. */
export interface Token {
  readonly kind: TokenKind;
  /** The characters as written. */
  readonly text: string;
  /** Upper case for words and `GROUP BY`; the unquoted value of strings and quoted identifiers. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * The forms of tokens, tried in this order. `GROUP BY` and `ORDER BY` are one token with exactly one
 * space between the words, and `COUNT(*)` allows none, as in the service's lexer.
 */
const forms: readonly (readonly [TokenKind, RegExp])[] = [
  ['countStar', /(?:count|COUNT)\(\*\)/y],
  ['word', /(?:group|order) by(?![A-Za-z0-9_])/iy],
  ['entityId', /syn\d+(?:\.\d+)?(?![A-Za-z0-9_])/iy],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['double', /(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+/y],
  ['decimal', /\d+\.\d*|\.\d+/y],
  ['integer', /\d+/y],
  ['string', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['backtick', /`(?:[^`]|``)*`/y],
  ['symbol', /<>|<=|>=|[=<>+\-*/%(),.;]/y],
];

const numberKinds: ReadonlySet<TokenKind> = new Set(['decimal', 'double', 'entityId', 'integer']);

/** The service's lexer skips control characters, and every character beyond ASCII outside of quotes. */

const space = /[\u0000-\u0020\u007f-\uffff]+/y;

/** Maximum number of tokens, which limits the time that it takes to translate a query. */
const maxTokens = 30_000;
/** Maximum number of characters. */
const maxCharacters = 1_000_000;
/** Maximum number of characters of a number. */
const maxNumber = 1000;

/**
 * Splits a query into tokens; the last one is of kind `end`. Unknown characters become `other`.
 *
 * @throws SqlError for a query that is too long
 */
export function tokenize(sql: string): Token[] {
  if (sql.length > maxCharacters) {
    throw new SqlError(`The query is longer than ${maxCharacters} characters.`);
  }
  const tokens: Token[] = [];
  const place = new Place(sql);
  for (;;) {
    place.skip(space);
    if (place.offset >= sql.length) {
      break;
    }
    if (tokens.length === maxTokens) {
      throw new SqlError(
        `The query has more than ${maxTokens} names, values and operators. Split it, ` +
          'or replace a long list of values by a join.',
      );
    }
    tokens.push(nextToken(place));
  }
  // The service reports the end at the position of the last character.
  const last = place.offset > 0 ? place.locate(place.offset - 1) : { line: 1, column: 0 };
  tokens.push({ kind: 'end', text: '', value: '', ...last });
  return tokens;
}

function nextToken(place: Place): Token {
  const start = place.locate(place.offset);
  for (const [kind, form] of forms) {
    const text = place.take(form);
    if (text !== undefined) {
      if (numberKinds.has(kind) && text.length > maxNumber) {
        throw new SqlError(`A number in the query is longer than ${maxNumber} characters.`);
      }
      return { kind, text, value: valueOf(kind, text), ...start };
    }
  }
  const text = place.source.charAt(place.offset);
  place.offset += 1;
  return { kind: 'other', text, value: text, ...start };
}

function valueOf(kind: TokenKind, text: string): string {
  switch (kind) {
    case 'word':
      return text.toUpperCase();
    case 'string':
      return text.slice(1, -1).replaceAll("''", "'");
    case 'quoted':
      return text.slice(1, -1).replaceAll('""', '"');
    case 'backtick':
      return text.slice(1, -1).replaceAll('``', '`');
    case 'entityId':
      return text.toLowerCase();
    default:
      return text;
  }
}

class Place {
  readonly source: string;
  offset = 0;
  #line = 1;
  #lineStart = 0;
  #counted = 0;

  constructor(source: string) {
    this.source = source;
  }

  skip(form: RegExp): void {
    this.take(form);
  }

  take(form: RegExp): string | undefined {
    form.lastIndex = this.offset;
    const match = form.exec(this.source);
    if (match === null) {
      return undefined;
    }
    this.offset += match[0].length;
    return match[0];
  }

  /** Line and column of an offset; offsets must be in ascending order. */
  locate(offset: number): { line: number; column: number } {
    for (; this.#counted < offset; this.#counted += 1) {
      if (this.source[this.#counted] === '\n') {
        this.#line += 1;
        this.#lineStart = this.#counted + 1;
      }
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
