import { listLengths, maximumSizes } from '../../columns/columnLimits.js';
import { columnTypes, type ColumnType } from '../../columns/columnTypes.js';
import { parseIsoDate } from '../../values/dates.js';
import { parseDouble } from '../../values/doubles.js';
import { parseJson } from '../../values/json.js';
import { isCellFile } from '../files/cellFiles.js';
import type { InferredColumn } from './inferredColumn.js';
import { textColumn } from './inferRowWidth.js';
import { textOfValue } from './textOfValue.js';

const longestList = listLengths.most;
const longestText = columnTypes.JSON.maximumCharacters ?? 0;

/** What a single value can be kept as without a change, beside a text. */
type Kind =
  'boolean' | 'date' | 'double' | 'entity' | 'file' | 'integer' | 'json' | 'list' | 'text';

/** What the elements of a list can be kept as. */
type ElementKind = 'boolean' | 'date' | 'entity' | 'integer' | 'text';

/** The sizes of the longest values of a column. */
export interface ColumnSizes {
  /** Of a text. */
  length: number;
  /** Of a text in a list. */
  elementLength: number;
  /** Elements of a list. */
  listLength: number;
}

/** Infers a column from all of its values, such that each is kept as it is. */
export class ExactColumn {
  readonly #kinds = new Set<Kind>();
  readonly #elements = new Set<ElementKind>();
  /** In code units, as Synapse counts. */
  #length = 0;
  #elementLength = 0;
  #listLength = 0;
  /** Whether a whole number is beyond 2^53, so that a double would round it. */
  #hasLarge = false;
  /** Whether a number was written out. Words such as "nan" alone are texts. */
  #hasDigits = false;

  text(text: string | null): void {
    if (text === null) return;
    this.#length = Math.max(this.#length, text.length);
    this.#kinds.add(this.#kindOfText(text));
  }

  value(value: unknown): void {
    if (value === null || value === undefined) return;
    this.#length = Math.max(this.#length, textOfValue(value).length);
    this.#kinds.add(this.#kindOfValue(value));
  }

  /** What the column needs, in code units and elements. */
  get sizes(): ColumnSizes {
    return {
      length: this.#length,
      elementLength: this.#elementLength,
      listLength: this.#listLength,
    };
  }

  column(name: string): InferredColumn {
    const only = (...kinds: Kind[]): boolean =>
      this.#kinds.size > 0 && [...this.#kinds].every((kind) => kinds.includes(kind));
    for (const [kind, columnType] of singleTypes) {
      if (only(kind)) return { name, columnType };
    }
    if (only('integer', 'double') && !this.#hasLarge && this.#hasDigits) {
      return { name, columnType: 'DOUBLE' };
    }
    const isJson = only('json', 'list') && this.#length <= longestText;
    const list = only('list') ? this.#listColumn(name) : undefined;
    if (list !== undefined) return list;
    return isJson
      ? { name, columnType: 'JSON' }
      : textColumn(name, this.#length, maximumSizes.usual);
  }

  #kindOfText(text: string): Kind {
    if (/^(?:true|false)$/i.test(text)) return 'boolean';
    if (integer.test(text)) return this.#kindOfInteger(BigInt(text));
    if (entityId.test(text)) return 'entity';
    if (isExactDouble(text)) return this.#double(text);
    if (isExactDate(text)) return 'date';
    return /^[[{]/.test(text) ? this.#kindOfJson(text) : 'text';
  }

  #double(text: string): Kind {
    if (/\d/.test(text)) this.#hasDigits = true;
    return 'double';
  }

  #kindOfInteger(value: bigint): Kind {
    if (BigInt.asIntN(64, value) !== value) return 'text';
    this.#hasDigits = true;
    if (!Number.isSafeInteger(Number(value))) this.#hasLarge = true;
    return 'integer';
  }

  #kindOfJson(text: string): Kind {
    let json: unknown;
    try {
      json = parseJson(text);
    } catch {
      return 'text';
    }
    return Array.isArray(json) ? this.#kindOfList(json) : 'json';
  }

  /** Synapse turns an empty list into no value: only JSON keeps it. */
  #kindOfList(list: readonly unknown[]): Kind {
    this.#listLength = Math.max(this.#listLength, list.length);
    for (const item of list) {
      const { length } = typeof item === 'string' ? item : '';
      this.#elementLength = Math.max(this.#elementLength, length);
    }
    if (list.length === 0 || list.length > longestList) return 'json';
    const kinds = list.map((item) => elementKind(item));
    if (kinds.includes(undefined)) return 'json';
    for (const kind of kinds) if (kind !== undefined) this.#elements.add(kind);
    return 'list';
  }

  #kindOfValue(value: unknown): Kind {
    switch (typeof value) {
      case 'boolean':
        return 'boolean';
      case 'bigint':
        return this.#kindOfInteger(value);
      case 'number':
        this.#hasDigits = true;
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'double';
      case 'string':
        return entityId.test(value) ? 'entity' : 'text';
      default:
        return this.#kindOfObject(value);
    }
  }

  #kindOfObject(value: unknown): Kind {
    if (value instanceof Date) return 'date';
    if (typeof value !== 'object' || value === null) return 'text';
    if (Symbol.iterator in value) return this.#kindOfList([...(value as Iterable<unknown>)]);
    return isCellFile(value) ? 'file' : 'json';
  }

  /** `undefined` when the elements are of several types. */
  #listColumn(name: string): InferredColumn | undefined {
    const [kind] = this.#elements;
    const isText = [...this.#elements].every((each) => textual.has(each));
    if (kind === undefined || (this.#elements.size > 1 && !isText)) return undefined;
    if (this.#elementLength > maximumSizes.most) return undefined;
    const columnType = this.#elements.size > 1 ? 'STRING_LIST' : elementTypes[kind];
    const maximumListLength = Math.max(listLengths.least, this.#listLength);
    if (columnType !== 'STRING_LIST') return { name, columnType, maximumListLength };
    const maximumSize = Math.max(1, this.#elementLength);
    return { name, columnType, maximumSize, maximumListLength };
  }
}

const singleTypes: readonly (readonly [Kind, ColumnType])[] = [
  ['boolean', 'BOOLEAN'],
  ['integer', 'INTEGER'],
  ['date', 'DATE'],
  ['entity', 'ENTITYID'],
  ['file', 'FILEHANDLEID'],
];

const elementTypes: Readonly<Record<ElementKind, ColumnType>> = {
  boolean: 'BOOLEAN_LIST',
  date: 'DATE_LIST',
  entity: 'ENTITYID_LIST',
  integer: 'INTEGER_LIST',
  text: 'STRING_LIST',
};

/** The kinds of elements that are texts. */
const textual: ReadonlySet<ElementKind> = new Set(['entity', 'text']);

function elementKind(item: unknown): ElementKind | undefined {
  switch (typeof item) {
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return BigInt.asIntN(64, item) === item ? 'integer' : undefined;
    case 'number':
      return Number.isSafeInteger(item) ? 'integer' : undefined;
    case 'string':
      return entityId.test(item) ? 'entity' : 'text';
    default:
      return item instanceof Date ? 'date' : undefined;
  }
}

// Other digits would not be the same when they are read back.
const integer = /^(?:0|-?[1-9]\d{0,18})$/;
const entityId = /^syn[1-9]\d{0,17}$/;
const day = /^\d{4}-\d\d-\d\d(?:$|[T ])/;
/** Digits that a double always keeps. */
const safeDigits = 15;

/** Whether a double has the value that a text spells. */
function isExactDouble(text: string): boolean {
  const value = parseDouble(text);
  if (value === undefined) return false;
  if (!Number.isFinite(value)) return !/\d/.test(text);
  if (/^[+-]?0\d/.test(text) || text.startsWith('+')) return false;
  const digits = digitsOf(text);
  return digits.length <= safeDigits || digits === digitsOf(String(value));
}

/** The significant digits of a number. */
function digitsOf(text: string): string {
  const [mantissa = ''] = text.toLowerCase().split('e');
  return trimZeros(mantissa.replace(/[^\d]/g, ''));
}

function trimZeros(digits: string): string {
  let start = 0;
  let end = digits.length;
  while (start < end && digits[start] === '0') start += 1;
  while (end > start && digits[end - 1] === '0') end -= 1;
  return digits.slice(start, end);
}

/** A date of ISO 8601 with its day, without digits below a millisecond, which Synapse does not keep. */
function isExactDate(text: string): boolean {
  if (!day.test(text) || text.length > 40 || /[.,]\d{4}/.test(text)) return false;
  return (parseIsoDate(`${text}Z`) ?? parseIsoDate(text)) !== undefined;
}
