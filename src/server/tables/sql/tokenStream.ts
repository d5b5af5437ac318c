import { grammarWords } from './grammarWords.js';
import { SqlError, SqlSyntaxError } from './sqlError.js';
import type { Token, TokenKind } from './tokenize.js';
import { tokenize } from './tokenize.js';

const kindImages: Readonly<Record<TokenKind, string>> = {
  backtick: '"`"',
  countStar: '<count_asterisk>',
  decimal: '<exact_numeric_literal>',
  double: '<approximate_numeric_literal>',
  end: '<EOF>',
  entityId: '<entity_id>',
  integer: '<unsigned_integer>',
  other: '',
  quoted: '"\\""',
  string: `"\\'"`,
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
    const { kind } = this.current;
    const isDelimited = kind === 'quoted' || kind === 'backtick';
    return isDelimited || kind === 'entityId' || this.isPlainName();
  }

  /** Takes a word that is the name of one of these functions. */
  takeName(names: ReadonlyMap<string, unknown>): string | undefined {
    for (const name of names.keys()) {
      this.#expected.add(wordImage(name));
    }
    const { kind, value } = this.current;
    return kind === 'word' && names.has(value) ? this.take().value : undefined;
  }

  /** Whether the current token is a name without quotes that is no word of the grammar. */
  isPlainName(): boolean {
    this.#expected.add(kindImages.word);
    const { kind, value } = this.current;
    return kind === 'word' && !grammarWords.has(value);
  }

  /** Whether the current token may name the type of a `CAST`. */
  isTypeName(): boolean {
    this.#expected.add(kindImages.word);
    this.#expected.add(wordImage('DATE'));
    const { kind, value } = this.current;
    const image = wordImage(value);
    return kind === 'word' && (image === kindImages.word || image === wordImage('DATE'));
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
    const { kind, line, column } = this.current;
    const found = kind === 'end' ? '<EOF>' : ` ${this.#image()} "${escape(this.#shown())} "`;
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
    if (kind === 'symbol' || kind === 'other') {
      return `"${escape(text)}"`;
    }
    return kind === 'word' ? wordImage(value) : kindImages[kind];
  }

  /** For the service, a quotation mark is a token of its own. */
  #shown(): string {
    const { kind, text } = this.current;
    const isQuoted = kind === 'quoted' || kind === 'backtick' || kind === 'string';
    return isQuoted ? text.charAt(0) : text;
  }

  #at(position: number): Token {
    const token = this.#tokens[Math.min(position, this.#tokens.length - 1)];
    if (token === undefined) {
      throw new TypeError('A statement has no tokens');
    }
    return token;
  }
}

function wordImage(word: string): string {
  return grammarWords.get(word) ?? kindImages.word;
}

function escape(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
}
