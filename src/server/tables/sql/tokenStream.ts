import { aggregateFunctions, reservedWords, scalarFunctions } from './functionNames.js';
import { SqlError, SqlSyntaxError } from './sqlError.js';
import type { Token, TokenKind } from './tokenize.js';
import { tokenize } from './tokenize.js';

const kindImages: Readonly<Record<TokenKind, string>> = {
  backtick: '<backtick_delimited_identifier>',
  countStar: '"count(*)"',
  decimal: '<exact_numeric_literal>',
  double: '<approximate_numeric_literal>',
  end: '<EOF>',
  entityId: '<entity_id>',
  integer: '<unsigned_integer>',
  other: '<other>',
  quoted: '<double_quote_delimited_identifier>',
  string: '<character_string_literal>',
  symbol: '',
  word: '<regular_identifier>',
};

/**
 * Levels of a statement: each operator of a chain is one, parentheses, functions and `CASE` are
 * {@link nestingLevels}. SQLite evaluates expressions by recursion, and its stack in WebAssembly is
 * small and not protected: a few hundred levels would overwrite its memory.
 */
const maxDepth = 240;
/** Levels of an expression inside of another: it becomes several in SQLite. */
export const nestingLevels = 4;

/**
 * The tokens of a statement and the current position. Every check of the current token is recorded,
 * so that an error can list the expected tokens.
 */
export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #expected = new Set<string>();
  #position = 0;
  #depth = 0;

  constructor(sql: string) {
    this.#tokens = tokenize(sql);
  }

  /**
   * Parses a part that is inside of another.
   *
   * @param levels - how much deeper the part makes the statement, see {@link maxDepth}
   * @throws SqlError for a statement that is nested too deeply
   */
  nested<T>(levels: number, parse: () => T): T {
    this.#depth += levels;
    if (this.#depth > maxDepth) {
      throw new SqlError('The query is nested too deeply');
    }
    const result = parse();
    this.#depth -= levels;
    return result;
  }

  get current(): Token {
    return this.#at(this.#position);
  }

  /** Whether the current token is one of these words (upper case). */
  isWord(...words: readonly string[]): boolean {
    for (const word of words) {
      this.#expected.add(wordImage(word));
    }
    return this.current.kind === 'word' && words.includes(this.current.value);
  }

  isSymbol(...symbols: readonly string[]): boolean {
    for (const symbol of symbols) {
      this.#expected.add(`"${symbol}"`);
    }
    return this.current.kind === 'symbol' && symbols.includes(this.current.text);
  }

  isKind(...kinds: readonly TokenKind[]): boolean {
    for (const kind of kinds) {
      this.#expected.add(kindImages[kind]);
    }
    return kinds.includes(this.current.kind);
  }

  /** Whether the current token is a word that names a column, table or alias. */
  isIdentifier(): boolean {
    this.#expected.add(kindImages.word);
    this.#expected.add(kindImages.entityId);
    this.#expected.add(kindImages.quoted);
    this.#expected.add(kindImages.backtick);
    const { kind, value } = this.current;
    return (
      kind === 'quoted' ||
      kind === 'backtick' ||
      (kind === 'entityId' && !value.includes('.')) ||
      (kind === 'word' && !reservedWords.has(value))
    );
  }

  /** Whether the current token is one of these function names, followed by a parenthesis. */
  isCallOf(names: ReadonlyMap<string, unknown>): boolean {
    const next = this.#at(this.#position + 1);
    return (
      this.current.kind === 'word' &&
      names.has(this.current.value) &&
      next.kind === 'symbol' &&
      next.text === '('
    );
  }

  /** Whether the current token is this word, followed by a parenthesis. */
  isCallOfWord(word: string): boolean {
    this.#expected.add(wordImage(word));
    return this.isCallOf(new Map([[word, true]]));
  }

  takeWord(...words: readonly string[]): string | undefined {
    return this.isWord(...words) ? this.take().value : undefined;
  }

  takeSymbol(...symbols: readonly string[]): string | undefined {
    return this.isSymbol(...symbols) ? this.take().text : undefined;
  }

  takeKind(...kinds: readonly TokenKind[]): Token | undefined {
    return this.isKind(...kinds) ? this.take() : undefined;
  }

  expectWord(...words: readonly string[]): string {
    return this.takeWord(...words) ?? this.fail();
  }

  expectSymbol(...symbols: readonly string[]): string {
    return this.takeSymbol(...symbols) ?? this.fail();
  }

  expectKind(...kinds: readonly TokenKind[]): Token {
    return this.takeKind(...kinds) ?? this.fail();
  }

  /** Advances to the next token. */
  take(): Token {
    const token = this.current;
    this.#position += 1;
    this.#expected.clear();
    return token;
  }

  /** Throws an error for the current token, with the message of the service's parser. */
  fail(): never {
    const { kind, text, line, column } = this.current;
    const found = kind === 'end' ? '<EOF>' : ` ${this.#image()} "${escape(text)} "`;
    const expected = [...this.#expected].map((image) =>
      image === kindImages.end ? `${image} ` : `${image} ...`,
    );
    const lead = expected.length === 1 ? 'Was expecting:' : 'Was expecting one of:';
    throw new SqlSyntaxError(
      `Encountered "${found}" at line ${line}, column ${column}.\n${lead}\n` +
        expected.map((image) => `    ${image}\n`).join(''),
      line,
      column,
    );
  }

  #image(): string {
    const { kind, text, value } = this.current;
    if (kind === 'symbol') {
      return `"${text}"`;
    }
    if (kind === 'word' && isKeyword(value)) {
      return wordImage(value);
    }
    return kindImages[kind];
  }

  #at(position: number): Token {
    const token = this.#tokens[Math.min(position, this.#tokens.length - 1)];
    if (token === undefined) {
      throw new TypeError('A statement has no tokens');
    }
    return token;
  }
}

function isKeyword(word: string): boolean {
  return reservedWords.has(word) || scalarFunctions.has(word) || aggregateFunctions.has(word);
}

function wordImage(word: string): string {
  return `"${word.toLowerCase()}"`;
}

function escape(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
}
