import type * as M from '../../../generated/models.js';
import { estimatedTotal, formatPageToken, pageWindow } from '../kernel/paging.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { listProjects, type ProjectListQuery } from './projectLists.js';

/** The filter that stands behind each of the former types of lists. */
const filters: ReadonlyMap<string, M.ProjectListType> = new Map([
  ['MY_PROJECTS', 'ALL'],
  ['OTHER_USER_PROJECTS', 'ALL'],
  ['MY_CREATED_PROJECTS', 'CREATED'],
  ['MY_PARTICIPATED_PROJECTS', 'PARTICIPATED'],
  ['MY_TEAM_PROJECTS', 'TEAM'],
  ['TEAM_PROJECTS', 'TEAM'],
]);

/** Serves the lists of projects that older clients still ask for. */
export function deprecatedListRoutes(router: Router, world: World): void {
  const base = '/repo/v1/projects/{deprecatedType}';
  router.extra('GET', base, ({ caller, path, query }) =>
    page(world, caller, caller.userId, { filter: filterOf(path), query }),
  );
  router.extra('GET', `${base}/user/{principalId}`, ({ caller, path, query }) =>
    page(world, caller, Number(path['principalId']), { filter: filterOf(path), query }),
  );
  router.extra('GET', `${base}/team/{teamId}`, ({ caller, path, query }) =>
    page(world, caller, caller.userId, {
      filter: 'TEAM',
      teamId: Number(path['teamId']),
      query,
    }),
  );
}

function filterOf(path: Readonly<Record<string, string>>): M.ProjectListType {
  const filter = filters.get(path['deprecatedType'] ?? '');
  if (filter === undefined) {
    throw badRequest(`The type of the list must be one of: ${[...filters.keys()].join(', ')}.`);
  }
  return filter;
}

interface DeprecatedList {
  readonly filter: M.ProjectListType;
  readonly teamId?: number;
  readonly query: Readonly<Record<string, string | undefined>>;
}

function page(
  world: World,
  caller: Caller,
  userId: number,
  { filter, teamId, query }: DeprecatedList,
): { results: M.ProjectHeader[]; totalNumberOfResults: number } {
  const { offset, limit } = query;
  const window = pageWindow({
    ...(offset !== undefined && { offset }),
    ...(limit !== undefined && { limit }),
  });
  const order = {
    ...(query['sort'] !== undefined && { sort: query['sort'] }),
    ...(query['sortDirection'] !== undefined && { sortDirection: query['sortDirection'] }),
  } as Pick<ProjectListQuery, 'sort' | 'sortDirection'>;
  const { results } = listProjects(world, caller, userId, {
    ...order,
    filter,
    ...(teamId !== undefined && { teamId }),
    nextPageToken: formatPageToken(window),
  });
  return { results, totalNumberOfResults: estimatedTotal(window, results.length) };
}
