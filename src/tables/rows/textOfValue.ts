import { ArgumentError } from '../../errors.js';
import { formatIso } from '../../values/dates.js';
import { stringifyJson } from '../../values/json.js';
import { quoted } from '../../values/quoted.js';

/**
 * A value as the text that columns of every type read: a date in ISO 8601, lists and objects as JSON.
 *
 * @throws {@link ArgumentError} for what no column can hold: bytes, functions, invalid dates.
 */
export function textOfValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      if (value instanceof Date) {
        if (!Number.isNaN(value.getTime())) return formatIso(value);
      } else if (value !== null && !(value instanceof Uint8Array)) {
        return stringifyJson(Symbol.iterator in value ? [...(value as Iterable<unknown>)] : value);
      }
  }
  throw new ArgumentError(`${describe(value)} is no value that a column can hold.`);
}

function describe(value: unknown): string {
  if (value instanceof Date) return 'An invalid date';
  if (value instanceof Uint8Array) return 'A list of bytes';
  return typeof value === 'object' ? quoted(value) : `A ${typeof value}`;
}
