import type * as M from '../../generated/models.js';
import type { Listing } from '../api/listing.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** Which names {@link Users.search} finds. */
export interface SearchPrincipalsOptions extends CallOptions {
  /** Only users, or only teams. @default both */
  type?: 'user' | 'team';
}

/** The largest page that the service sends. */
const limit = 100;

const filters = { user: 'USERS_ONLY', team: 'TEAMS_ONLY', both: 'ALL' } as const;

/** Implements {@link Users.search}. */
export function searchPrincipals(
  ctx: Context,
  prefix: string,
  { type, ...options }: SearchPrincipalsOptions = {},
): Listing<M.UserGroupHeader> {
  const args = { prefix, typeFilter: filters[type ?? 'both'], limit };
  return ctx.http.paginate('userProfile.listUserGroupHeaders', args, options);
}
