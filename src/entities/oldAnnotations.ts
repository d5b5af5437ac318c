import type * as M from '../../generated/models.js';

const statusMembers = new Set(['objectId', 'scopeId', 'stringAnnos', 'longAnnos', 'doubleAnnos']);

/** Whether these are the annotations of a submission status. */
export function isSubmissionStatusAnnotations(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((key) => statusMembers.has(key));
}

/** Annotations in the form before version 2, which submission bundles still use. */
export interface OldAnnotations {
  id?: string;
  etag?: string;
  creationDate?: string;
  uri?: string;
  stringAnnotations?: Record<string, unknown[]>;
  longAnnotations?: Record<string, unknown[]>;
  doubleAnnotations?: Record<string, unknown[]>;
  dateAnnotations?: Record<string, unknown[]>;
  blobAnnotations?: Record<string, unknown[]>;
}

// For a duplicate key, the later of these takes precedence.
const members: readonly (readonly [keyof OldAnnotations, M.AnnotationsValueType])[] = [
  ['doubleAnnotations', 'DOUBLE'],
  ['stringAnnotations', 'STRING'],
  ['longAnnotations', 'LONG'],
  ['dateAnnotations', 'TIMESTAMP_MS'],
];
const known = new Set([
  'id',
  'etag',
  'creationDate',
  'uri',
  'blobAnnotations',
  ...members.map(([name]) => name),
]);

/**
 * Converts annotations from before version 2 to the current form (values keep their JSON type; blobs are omitted).
 * Any other value is returned unchanged.
 */
export function convertOldAnnotations(old: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(old).some((key) => !known.has(key))) return old;
  const annotations = members.flatMap(([member, type]) =>
    Object.entries(old[member] ?? {}).map(([key, value]) => [
      key,
      { type, value: value as unknown },
    ]),
  );
  const { id, etag, creationDate, uri } = old;
  // Unlike an assignment, this keeps the key `__proto__`.
  return { id, etag, creationDate, uri, annotations: Object.fromEntries(annotations) as object };
}
