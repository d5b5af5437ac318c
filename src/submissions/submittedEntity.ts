import { checkAnswer } from '../api/checkAnswer.js';
import type { StoredBundle } from '../entities/entityBundle.js';
import type { Entity, Stored } from '../entities/entityClasses.js';
import { convertOldAnnotations } from '../entities/oldAnnotations.js';
import { entityOfBundle } from '../entities/storedState.js';
import { MalformedResponseError } from '../errors.js';
import { parseJson } from '../values/json.js';
import { isTooDeep } from '../values/jsonDepth.js';
import type { Submission } from './submission.js';

type Members = Record<string, unknown>;

/**
 * The entity of a submission as it was when it was submitted; `undefined` for a submission without a copy of it.
 *
 * @throws {@link MalformedResponseError} when the copy cannot be read.
 */
export function submittedEntity({
  id,
  entityId,
  entityBundleJSON: json,
}: Submission): (Entity & Stored) | undefined {
  if (json === undefined || json === '') return undefined;
  const bundle = parsed(id, json);
  const { annotations } = bundle;
  if (isObject(annotations)) {
    const converted = convertOldAnnotations(annotations);
    bundle['annotations'] = {
      ...converted,
      id: converted['id'] ?? entityId,
      etag: converted['etag'] ?? '',
      annotations: withTexts(converted['annotations']),
    };
  }
  const checked = checkAnswer('entityBundle.getEntityVersionBundle', bundle);
  // The check has found the entity.
  return entityOfBundle(checked as unknown as StoredBundle);
}

/** Values of old annotations are numbers and texts; those of the current form are texts. */
function withTexts(annotations: unknown): Members {
  const entries = Object.entries(isObject(annotations) ? annotations : {});
  return Object.fromEntries(
    entries.map(([key, annotation]) => {
      if (!isObject(annotation) || !Array.isArray(annotation['value'])) return [key, annotation];
      return [key, { ...annotation, value: annotation['value'].map(String) }];
    }),
  );
}

function parsed(id: string, json: string): Members {
  let value: unknown;
  try {
    if (!isTooDeep(json)) value = parseJson(json);
  } catch {
    // Reported below.
  }
  if (isObject(value)) return value;
  throw new MalformedResponseError({
    operation: 'evaluation.getEvaluationSubmission',
    field: 'entityBundleJSON',
    expected: `the JSON of an entity in submission ${id}`,
    actual: `a text of ${json.length} characters that is not`,
  });
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
