import { maxDepth, parseFullJson, type Json } from './sql/jsonText.js';

/**
 * Reads a list or an object as the service does: JSON, or the text of a Python value, with `'` for
 * `"`, unquoted words, `True` and a trailing comma. `undefined` for other text.
 */
export function parseLooseJson(text: string): unknown {
  const strict = parseFullJson(text);
  if (strict !== undefined) {
    return strict;
  }
  try {
    return /^\s*[[{]/.test(text) ? new LooseReader(text).whole() : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
};
const words: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
/** Characters that end a word without quotes. */
const wordEnds = ',:]}/\\"[{;=#';

class LooseReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value();
    if (this.#skipSpace() !== undefined) {
      throw new SyntaxError('Nothing follows the value');
    }
    return value;
  }

  #value(): Json {
    const next = this.#skipSpace();
    if (next === '"' || next === "'") {
      return this.#string();
    }
    if (next !== '[' && next !== '{') {
      return this.#word();
    }
    this.#depth += 1;
    if (this.#depth > maxDepth) {
      throw new SyntaxError(`A document has at most ${maxDepth} levels`);
    }
    const value = next === '[' ? this.#list() : this.#object();
    this.#depth -= 1;
    return value;
  }

  /** The next character that is not a space, without consuming it. */
  #skipSpace(): string | undefined {
    while (this.#at < this.#text.length && (this.#text[this.#at] ?? '') <= ' ') {
      this.#at += 1;
    }
    return this.#text[this.#at];
  }

  #take(): string {
    const taken = this.#text[this.#at];
    if (taken === undefined) {
      throw new SyntaxError('The text ends too early');
    }
    this.#at += 1;
    return taken;
  }

  #list(): Json[] {
    this.#take();
    const items: Json[] = [];
    for (;;) {
      const next = this.#skipSpace();
      if (next === ']') {
        this.#take();
        return items;
      }
      // An empty element between commas is null.
      items.push(next === ',' ? null : this.#value());
      if (this.#skipSpace() === ',') {
        this.#take();
      } else if (this.#skipSpace() !== ']') {
        throw new SyntaxError('A list goes on with , or ]');
      }
    }
  }

  #object(): Json {
    this.#take();
    const members: [string, Json][] = [];
    for (;;) {
      if (this.#skipSpace() === '}') {
        this.#take();
        return Object.fromEntries(members);
      }
      const key = this.#value();
      this.#skipSpace();
      if (this.#take() !== ':') {
        throw new SyntaxError('A key is followed by :');
      }
      members.push([typeof key === 'string' ? key : JSON.stringify(key), this.#value()]);
      const next = this.#skipSpace();
      if (next === ',' || next === ';') {
        this.#take();
      } else if (next !== '}') {
        throw new SyntaxError('An object goes on with , or }');
      }
    }
  }

  #string(): string {
    const quote = this.#take();
    let result = '';
    for (;;) {
      const next = this.#take();
      if (next === quote) {
        return result;
      }
      if (next === '\n' || next === '\r') {
        throw new SyntaxError('A string ends on its line');
      }
      result += next === '\\' ? this.#escape() : next;
    }
  }

  #escape(): string {
    const next = this.#take();
    if (next === 'u') {
      const code = this.#text.slice(this.#at, this.#at + 4);
      if (!/^[\da-f]{4}$/i.test(code)) {
        throw new SyntaxError('Illegal escape');
      }
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    const escaped = escapes[next] ?? (/["'\\/]/.test(next) ? next : undefined);
    if (escaped === undefined) {
      throw new SyntaxError('Illegal escape');
    }
    return escaped;
  }

  #word(): Json {
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#endsWord(this.#text[this.#at] ?? '')) {
      this.#at += 1;
    }
    const word = this.#text.slice(start, this.#at).trim();
    if (word === '') {
      throw new SyntaxError('A value is missing');
    }
    const known = words[word.toLowerCase()];
    if (known !== undefined) {
      return known;
    }
    return /^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(word) ? Number(word) : word;
  }

  #endsWord(character: string): boolean {
    return character < ' ' || wordEnds.includes(character);
  }
}
