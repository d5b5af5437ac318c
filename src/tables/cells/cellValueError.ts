import { ArgumentError } from '../../errors.js';
import { stringifyJson } from '../../values/json.js';

/** A value that does not fit its column. Nothing of the call was sent. */
export class CellValueError extends ArgumentError {
  override readonly name = 'CellValueError';
  /** The number of the row in the input, counting from 1. */
  readonly row: number;
  readonly column: string;
  readonly value: unknown;
  /** What is wrong with the value: the end of a sentence that begins with it. */
  readonly reason: string;

  constructor({
    row,
    column,
    value,
    reason,
  }: {
    row: number;
    column: string;
    value: unknown;
    reason: string;
  }) {
    super(`Row ${row}, column ${JSON.stringify(column)}: ${shown(value)} ${reason}.`);
    this.row = row;
    this.column = column;
    this.value = value;
    this.reason = reason;
  }
}

/** The number of characters of a value that a message shows. */
const longest = 200;

function shown(value: unknown): string {
  const text = textOf(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}

function textOf(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  }
  try {
    return stringifyJson(value, { nonFinite: 'text' });
  } catch {
    // An object with a cycle.
    return 'the object';
  }
}
