import { walkSchemas } from '../description.js';
import type { Pass } from './pass.js';

/** Every integer is published as `int32`, file sizes too; the server keeps all of them in 64 bits. */
export const wideIntegers: Pass = (draft) => {
  let hits = 0;
  walkSchemas(draft, (schema) => {
    if (schema.format !== 'int32') return;
    schema.format = 'int64';
    hits++;
  });
  return hits;
};
