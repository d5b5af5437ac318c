import type * as M from '../../../generated/models.js';
import { quoted } from '../../values/quoted.js';

/** Keys of an entity, and values of a key, at most. */
const mostKeys = 100;
const mostValues = 100;

const keyPattern = /^[a-zA-Z0-9,_.]+$/;
const reserved: ReadonlySet<string> = new Set(['_accessRequirementIds']);

/** Why a name cannot be the key of an annotation. */
export function annotationKeyProblem(key: string): string | undefined {
  if (!keyPattern.test(key)) {
    return `the column ${quoted(key)} cannot be an annotation: keys have letters (a to z), digits, _ and . only`;
  }
  if (!reserved.has(key)) return undefined;
  return `the column ${quoted(key)} cannot be an annotation: Synapse reserves that key`;
}

/** Why an entity cannot have these annotations. */
export function annotationCountProblem(
  annotations: Readonly<Record<string, M.AnnotationsValue>>,
): { column?: string; message: string } | undefined {
  const entries = Object.entries(annotations);
  if (entries.length > mostKeys) {
    return { message: `the row has ${entries.length} annotations: Synapse allows ${mostKeys}` };
  }
  const long = entries.find(([, { value }]) => value.length > mostValues);
  if (long === undefined) return undefined;
  const [column, { value }] = long;
  return {
    column,
    message: `it has ${value.length} values: Synapse allows ${mostValues} of a key`,
  };
}
