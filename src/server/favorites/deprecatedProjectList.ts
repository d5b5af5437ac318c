import type * as M from '../../../generated/models.js';
import { schemas } from '../../../generated/schemas.js';
import type { Caller } from '../kernel/caller.js';
import { estimatedTotal, formatPageToken, pageWindow } from '../kernel/paging.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { listProjects } from './projectLists.js';

/** The filters that the deprecated types of lists stand for. */
const filters: ReadonlyMap<string, M.ProjectListType> = new Map([
  ['MY_PROJECTS', 'ALL'],
  ['OTHER_USER_PROJECTS', 'ALL'],
  ['MY_CREATED_PROJECTS', 'CREATED'],
  ['MY_PARTICIPATED_PROJECTS', 'PARTICIPATED'],
  ['MY_TEAM_PROJECTS', 'TEAM'],
  ['TEAM_PROJECTS', 'TEAM'],
]);

/** A list of projects by its deprecated type, with offset and limit. @throws 400 */
export function deprecatedProjectList(
  world: World,
  caller: Caller,
  list: { readonly userId: number; readonly type: string; readonly teamId?: number },
  query: Readonly<Record<string, string | undefined>>,
): { results: M.ProjectHeader[]; totalNumberOfResults: number } {
  const filter = filters.get(list.type);
  if (filter === undefined) {
    throw badRequest(`Unrecognized type of project list: ${list.type.slice(0, 100)}`);
  }
  const sort = oneOf('ProjectListSortColumn', query['sort']);
  const direction = oneOf('EntityQuerySortDirection', query['sortDirection']);
  const window = pageWindow({
    ...(query['offset'] !== undefined && { offset: query['offset'] }),
    ...(query['limit'] !== undefined && { limit: query['limit'] }),
  });
  const { results } = listProjects(world, caller, list.userId, {
    filter,
    ...(list.teamId !== undefined && { teamId: list.teamId }),
    ...(sort !== undefined && { sort }),
    ...(direction !== undefined && { sortDirection: direction }),
    nextPageToken: formatPageToken(window),
  });
  return { results, totalNumberOfResults: estimatedTotal(window, results.length) };
}

interface Enums {
  readonly ProjectListSortColumn: M.ProjectListSortColumn;
  readonly EntityQuerySortDirection: M.EntityQuerySortDirection;
}

function oneOf<T extends keyof Enums>(type: T, value: string | undefined): Enums[T] | undefined {
  const known = schemas[type]?.enum?.find((name) => name === value);
  if (value !== undefined && known === undefined) {
    throw badRequest(`No enum constant ${type}.${value.slice(0, 100)}`);
  }
  return known as Enums[T] | undefined;
}
