import { walkSchemas } from '../description.js';
import type { Pass } from './pass.js';

/**
 * An interface repeats its parent's properties beside `oneOf`; every member has them too. Without them the type is a plain union,
 * which is what hovers and error messages should show.
 */
export const flattenUnions: Pass = (draft) => {
  let hits = 0;
  walkSchemas(draft, (schema) => {
    if (schema.oneOf === undefined || schema.properties === undefined) return;
    delete schema.properties;
    delete schema.required;
    delete schema.type;
    hits++;
  });
  return hits;
};
