import { operationsOf } from '../description.js';
import type { Pass } from './pass.js';

/** The same `{id}` is a string in one path and a number in the next, and ids in answers are strings: a caller may pass either. */
export const numericPathParameters: Pass = (draft) => {
  let hits = 0;
  for (const { operation } of operationsOf(draft)) {
    for (const parameter of operation.parameters) {
      if (parameter.in !== 'path' || parameter.schema.type !== 'integer') continue;
      parameter.schema = { oneOf: [{ type: 'integer' }, { type: 'string' }] };
      hits++;
    }
  }
  return hits;
};
