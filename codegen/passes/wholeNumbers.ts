import { operationsOf } from '../description.js';
import type { Pass } from './pass.js';

/** Ids, versions, limits and offsets in a URL are Java longs, published as `number`. None of them takes a fraction. */
export const wholeNumbers: Pass = (draft) => {
  let hits = 0;
  for (const { operation } of operationsOf(draft)) {
    for (const { schema } of operation.parameters) {
      if (schema.type !== 'number') continue;
      schema.type = 'integer';
      hits++;
    }
  }
  return hits;
};
