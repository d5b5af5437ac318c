import { parseDouble } from '../../values/doubles.js';
import type { ColumnType } from '../../columns/columnTypes.js';
import type { InferredColumn } from './inferredColumn.js';
import { textOfValue } from './textOfValue.js';

/** Texts that pandas takes for no value. */
const missingTexts: ReadonlySet<string> = new Set(
  ',#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,None,n/a,null'.split(
    ',',
  ),
);

/** Characters of the longest STRING. */
const longestString = 1000;

/** Characters that take two code units. */
const pairs = /[\ud800-\udbff][\udc00-\udfff]/g;

const wholeNumber = /^\s*[+-]?\d+\s*$/;
const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** Infers a column by the rules of the Python client, which are those of pandas. */
export class PythonColumn {
  readonly #isLegacy: boolean;
  readonly #kinds = new Set<Kind>();
  #rows = 0;
  #isText = false;
  #hasMissing = false;
  /** Whether a whole number is beyond 2^53, so that a double would round it. */
  #hasLarge = false;
  /** Of the longest text, in characters of Unicode. */
  #length = 0;

  constructor({ isLegacy }: { isLegacy: boolean }) {
    this.#isLegacy = isLegacy;
  }

  text(text: string | null): void {
    this.#rows += 1;
    this.#isText = true;
    if (text === null || missingTexts.has(text)) {
      this.#hasMissing = true;
      return;
    }
    this.#kinds.add(this.#kindOfText(text));
    this.#measure(text);
  }

  value(value: unknown): void {
    this.#rows += 1;
    if (value === null || value === undefined) {
      this.#hasMissing = true;
      return;
    }
    this.#kinds.add(this.#kindOfValue(value));
    this.#measure(textOfValue(value));
  }

  column(name: string): InferredColumn {
    const columnType = this.#type();
    if (columnType !== 'STRING') return { name, columnType };
    const text = this.#isLegacy ? { name, defaultValue: '' } : { name };
    // Both of its functions give LARGETEXT a default.
    if (this.#length > longestString) return { name, columnType: 'LARGETEXT', defaultValue: '' };
    const least = this.#isLegacy ? 30 : 50;
    const size = roundHalfEven(Math.min(longestString, Math.max(least, 1.5 * this.#length)));
    return { ...text, columnType, maximumSize: size };
  }

  #type(): ColumnType {
    const kinds = this.#kinds;
    const has = (...some: Kind[]): boolean => [...kinds].every((kind) => some.includes(kind));
    if (kinds.size === 0) return this.#emptyType();
    if (has('boolean')) return 'BOOLEAN';
    if (has('date')) return 'DATE';
    if (has('integer')) {
      return this.#isLegacy && this.#hasMissing && !this.#hasLarge ? 'DOUBLE' : 'INTEGER';
    }
    if (!has('integer', 'integral', 'fraction')) return 'STRING';
    // As doubles, large whole numbers would be rounded.
    if (kinds.has('fraction')) return this.#hasLarge ? 'STRING' : 'DOUBLE';
    return this.#isLegacy && !this.#hasLarge ? 'DOUBLE' : 'INTEGER';
  }

  #emptyType(): ColumnType {
    if (this.#rows === 0 || !this.#isText) return 'STRING';
    return this.#isLegacy ? 'DOUBLE' : 'INTEGER';
  }

  #kindOfText(text: string): Kind {
    if (/^(?:true|false)$/i.test(text)) return 'boolean';
    if (wholeNumber.test(text)) return this.#kindOfInteger(readWhole(text.trim()));
    const trimmed = text.trim();
    const number = parseDouble(trimmed);
    if (number === undefined) return 'text';
    const hasDigits = /\d/.test(trimmed);
    // pandas takes a number beyond the range of doubles for a text.
    if (hasDigits && !Number.isFinite(number)) return 'text';
    const [, whole = '', isZero] = /^([+-]?\d*)(\.0*$)?/.exec(trimmed) ?? [];
    if (/\d/.test(whole) && whole.length > 15) {
      const kind = this.#kindOfInteger(readWhole(whole));
      if (kind === 'text' || isZero !== undefined) return kind === 'text' ? kind : 'integral';
    }
    return Number.isSafeInteger(number) ? 'integral' : 'fraction';
  }

  #kindOfInteger(value: bigint): Kind {
    if (value < smallest || value > largest) return 'text';
    if (!Number.isSafeInteger(Number(value))) this.#hasLarge = true;
    return 'integer';
  }

  #kindOfValue(value: unknown): Kind {
    if (typeof value === 'boolean') return 'boolean';
    if (typeof value === 'bigint') return this.#kindOfInteger(value);
    if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'fraction';
    return value instanceof Date ? 'date' : 'text';
  }

  #measure(text: string): void {
    // A text has at most as many characters as code units.
    if (text.length <= this.#length) return;
    this.#length = Math.max(this.#length, text.length - (text.match(pairs)?.length ?? 0));
  }
}

/** A whole number; one beyond 64 bits where the text is longer than any in them. `BigInt` takes quadratic time for long texts. */
function readWhole(text: string): bigint {
  const digits = text.replace(/^[+-]?0*/, '');
  if (digits.length > 19) return 2n ** 64n;
  return text.startsWith('-') ? -BigInt(digits) : BigInt(digits);
}

/** `integral`: a number that is written with a fraction, which is zero. */
type Kind = 'boolean' | 'date' | 'fraction' | 'integer' | 'integral' | 'text';

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
