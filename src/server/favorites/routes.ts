import { parseEntityId } from '../entities/entityIds.js';
import { entityHeader } from '../entities/entityModels.js';
import { pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { parsePrincipalId } from '../teams/teamRecords.js';
import type { World } from '../world.js';
import { addFavorite, listFavorites, removeFavorite } from './favorites.js';
import { deprecatedProjectList } from './deprecatedProjectList.js';
import { listProjects } from './projectLists.js';

/** Serves favorites and the lists of a user's projects. */
export function favoriteRoutes(router: Router, world: World): void {
  router.post('/repo/v1/favorite/{id}', ({ path, caller }) =>
    addFavorite(world, caller, parseEntityId(path.id)),
  );
  router.delete('/repo/v1/favorite/{id}', ({ path, caller }) =>
    removeFavorite(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/favorite', ({ query, caller }) => {
    const { offset, limit } = pageWindow(query);
    const entities = listFavorites(world, caller, query);
    const page = entities.slice(offset, offset + limit);
    return {
      results: page.map((entity) => entityHeader(world, entity)),
      totalNumberOfResults: entities.length,
    };
  });
  router.get('/repo/v1/projects', ({ query, caller }) => {
    requireLogin(caller);
    return listProjects(world, caller, caller.userId, query);
  });
  router.get('/repo/v1/projects/user/{principalId}', ({ path, query, caller }) =>
    listProjects(world, caller, path.principalId, query),
  );
  deprecatedProjectRoutes(router, world);
}

/** Serves the lists of projects by type, which the API description leaves out. */
function deprecatedProjectRoutes(router: Router, world: World): void {
  const path = '/repo/v1/projects/{type}';
  router.extra('GET', path, ({ caller, path: { type = '' }, query }) => {
    requireLogin(caller);
    return deprecatedProjectList(world, caller, { userId: caller.userId, type }, query);
  });
  router.extra(
    'GET',
    `${path}/user/{principalId}`,
    ({ caller, path: { type = '', principalId = '' }, query }) =>
      deprecatedProjectList(world, caller, { userId: parsePrincipalId(principalId), type }, query),
  );
  router.extra('GET', `${path}/team/{teamId}`, ({ caller, path: { teamId = '' }, query }) => {
    requireLogin(caller);
    const list = {
      userId: caller.userId,
      type: 'TEAM_PROJECTS',
      teamId: parsePrincipalId(teamId),
    };
    return deprecatedProjectList(world, caller, list, query);
  });
}
