import { MalformedResponseError } from '../errors.js';
import type { Shape } from './shape.js';

/** Checks a value against a shape. @throws {@link MalformedResponseError} that names the operation and the field. */
export function checkShape<T>(operation: string, shape: Shape, value: T): T {
  const mismatch = shape(value);
  if (mismatch === undefined) return value;
  const { field, expected, actual } = mismatch;
  throw new MalformedResponseError({ operation, field, expected, actual: nameOf(actual) });
}

/** A short name of a value, which may be of any length. */
function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  // JSON has no infinity and no bigint.
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const shown = isNumber ? String(value) : JSON.stringify(value);
  return shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
}
