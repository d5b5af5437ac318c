import { ArgumentError } from '../errors.js';
import type { AnnotationsOf } from './entityClasses.js';

/**
 * Annotations from a JSON object whose values are scalars or arrays of them.
 *
 * @throws {@link ArgumentError} naming the key whose value no annotation can have.
 */
export function annotationsFromJson(object: Readonly<Record<string, unknown>>): AnnotationsOf {
  for (const [key, value] of Object.entries(object)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.every((item) => ['string', 'number', 'boolean'].includes(typeof item))) continue;
    throw new ArgumentError(
      `The value of ${JSON.stringify(key)} must be a text, a number, a boolean, or an array of them.`,
    );
  }
  return object as AnnotationsOf;
}
