import { operationsOf, walkSchemas } from './description.js';
import type { Description } from './description.js';

/** Removes upstream's prose: what is committed is structure only. Property *names* are never touched, `description` is one of them. */
export function stripProse(description: Description): Description {
  const bare = structuredClone(description);
  for (const tag of bare.tags) delete tag.description;
  walkSchemas(bare, (schema) => {
    delete schema.description;
  });
  for (const { operation } of operationsOf(bare)) {
    for (const parameter of operation.parameters) delete parameter.description;
    // OpenAPI demands a description of every response.
    for (const response of Object.values(operation.responses)) response.description = '';
  }
  return bare;
}
