import type { AnnotationsOf } from '../index.js';
import { readJsonObject } from './readJsonArgument.js';

/**
 * Reads the annotations of `--annotations`.
 *
 * @throws an error with the usage exit status when the text is not a JSON object, or has an invalid value.
 */
export async function readAnnotations(
  given: string | undefined,
): Promise<AnnotationsOf | undefined> {
  const object = await readJsonObject('--annotations', given);
  if (object === undefined) return undefined;
  const { annotationsFromJson } = await import('../entities/annotationsFromJson.js');
  return annotationsFromJson(object);
}
