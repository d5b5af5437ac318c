import type { AnnotationsOf } from '../index.js';
import { readJsonObject } from './readJsonArgument.js';
import { usageError } from './usageError.js';

/**
 * Annotations as they are typed: a JSON object whose values are scalars or arrays of them.
 *
 * @throws a usage error that names the key whose value cannot be an annotation.
 */
export async function readAnnotations(
  given: string | undefined,
): Promise<AnnotationsOf | undefined> {
  const object = await readJsonObject('--annotations', given);
  if (object === undefined) return undefined;
  for (const [key, value] of Object.entries(object)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((item) => ['string', 'number', 'boolean'].includes(typeof item))) {
      throw usageError(
        `--annotations: the value of ${JSON.stringify(key)} must be a text, a number, a boolean, or an array of them.`,
      );
    }
  }
  return object as AnnotationsOf;
}
