import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';

/** What {@link AccessRequirements.search} searches for. Everything that is given has to fit. */
export interface RequirementSearch extends CallOptions {
  /** A part of the name. */
  name?: string;
  /** A project that they apply to, or to something in it. */
  project?: EntityRef;
  /** The order, first by the first. @default by id */
  sort?: M.AccessRequirementSearchSort[];
}

/** Implements {@link AccessRequirements.search}. */
export function searchRequirements(
  ctx: Context,
  { name, project, sort, ...options }: RequirementSearch = {},
): Listing<M.AccessRequirementSearchResult> {
  const body: M.AccessRequirementSearchRequest = {
    nameContains: name,
    relatedProjectId:
      project === undefined ? undefined : currentOf(project, 'a project has no versions'),
    sort,
  };
  const call = callOptions(options);
  return ctx.http.paginate('accessRequirement.searchAccessRequirements', { body }, call);
}
