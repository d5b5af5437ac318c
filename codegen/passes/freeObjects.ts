import { operationsOf, schemasOf } from '../description.js';
import type { Pass } from './pass.js';

/** A body that is any JSON object is published as an object without properties, in TypeScript one that can hold nothing. */
export const freeObjects: Pass = (draft) => {
  let hits = 0;
  for (const { operation } of operationsOf(draft)) {
    for (const schema of schemasOf(operation)) {
      if (schema.type !== 'object' || schema.properties !== undefined) continue;
      schema.additionalProperties = true;
      hits++;
    }
  }
  return hits;
};
