import { ArgumentError } from '../errors.js';
import type { AnnotationsOf } from './entityClasses.js';

/**
 * Reads annotations from a JSON object whose values are scalars or arrays of scalars.
 *
 * @throws {@link ArgumentError} with the key, for a value that an annotation cannot have.
 */
export function annotationsFromJson(object: Readonly<Record<string, unknown>>): AnnotationsOf {
  for (const [key, value] of Object.entries(object)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.every((item) => ['string', 'number', 'boolean'].includes(typeof item))) continue;
    throw new ArgumentError(
      `The value of ${JSON.stringify(key)} must be a string, a number, a boolean, or an array of these.`,
    );
  }
  return object as AnnotationsOf;
}
