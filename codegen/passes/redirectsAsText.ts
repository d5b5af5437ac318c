import { operationsOf } from '../description.js';
import type { Pass } from './pass.js';

/** Endpoints that redirect to a file answer `redirect=false` with its URL as text. The description has no type for that text. */
export const redirectsAsText: Pass = (draft) => {
  let hits = 0;
  for (const { operation } of operationsOf(draft)) {
    const text = operation.responses['200']?.content?.['text/plain'];
    if (operation.responses['307'] === undefined || text === undefined) continue;
    text.schema = { type: 'string' };
    hits++;
  }
  return hits;
};
