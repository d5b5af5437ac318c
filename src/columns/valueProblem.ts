import { parseIsoDate } from '../values/dates.js';
import { parseDouble } from '../values/doubles.js';
import type { TableColumn } from './columnModel.js';
import { columnTypes, type CellKind } from './columnTypes.js';
import { listLengths, maximumSizes } from './columnLimits.js';

/**
 * Why a text cannot be a value of a column, as the end of a sentence; `undefined` when it can. It is for the values in the
 * description of a column: its default, and the values that it is limited to.
 */
export function valueProblem(text: string, column: TableColumn): string | undefined {
  const { kind, isList } = columnTypes[column.columnType];
  if (text.includes('\0')) return 'has the character NUL';
  if (!isList) return scalarProblem(text, kind, limitOf(column));
  const list = parseList(text);
  if (list === undefined) return 'is not a JSON list';
  const most = column.maximumListLength ?? listLengths.usual;
  if (list.length > most) return `has ${list.length} elements, the column holds ${most}`;
  for (const item of list) {
    const problem = isScalar(item)
      ? scalarProblem(String(item), kind, limitOf(column))
      : 'is not a value';
    if (problem !== undefined) return `has an element that ${problem}`;
  }
  return undefined;
}

function limitOf({ columnType, maximumSize }: TableColumn): number | undefined {
  const { isSized, maximumCharacters } = columnTypes[columnType];
  return isSized ? (maximumSize ?? maximumSizes.usual) : maximumCharacters;
}

function isScalar(item: unknown): item is string | number | boolean {
  return typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean';
}

function parseList(text: string): unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function scalarProblem(
  text: string,
  kind: CellKind,
  limit: number | undefined,
): string | undefined {
  if (limit !== undefined && text.length > limit) {
    return `has ${text.length} characters, the column holds ${limit}`;
  }
  return problems[kind](text);
}

const integer = /^[+-]?\d+$/;

/** Whether a text is an integer of 64 bits. */
function isInteger(text: string): boolean {
  if (!integer.test(text) || text.length > 30) return false;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value;
}

// Synapse reads more forms of dates than ISO 8601, such as `20-1-5 8:30`.
const looseDate = /^\d{1,4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?:\s|$)/;

const none = (): undefined => undefined;

const problems: Readonly<Record<CellKind, (text: string) => string | undefined>> = {
  text: none,
  id: none,
  boolean: (text) => (/^(?:true|false)$/i.test(text) ? undefined : 'is not true or false'),
  double: (text) => (parseDouble(text) === undefined ? 'is not a number' : undefined),
  integer: (text) => (isInteger(text) ? undefined : 'is not an integer of 64 bits'),
  date: (text) =>
    isInteger(text) || parseIsoDate(text) !== undefined || looseDate.test(text)
      ? undefined
      : 'is not a date: use ISO 8601, or milliseconds since 1970',
  json: (text) => (isJson(text) ? undefined : 'is not a JSON object or list'),
};

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
