import type * as M from '../../generated/models.js';
import { listing, type Listing } from '../api/listing.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { isPrincipalId, userIdOf, type UserRef } from './userIdOf.js';
import { findPrincipal } from './findPrincipal.js';

/** Which projects {@link Users.projects} lists, and in which order. */
export interface ProjectsOptions extends CallOptions {
  /**
   * All projects of the user, those that the user created, those that others shared with the user, or those that were shared with
   * a team of the user.
   * @default 'ALL'
   */
  filter?: M.ProjectListType;
  /** Id or name of a team: only projects that were shared with it. */
  team?: string | number;
  /** @default 'LAST_ACTIVITY' */
  sort?: M.ProjectListSortColumn;
  /** @default 'DESC' */
  sortDirection?: M.EntityQuerySortDirection;
}

/** Implements {@link Users.projects}. */
export function userProjects(
  ctx: Context,
  user: UserRef | undefined,
  { filter, team, sort, sortDirection, ...options }: ProjectsOptions = {},
): Listing<M.ProjectHeader> {
  return listing(async function* () {
    const teamId = team === undefined ? undefined : await teamIdOf(ctx, String(team), options);
    const chosen = filter ?? (teamId === undefined ? undefined : ('TEAM' as const));
    const args = { filter: chosen, teamId, sort, sortDirection };
    if (user === undefined) {
      yield* ctx.http.paginate('userProfile.listMyProjects', args, options);
    } else {
      const principalId = await userIdOf(ctx, user, options);
      yield* ctx.http.paginate('userProfile.listUserProjects', { principalId, ...args }, options);
    }
  });
}

async function teamIdOf(ctx: Context, team: string, options: CallOptions): Promise<number> {
  const id = isPrincipalId(team) ? team : (await findPrincipal(ctx, team, options, 'team')).ownerId;
  return Number(id);
}
