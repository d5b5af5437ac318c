import { parseDouble } from '../../values/doubles.js';

/** What is known of a column of a CSV file. */
export interface ColumnSummary {
  /** As pandas names types: whole numbers, numbers, booleans, anything else. Whole numbers beside empty cells are `float64`. */
  dtype: 'bool' | 'float64' | 'int64' | 'object';
  /** The most frequent value; of several, the smallest. Absent when the column is empty, or has too many values. */
  mode?: bigint | boolean | number | string;
  /** Present when the column has more different values than are counted. */
  modeOmitted?: true;
  /** Of numbers and booleans. Whole numbers beyond 2^53 are `bigint`. */
  min?: bigint | boolean | number;
  max?: bigint | boolean | number;
  mean?: number;
}

/** What pandas reads as an empty cell. */
const emptyCells = new Set(
  'NA N/A n/a #N/A #NA #N/A_N/A null NULL NaN -NaN nan -nan None <NA> 1.#IND -1.#IND 1.#QNAN -1.#QNAN'
    .split(' ')
    .map((text) => text.replace('_', ' ')),
);
const booleans = new Map([
  ...['True', 'TRUE', 'true'].map((text) => [text, true] as const),
  ...['False', 'FALSE', 'false'].map((text) => [text, false] as const),
]);
const whole = /^[+-]?\d+$/;

/** Room for the different values of all columns, which the most frequent one is found by. */
export class ValueBudget {
  #values = 1_000_000;
  #characters = 50_000_000;

  /** @returns false when there is no room left */
  take(text: string): boolean {
    if (this.#values < 1 || this.#characters < text.length) return false;
    this.#values -= 1;
    this.#characters -= text.length;
    return true;
  }

  giveBack(texts: Iterable<string>): void {
    for (const text of texts) {
      this.#values += 1;
      this.#characters += text.length;
    }
  }
}

/** Summarizes a column whose cells arrive one after the other. */
export class ColumnSummarizer {
  readonly #budget: ValueBudget;
  /** How often each text occurs; `undefined` when there are too many. */
  #counts: Map<string, number> | undefined = new Map<string, number>();
  #filled = 0;
  #isEmptyThere = false;
  #areBooleans = true;
  #trues = 0;
  #areWhole = true;
  #areNumbers = true;
  #sum = new ExactSum();
  #min: bigint | number | undefined;
  #max: bigint | number | undefined;

  constructor(budget: ValueBudget) {
    this.#budget = budget;
  }

  add(cell: string | null): void {
    if (cell === null || cell === '' || emptyCells.has(cell)) {
      this.#isEmptyThere = true;
      return;
    }
    this.#filled += 1;
    this.#count(cell);
    const boolean = booleans.get(cell);
    this.#areBooleans &&= boolean !== undefined;
    if (boolean === true) this.#trues += 1;
    if (!this.#areNumbers) return;
    const number = this.#readNumber(cell.trim());
    if (number === undefined) {
      this.#areNumbers = false;
      return;
    }
    this.#sum.add(Number(number));
    if (this.#min === undefined || number < this.#min) this.#min = number;
    if (this.#max === undefined || number > this.#max) this.#max = number;
  }

  #readNumber(text: string): bigint | number | undefined {
    if (this.#areWhole && whole.test(text)) {
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : BigInt(text.replace('+', ''));
    }
    const value = parseDouble(text);
    if (value !== undefined) this.#areWhole = false;
    return value;
  }

  #count(text: string): void {
    const counts = this.#counts;
    if (counts === undefined) return;
    const count = counts.get(text);
    if (count !== undefined) counts.set(text, count + 1);
    else if (this.#budget.take(text)) counts.set(text, 1);
    else {
      this.#budget.giveBack(counts.keys());
      this.#counts = undefined;
    }
  }

  get summary(): ColumnSummary {
    const dtype = this.#dtype();
    if (this.#filled === 0) return { dtype };
    const mode = this.#mode(dtype);
    const common = mode === undefined ? { modeOmitted: true as const } : { mode };
    if (dtype === 'object') return { dtype, ...common };
    if (dtype === 'bool') return { dtype, ...common, ...this.#ofBooleans() };
    const isExact = dtype === 'int64';
    const exact = (value: bigint | number | undefined) => (isExact ? value : Number(value));
    const mean = this.#sum.value / this.#filled;
    return { dtype, ...common, min: exact(this.#min), max: exact(this.#max), mean };
  }

  #dtype(): ColumnSummary['dtype'] {
    if (this.#filled === 0) return this.#isEmptyThere ? 'float64' : 'object';
    if (this.#areBooleans) return this.#isEmptyThere ? 'object' : 'bool';
    if (!this.#areNumbers) return 'object';
    return this.#areWhole && !this.#isEmptyThere ? 'int64' : 'float64';
  }

  #ofBooleans(): Pick<ColumnSummary, 'max' | 'mean' | 'min'> {
    const trues = this.#trues;
    return { min: trues === this.#filled, max: trues > 0, mean: trues / this.#filled };
  }

  #mode(dtype: ColumnSummary['dtype']): ColumnSummary['mode'] {
    if (this.#counts === undefined) return undefined;
    let best: { value: bigint | boolean | number | string; count: number } | undefined;
    for (const [value, count] of this.#valueCounts(dtype)) {
      const isBetter =
        best === undefined || count > best.count || (count === best.count && value < best.value);
      if (isBetter) best = { value, count };
    }
    return best?.value;
  }

  /** How often each value occurs: `1` and `1.0` are one number. */
  #valueCounts(dtype: ColumnSummary['dtype']): Map<bigint | boolean | number | string, number> {
    const counts = new Map<bigint | boolean | number | string, number>();
    for (const [text, count] of this.#counts ?? []) {
      const value = valueOf(dtype, text);
      counts.set(value, (counts.get(value) ?? 0) + count);
    }
    return counts;
  }
}

function valueOf(dtype: ColumnSummary['dtype'], text: string): bigint | boolean | number | string {
  if (dtype === 'object') return text;
  if (dtype === 'bool') return booleans.get(text) ?? false;
  const value = parseDouble(text.trim()) ?? Number.NaN;
  const isExact = dtype === 'float64' || Number.isSafeInteger(value);
  return isExact ? value : BigInt(text.trim().replace('+', ''));
}

/** A sum whose rounding errors are added at the end (Neumaier). */
class ExactSum {
  #sum = 0;
  #error = 0;

  add(value: number): void {
    const next = this.#sum + value;
    const lost =
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    if (Number.isFinite(lost)) this.#error += lost;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#error;
  }
}
