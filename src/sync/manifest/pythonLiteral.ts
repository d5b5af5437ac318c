import { ArgumentError } from '../../errors.js';

/** What a text is as a literal of Python. */
export type PythonLiteral =
  | { kind: 'text'; text: string }
  | { kind: 'whole'; value: bigint }
  | { kind: 'double'; value: number; isRounded: boolean }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'list'; items: PythonLiteral[] }
  /** `None`, bytes, a complex number, a dictionary: no annotation has such a value. */
  | { kind: 'other'; what: string };

/** Brackets in brackets. Deeper ones are texts. */
const deepest = 50;

/** Digits of a number. Python reads no longer whole numbers, and longer doubles have no use. */
const mostDigits = 4300;

/**
 * Reads a literal as the Python function `ast.literal_eval` does: numbers (`1_000`, `0x10`, `1e5`, `- 1`), strings with their
 * prefixes and escapes, `True`, tuples, lists.
 *
 * @returns `undefined` when it is no literal, so that the text stands for itself.
 * @throws {@link ArgumentError} for a string with `\N{...}`, which names a character, and for lists that are too long.
 */
export function pythonLiteral(text: string): PythonLiteral | undefined {
  if (!canBegin.test(text) || text.includes('\0')) return undefined;
  try {
    return new LiteralParser(text).parse();
  } catch (error) {
    if (error === noLiteral) return undefined;
    throw error;
  }
}

/** Most texts are words, which are no literals. */
const canBegin = /^[\s#\\]*(?:[-+.\d([{'"]|[rRuUbB]{1,2}['"]|True|False|None|set)/;

/** Values of a list. */
const mostItems = 1000;

const noLiteral = new Error('not a literal');

const digits = String.raw`\d(?:_?\d)*`;
const numberPattern = new RegExp(
  String.raw`(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)(?![\w.])|` +
    String.raw`((?:${digits})?\.${digits}|${digits}\.?)([eE][-+]?${digits})?([jJ]?)(?![\w.])`,
  'y',
);
const stringStart = /([rR]?[bB]?|[bB][rR]|[uU])('''|"""|'|")/y;
const word = /(?:True|False|None|set[ \t]*\([ \t]*\)|\.\.\.)(?!\w)/y;

class LiteralParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PythonLiteral {
    this.#skip(true);
    const literal = this.#tuple('');
    this.#skip(true);
    if (this.#at < this.#text.length) throw noLiteral;
    return literal;
  }

  /** One expression; with a comma, a tuple of all up to the end. */
  #tuple(end: string): PythonLiteral {
    const first = this.#expression();
    if (!this.#take(',')) return first;
    return { kind: 'list', items: [first, ...this.#items(end)] };
  }

  #items(end: string): PythonLiteral[] {
    const items: PythonLiteral[] = [];
    while (!this.#isAt(end)) {
      items.push(this.#expression());
      if (items.length > mostItems) {
        throw new ArgumentError(
          `it has more than ${mostItems} values: Synapse allows 100 of a key`,
        );
      }
      if (!this.#take(',')) break;
    }
    return items;
  }

  /** An operand, or a complex number such as `1+2j`. */
  #expression(): PythonLiteral {
    const left = this.#signed();
    this.#skip(this.#depth > 0);
    const sign = this.#text.charAt(this.#at);
    if (sign !== '+' && sign !== '-') return left;
    this.#at += 1;
    const isNumber = left.kind === 'whole' || left.kind === 'double';
    const right = this.#operand();
    if (!isNumber || right.kind !== 'other' || right.what !== complex) throw noLiteral;
    return right;
  }

  #signed(): PythonLiteral {
    this.#skip(this.#depth > 0);
    const sign = this.#text.charAt(this.#at);
    if (sign !== '+' && sign !== '-') return this.#operand();
    this.#at += 1;
    const operand = this.#operand();
    if (operand.kind === 'whole') {
      return sign === '-' ? { ...operand, value: -operand.value } : operand;
    }
    if (operand.kind === 'double') {
      return sign === '-' ? { ...operand, value: -operand.value } : operand;
    }
    if (operand.kind === 'other' && operand.what === complex) return operand;
    throw noLiteral;
  }

  #operand(): PythonLiteral {
    this.#skip(this.#depth > 0);
    const character = this.#text.charAt(this.#at);
    if ('([{'.includes(character) && character !== '') return this.#brackets(character);
    return this.#strings() ?? this.#word() ?? this.#number();
  }

  #brackets(open: string): PythonLiteral {
    this.#at += 1;
    this.#depth += 1;
    if (this.#depth > deepest) throw noLiteral;
    const literal = open === '(' ? this.#parenthesis() : this.#list(open);
    this.#depth -= 1;
    return literal;
  }

  #parenthesis(): PythonLiteral {
    if (this.#take(')')) return { kind: 'list', items: [] };
    const literal = this.#tuple(')');
    this.#require(')');
    return literal;
  }

  #list(open: string): PythonLiteral {
    if (open === '[') {
      const items = this.#items(']');
      this.#require(']');
      return { kind: 'list', items };
    }
    if (this.#take('}')) return { kind: 'other', what: 'a dictionary' };
    const first = this.#expression();
    if (!this.#take(':')) {
      const rest = this.#take(',') ? this.#items('}') : [];
      this.#require('}');
      return { kind: 'list', items: [first, ...rest] };
    }
    this.#expression();
    while (this.#take(',') && !this.#isAt('}')) {
      this.#expression();
      this.#require(':');
      this.#expression();
    }
    this.#require('}');
    return { kind: 'other', what: 'a dictionary' };
  }

  #word(): PythonLiteral | undefined {
    const name = this.#match(word)?.[0];
    if (name === undefined) return undefined;
    if (name === 'True' || name === 'False') return { kind: 'boolean', value: name === 'True' };
    return { kind: 'other', what: name };
  }

  #number(): PythonLiteral {
    const match = this.#match(numberPattern);
    if (match === undefined) throw noLiteral;
    const [whole, mantissa, exponent, imaginary] = match;
    const plain = whole.replaceAll('_', '');
    if (plain.length > mostDigits) throw noLiteral;
    if (mantissa === undefined) return { kind: 'whole', value: BigInt(plain.toLowerCase()) };
    if (imaginary !== '') return { kind: 'other', what: complex };
    if (exponent === undefined && !mantissa.includes('.')) {
      // Python 2 wrote octal numbers so.
      if (/^0+[1-9]/.test(plain)) throw noLiteral;
      return { kind: 'whole', value: BigInt(plain) };
    }
    const value = Number(plain);
    return { kind: 'double', value, isRounded: value === 0 && /[1-9]/.test(mantissa) };
  }

  /** Strings that follow each other are one. */
  #strings(): PythonLiteral | undefined {
    let text: string | undefined;
    let bytes: boolean | undefined;
    for (;;) {
      const start = this.#match(stringStart);
      if (start === undefined) break;
      const [, prefix = '', quote = ''] = start;
      const isBytes = /b/i.test(prefix);
      if (bytes !== undefined && bytes !== isBytes) throw noLiteral;
      bytes = isBytes;
      const piece = this.#stringBody(quote, /r/i.test(prefix), isBytes);
      text = (text ?? '') + piece;
      this.#skip(this.#depth > 0);
    }
    if (text === undefined) return undefined;
    return bytes ? { kind: 'other', what: 'bytes' } : { kind: 'text', text };
  }

  #stringBody(quote: string, isRaw: boolean, isBytes: boolean): string {
    const pieces: string[] = [];
    const isLong = quote.length === 3;
    const pattern = quote.startsWith("'") ? endOfPlain.single : endOfPlain.double;
    for (;;) {
      const from = this.#at;
      pattern.lastIndex = from;
      const found = pattern.exec(this.#text);
      if (found === null) throw noLiteral;
      this.#at = found.index;
      if (this.#at > from) {
        const plain = this.#text.slice(from, this.#at);
        if (isBytes && /[^\0-\x7f]/.test(plain)) throw noLiteral;
        pieces.push(plain);
      }
      if (this.#text.startsWith(quote, this.#at)) {
        this.#at += quote.length;
        return pieces.join('');
      }
      const [character] = found;
      if (character === '\\') {
        pieces.push(isRaw ? this.#rawEscape() : this.#escape());
      } else if (character === '\r' || character === '\n') {
        if (!isLong) throw noLiteral;
        this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
        pieces.push('\n');
      } else {
        this.#at += 1;
        pieces.push(character);
      }
    }
  }

  #rawEscape(): string {
    const piece = this.#text.slice(this.#at, this.#at + 2);
    this.#at += 2;
    return piece;
  }

  /** `\x0a`, the escape that this client writes. */
  #byteEscape(): string {
    const hexadecimal = this.#text.slice(this.#at + 2, this.#at + 4);
    const code = hexadecimal.length === 2 ? Number(`0x${hexadecimal}`) : NaN;
    if (Number.isNaN(code)) throw noLiteral;
    this.#at += 4;
    return String.fromCharCode(code);
  }

  #escape(): string {
    const kind = this.#text.charAt(this.#at + 1);
    if (kind === 'x') return this.#byteEscape();
    const short = simpleEscapes[kind];
    if (short !== undefined) {
      this.#at += 2;
      return short;
    }
    const match = this.#match(escape);
    if (match === undefined) throw noLiteral;
    const [whole, octal, hexadecimal, name, simple] = match;
    if (name !== undefined) {
      throw new ArgumentError(`${whole} names a character: write the character itself`);
    }
    if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
    if (hexadecimal !== undefined) {
      const code = parseInt(hexadecimal.slice(1), 16);
      if (code > 0x10ffff) throw noLiteral;
      return String.fromCodePoint(code);
    }
    if (simple === undefined || 'xuUN'.includes(simple)) throw noLiteral;
    return simple === '\r\n' ? '' : whole;
  }

  /** Skips blanks; within brackets also line ends. */
  #skip(lines: boolean): void {
    this.#match(lines ? blanksAndLines : blanks);
    while (lines && this.#match(comment) !== undefined) this.#match(blanksAndLines);
  }

  #isAt(character: string): boolean {
    this.#skip(this.#depth > 0);
    return character === ''
      ? this.#at >= this.#text.length || /[\r\n#]/.test(this.#text.charAt(this.#at))
      : this.#text.charAt(this.#at) === character;
  }

  #take(character: string): boolean {
    const isThere = this.#isAt(character);
    if (isThere) this.#at += 1;
    return isThere;
  }

  #require(character: string): void {
    if (!this.#take(character)) throw noLiteral;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }
}

const complex = 'a complex number';

const blanks = /(?:[ \t\f]|\\\r?\n)*/y;
const blanksAndLines = /(?:[ \t\f\r\n]|\\\r?\n)*/y;
const comment = /#[^\r\n]*/y;

/** What ends the plain part of a string, by its quote. */
const endOfPlain = { single: /[\\'\r\n]/g, double: /[\\"\r\n]/g };

const escape = /\\(?:([0-7]{1,3})|(u[\da-fA-F]{4}|U[\da-fA-F]{8})|(N\{[^}]{0,200}\})|(\r\n|[^]))/y;

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
