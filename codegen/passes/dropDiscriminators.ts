import { walkSchemas } from '../description.js';
import type { Pass } from './pass.js';

/**
 * Every interface names `concreteType` as its discriminator, also the 11 whose members have no such property (`ColumnModel`, `Doi`...).
 * openapi-typescript then adds a *required* `concreteType` to those members and valid bodies stop compiling. Nothing is lost
 * by dropping it: where members do have the property it is required and a literal, which is all that narrowing needs.
 */
export const dropDiscriminators: Pass = (draft) => {
  let hits = 0;
  walkSchemas(draft, (schema) => {
    if (schema.discriminator === undefined) return;
    delete schema.discriminator;
    hits++;
  });
  return hits;
};
