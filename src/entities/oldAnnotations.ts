import type * as M from '../../generated/models.js';

const statusMembers = new Set(['objectId', 'scopeId', 'stringAnnos', 'longAnnos', 'doubleAnnos']);

/** Whether annotations are of the kind that the status of a submission has. */
export function isSubmissionStatusAnnotations(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((key) => statusMembers.has(key));
}

/** Annotations as they were before version 2, which bundles of submissions still hold. */
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

// Where a key is there twice, the later of these wins.
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
 * Brings annotations from before version 2 into the form of today (values keep their JSON type; no blobs).
 * Anything that is not such annotations comes back as it is.
 */
export function convertOldAnnotations(old: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(old).some((key) => !known.has(key))) return old;
  const annotations: Record<string, unknown> = {};
  for (const [member, type] of members) {
    for (const [key, value] of Object.entries(old[member] ?? {})) {
      annotations[key] = { type, value: value as unknown };
    }
  }
  const { id, etag, creationDate, uri } = old;
  return { id, etag, creationDate, uri, annotations };
}
