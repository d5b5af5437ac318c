import type { AnnotationsOf } from '../index.js';
import { readJsonObject } from './readJsonArgument.js';

/**
 * The annotations that `--annotations` gives.
 *
 * @throws an error with the usage exit status when it is no JSON object, or has a value that cannot be an annotation.
 */
export async function readAnnotations(
  given: string | undefined,
): Promise<AnnotationsOf | undefined> {
  const object = await readJsonObject('--annotations', given);
  if (object === undefined) return undefined;
  const { annotationsFromJson } = await import('../entities/annotationsFromJson.js');
  return annotationsFromJson(object);
}
