import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { referredSchema } from './schemaParts.js';
import { mapSchema, partsOf } from './subSchemas.js';

/** Maximum number of subschemas that are evaluated for one value. A subschema that is used twice counts twice. */
const maxEvaluated = 5000;
/** Maximum number of levels, counting references. */
const maxDepth = 200;
/** Maximum number of regular expressions, which take the longest to compile. */
const maxPatterns = 1000;

/**
 * Refuses a schema that takes too long to compile or to evaluate: a few parts that refer to each
 * other twice are evaluated an exponential number of times.
 *
 * @throws 400
 */
export function checkSize(whole: M.JsonSchema): void {
  let parts = 0;
  let patterns = 0;
  mapSchema(whole, (part) => {
    parts += 1;
    patterns += part.pattern === undefined ? 0 : 1;
    return part;
  });
  if (parts > maxEvaluated || patterns > maxPatterns) {
    throw badRequest(
      `Invalid JSON schema: it has ${parts} parts and ${patterns} patterns; the limits are ` +
        `${maxEvaluated} and ${maxPatterns}.`,
    );
  }
  if (evaluatedParts(whole) > maxEvaluated) {
    throw badRequest(
      `Invalid JSON schema: its references lead to more than ${maxEvaluated} evaluations of one value.`,
    );
  }
}

/** The number of evaluations for one value. A part that contains itself counts once. */
function evaluatedParts(whole: M.JsonSchema): number {
  const known = new Map<M.JsonSchema, number>();
  const count = (part: M.JsonSchema, depth: number): number => {
    const before = known.get(part);
    if (before !== undefined) return before;
    if (depth > maxDepth) {
      throw badRequest(`Invalid JSON schema: it is nested more than ${maxDepth} levels deep.`);
    }
    known.set(part, 1);
    const referred = referredSchema(whole, part);
    // Beside a reference, the other keywords are ignored.
    const next = referred === undefined ? partsOf(part) : [referred];
    const sum = next.reduce((total, inner) => total + count(inner, depth + 1), 1);
    known.set(part, sum);
    return sum;
  };
  return count(whole, 0);
}
