import type { AnnotationsInput, EntityInit } from '../index.js';
import { parseJsonInput } from '../values/json.js';
import { readJsonObject } from './readJsonArgument.js';
import { usageError } from './usageError.js';

/**
 * Reads the annotations of `--annotations`.
 *
 * @throws an error with the usage exit status when the text is not a JSON object, or has an invalid value.
 */
export async function readAnnotations(
  given: string | undefined,
): Promise<AnnotationsInput | undefined> {
  const object = await readJsonObject('--annotations', given, parseJsonInput);
  if (object === undefined) return undefined;
  const { annotationsFromJson } = await import('../entities/annotationsFromJson.js');
  return annotationsFromJson(object);
}

/** Like {@link readAnnotations}, for a command that cannot remove annotations. */
export async function readAddedAnnotations(
  given: string | undefined,
): Promise<EntityInit['annotations']> {
  const annotations = await readAnnotations(given);
  if (annotations === undefined) return undefined;
  const added = Object.entries(annotations).map(([key, value]) => {
    if (value !== null && value !== undefined) return [key, value] as const;
    throw usageError(
      `--annotations: ${JSON.stringify(key)} is null, which removes an annotation. This command only adds annotations: use \`synapse set-annotations\`.`,
    );
  });
  return Object.fromEntries(added);
}
