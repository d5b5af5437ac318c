import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { withQueryErrors } from './queryError.js';
import type { QueryJobOptions } from './queryOptions.js';
import type { QueryRequest } from './queryRequest.js';

/**
 * Runs a query and reads parts of its result.
 *
 * @param partMask - The sum of the bits of the parts.
 * @throws {@link QueryError} when Synapse refuses the query.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/query/async/start.html
 */
export function queryBundle(
  ctx: Context,
  request: QueryRequest,
  partMask: number,
  options: QueryJobOptions,
): Promise<M.QueryResultBundle> {
  const { id, query } = request;
  return withQueryErrors(request, () =>
    ctx.http.runJob(
      {
        concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
        entityId: id,
        query,
        partMask,
      },
      { id },
      options,
    ),
  );
}
