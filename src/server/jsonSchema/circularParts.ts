import type * as M from '../../../generated/models.js';
import { referredSchema } from './schemaParts.js';
import { mapSchema } from './subSchemas.js';

/**
 * Whether a part of a schema refers to itself without descending into the value, as `{ "$ref": "#"
 * }` does. Such a schema cannot be evaluated.
 */
export function hasCircularParts(whole: M.JsonSchema): boolean {
  const parts: M.JsonSchema[] = [];
  const copy = mapSchema(whole, (part) => {
    parts.push(part);
    return part;
  });
  const open = new Set<M.JsonSchema>();
  const done = new Set<M.JsonSchema>();
  const isCircular = (part: M.JsonSchema): boolean => {
    if (open.has(part) || done.has(part)) {
      return open.has(part);
    }
    open.add(part);
    const isFound = besides(copy, part).some(isCircular);
    open.delete(part);
    done.add(part);
    return isFound;
  };
  return parts.some(isCircular);
}

/** The subschemas that apply to the same value. */
function besides(whole: M.JsonSchema, part: M.JsonSchema): M.JsonSchema[] {
  const { allOf = [], anyOf = [], oneOf = [], not, then } = part;
  return [
    referredSchema(whole, part),
    ...allOf,
    ...anyOf,
    ...oneOf,
    not,
    part.if,
    then,
    part.else,
  ].filter((next) => next !== undefined);
}
