import { operationsOf, refTo } from '../description.js';
import type { Pass } from './pass.js';

/** The description has no answer of 4xx or 5xx at all. Every operation gets the service's error object as its default response. */
export const errorResponses: Pass = (draft) => {
  draft.components.responses = {
    Error: {
      description: '',
      content: {
        'application/json': { schema: refTo('org.sagebionetworks.repo.model.ErrorResponse') },
      },
    },
  };
  const operations = operationsOf(draft);
  for (const { operation } of operations)
    operation.responses.default = { $ref: '#/components/responses/Error' };
  return operations.length;
};
