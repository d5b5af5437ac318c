import type * as M from '../../generated/models.js';
import type { AnnotationsInput } from '../entities/annotationValues.js';
import { ArgumentError } from '../errors.js';
import { fromSubmissionAnnotations, submissionAnnotations } from './submissionAnnotations.js';
import {
  submissionStatusAnnotations,
  type SubmissionStatusAnnotations,
} from './submissionStatusAnnotations.js';

/** A submission's status, with annotations as values by key. */
export interface SubmissionStatusInput {
  id: string;
  etag: string;
  /** Required, as all three name what is updated. */
  statusVersion: number;
  status?: M.SubmissionStatusEnum;
  score?: number;
  report?: string;
  entityId?: string;
  versionNumber?: number;
  /** @default false */
  canCancel?: boolean;
  /** @default false */
  cancelRequested?: boolean;
  /** Annotations of the status: one value a key. */
  annotations?: AnnotationsInput | SubmissionStatusAnnotations;
  /** Annotations that a submission view shows: values, or the form of the API. */
  submissionAnnotations?: AnnotationsInput | M.Annotations;
  /** Whether the annotations of the status are private. @default true */
  privateStatusAnnotations?: boolean;
}

/** A submission's status in the form of the API. */
export type SubmissionStatusRequest = Omit<M.SubmissionStatus, 'annotations'> & {
  annotations?: SubmissionStatusAnnotations;
};

/**
 * Builds the body of the request that updates a submission's status.
 *
 * @throws {@link ArgumentError} when the id, the etag or the version is missing, and for annotations that cannot be stored.
 * @see https://rest-docs.synapse.org/rest/PUT/evaluation/submission/subId/status.html
 */
export function submissionStatusRequest({
  annotations = {},
  submissionAnnotations: ofSubmission = {},
  privateStatusAnnotations: isPrivate = true,
  canCancel = false,
  cancelRequested = false,
  ...status
}: SubmissionStatusInput): SubmissionStatusRequest {
  for (const name of ['id', 'etag', 'statusVersion'] as const) {
    // Callers without types may leave them out.
    if ((status as Partial<typeof status>)[name] === undefined) {
      throw new ArgumentError(
        `The submission's status has no ${name}: read it, change it, and store what was read.`,
      );
    }
  }
  const isAnnotated = Object.keys(annotations).length > 0;
  const shown = valuesOf(ofSubmission);
  const isShown = Object.keys(shown).length > 0;
  return {
    ...status,
    canCancel,
    cancelRequested,
    ...(isAnnotated && { annotations: submissionStatusAnnotations(annotations, { isPrivate }) }),
    ...(isShown && { submissionAnnotations: submissionAnnotations(status, shown) }),
  };
}

function valuesOf(annotations: AnnotationsInput | M.Annotations): AnnotationsInput {
  return isOfApi(annotations) ? fromSubmissionAnnotations(annotations) : annotations;
}

/** No value of an annotation is an object without a type. */
function isOfApi(annotations: AnnotationsInput | M.Annotations): annotations is M.Annotations {
  const { annotations: values } = annotations;
  return (
    Object.keys(annotations).every((key) => ['id', 'etag', 'annotations'].includes(key)) &&
    typeof values === 'object' &&
    values !== null &&
    !Array.isArray(values) &&
    !(values instanceof Date) &&
    !('type' in values && 'value' in values)
  );
}
