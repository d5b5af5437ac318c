import type * as M from '../../../generated/models.js';
import { findOwnAcl } from '../access/entityAcls.js';
import { hasAccess } from '../access/requireAccess.js';
import { numericId, rootId } from '../entities/entityIds.js';
import { childrenOf, getVersionRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import { badRequest } from '../kernel/serviceError.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';

/** Filter and order of a list of projects. */
export interface ProjectListQuery {
  /** Projects that are shared with this team; used with the filter `TEAM`. */
  readonly teamId?: number;
  /** @default ALL */
  readonly filter?: M.ProjectListType;
  /** @default LAST_ACTIVITY */
  readonly sort?: M.ProjectListSortColumn;
  /** @default DESC */
  readonly sortDirection?: M.EntityQuerySortDirection;
  readonly nextPageToken?: string;
}

/**
 * Groups that every user belongs to. A project shared with them is not listed as the user's own.
 */
const commonGroups: ReadonlySet<number> = new Set([
  fixedPrincipals.public,
  fixedPrincipals.authenticatedUsers,
  fixedPrincipals.certifiedUsers,
]);

/**
 * The projects of a user that the caller may read too. The last activity is the last change of the
 * project itself: reads, and changes of its content, are not recorded.
 *
 * @throws 400 for a user or team that does not exist
 * @see https://rest-docs.synapse.org/rest/GET/projects.html
 */
export function listProjects(
  world: World,
  caller: Caller,
  userId: number,
  query: ProjectListQuery,
): M.ProjectHeaderList {
  if (getPrincipal(world, userId)?.isIndividual !== true) {
    throw badRequest(`User ${userId} does not exist.`);
  }
  const isListed = projectFilter(world, userId, query);
  const headers = childrenOf(world, rootId)
    .filter((project) => project.type === 'project' && isListed(project))
    .filter((project) => hasAccess(world, caller, project.id, 'READ'))
    .sort((a, b) => numericId(a.id) - numericId(b.id))
    .map((project) => projectHeader(world, project));
  const { sort = 'LAST_ACTIVITY', sortDirection = 'DESC' } = query;
  const key = ({ name, lastActivity }: M.ProjectHeader) =>
    (sort === 'PROJECT_NAME' ? name?.toLowerCase() : lastActivity) ?? '';
  headers.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  if (sortDirection === 'DESC') {
    headers.reverse();
  }
  const { page, ...next } = tokenPage(headers, query.nextPageToken);
  return { results: page, ...next };
}

function projectFilter(
  world: World,
  userId: number,
  { filter, teamId }: ProjectListQuery,
): (project: EntityRecord) => boolean {
  const chosen = filter ?? (teamId === undefined ? 'ALL' : 'TEAM');
  if (teamId !== undefined && chosen !== 'TEAM') {
    throw badRequest(
      `A teamId can only be given with the filter TEAM, but the filter is ${chosen}.`,
    );
  }
  if (teamId !== undefined && getPrincipal(world, teamId)?.isIndividual !== false) {
    throw badRequest(`Team ${teamId} does not exist.`);
  }
  const own = new Set([...world.groupsOf(userId)].filter((group) => !commonGroups.has(group)));
  const teams =
    teamId === undefined ? new Set([...own].filter((id) => id !== userId)) : new Set([teamId]);
  switch (chosen) {
    case 'ALL':
      return (project) => isSharedWith(world, project, own);
    case 'CREATED':
      return (project) => project.createdBy === userId && isSharedWith(world, project, own);
    case 'PARTICIPATED':
      return (project) => project.createdBy !== userId && isSharedWith(world, project, own);
    case 'TEAM':
      return (project) => isSharedWith(world, project, teams);
  }
}

function isSharedWith(world: World, project: EntityRecord, groups: ReadonlySet<number>): boolean {
  const entries = findOwnAcl(world, project.id)?.resourceAccess ?? [];
  return entries.some(
    ({ principalId, accessType }) => groups.has(principalId) && accessType.includes('READ'),
  );
}

function projectHeader(world: World, project: EntityRecord): M.ProjectHeader {
  const { modifiedOn, modifiedBy } = getVersionRecord(world, project);
  return { id: project.id, name: project.name, lastActivity: modifiedOn, modifiedOn, modifiedBy };
}
