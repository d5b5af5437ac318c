import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Implements {@link Synapse.search}. */
export function searchEntities(
  ctx: Context,
  text: string,
  options: CallOptions = {},
): Promise<M.SearchResults> {
  return ctx.services.search.searchEntities({ body: { queryTerm: [text] } }, options);
}
