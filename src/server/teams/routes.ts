import type * as M from '../../../generated/models.js';
import { aclModel } from '../access/entityAcls.js';
import type { HandleRecord } from '../files/handleRecords.js';
import { previewOf } from '../files/previews.js';
import { itemsOf, pageWindow, paginated, tokenPage, type PageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import { membershipRoutes } from './membershipRoutes.js';
import { requireTeamAccess, teamAcl, setManager, updateTeamAcl } from './teamAccess.js';
import {
  addMember,
  checkSort,
  getMember,
  getPerson,
  listMembers,
  membershipStatus,
  removeMember,
  teamsOf,
} from './teamMembers.js';
import {
  allTeams,
  getTeam,
  parsePrincipalId,
  teamModel,
  teamName,
  type TeamRecord,
} from './teamRecords.js';
import { createTeam, deleteTeam, updateTeam } from './teamWrites.js';

/** Serves teams, their members, invitations to them and requests to join. */
export function teamsRoutes(router: Router, world: World): void {
  teamRoutes(router, world);
  memberRoutes(router, world);
  membershipRoutes(router, world);
}

function teamRoutes(router: Router, world: World): void {
  router.post('/repo/v1/team', ({ caller, body }) =>
    teamModel(world, createTeam(world, caller, body)),
  );
  router.put('/repo/v1/team', ({ caller, body }) =>
    teamModel(world, updateTeam(world, caller, body)),
  );
  router.get('/repo/v1/team/{id}', ({ path }) => teamModel(world, getTeam(world, path.id)));
  router.delete('/repo/v1/team/{id}', ({ path, caller }) => deleteTeam(world, caller, path.id));
  router.get('/repo/v1/teams', ({ query }) => {
    const start = (query.fragment ?? '').trim().toLowerCase();
    const found = allTeams(world).filter(({ id }) =>
      teamName(world, id).toLowerCase().startsWith(start),
    );
    return pageOfTeams(world, found, pageWindow(query, pageLimits.teams));
  });
  router.post('/repo/v1/teamList', ({ body }) => ({
    list: itemsOf(body).map((id) => teamModel(world, getTeam(world, id))),
  }));
  router.get('/repo/v1/team/{id}/icon', ({ path }) => world.files.url(icon(world, path.id)));
  router.get('/repo/v1/team/{id}/icon/preview', async ({ path }) => {
    const preview = await previewOf(world, icon(world, path.id));
    if (preview === undefined) {
      throw notFound(`No preview was found for the icon of the team with id: ${path.id}`);
    }
    return world.files.url(preview);
  });
  router.get('/repo/v1/team/{id}/acl', ({ path, caller }) =>
    aclModel(teamAcl(world, requireTeamAccess(world, caller, path.id, 'READ'))),
  );
  router.put('/repo/v1/team/acl', ({ caller, body }) =>
    aclModel(updateTeamAcl(world, caller, body)),
  );
}

function icon(world: World, teamId: string): HandleRecord {
  const team = getTeam(world, teamId);
  if (team.icon === undefined) {
    throw notFound(`Team ${team.id} has no icon file handle.`);
  }
  return world.files.get(team.icon);
}

function pageOfTeams(
  world: World,
  found: readonly TeamRecord[],
  window: PageWindow,
): M.PaginatedResultsOfTeam {
  const { results, totalNumberOfResults } = paginated(found, window);
  return { results: results.map((team) => teamModel(world, team)), totalNumberOfResults };
}

function memberRoutes(router: Router, world: World): void {
  router.get('/repo/v1/user/{id}/team', ({ path, query }) =>
    pageOfTeams(world, teamsOf(world, parsePrincipalId(path.id)), pageWindow(query)),
  );
  router.get('/repo/v1/user/{id}/team/id', ({ path, query }) => {
    checkSort(query.sort, query.ascending);
    const ids = teamsOf(world, parsePrincipalId(path.id)).map(({ id }) => String(id));
    const ordered = query.ascending === false ? ids.reverse() : ids;
    const { page, ...token } = tokenPage(ordered, query.nextPageToken);
    return { teamIds: page, ...token };
  });
  router.get('/repo/v1/teamMembers/{id}', ({ path, query }) =>
    paginated(listMembers(world, path.id, query), pageWindow(query, pageLimits.teams)),
  );
  router.get('/repo/v1/teamMembers/count/{id}', ({ path, query }) => ({
    count: listMembers(world, path.id, query).length,
  }));
  router.post('/repo/v1/team/{id}/memberList', ({ path, body }) => ({
    list: itemsOf(body).map((userId) => getMember(world, path.id, userId)),
  }));
  router.post('/repo/v1/user/{id}/memberList', ({ path, body }) => ({
    list: itemsOf(body).map((teamId) => getMember(world, teamId, path.id)),
  }));
  router.get('/repo/v1/team/{id}/member/{principalId}', ({ path }) =>
    getMember(world, path.id, path.principalId),
  );
  router.put('/repo/v1/team/{id}/member/{principalId}', async ({ path, query, caller }) => {
    const ids = { teamId: path.id, principalId: path.principalId };
    await addMember(world, caller, ids, {
      act: query.teamEndpoint,
      unsubscribe: query.notificationUnsubscribeEndpoint,
    });
  });
  router.delete('/repo/v1/team/{id}/member/{principalId}', ({ path, caller }) =>
    removeMember(world, caller, path.id, path.principalId),
  );
  router.get('/repo/v1/team/{id}/member/{principalId}/membershipStatus', ({ path, caller }) =>
    membershipStatus(world, caller, path.id, path.principalId),
  );
  // Not in the API description: makes a member a manager or revokes it.
  router.extra('PUT', '/repo/v1/team/{id}/member/{principalId}/permission', (call) => {
    const team = requireTeamAccess(world, call.caller, call.path['id'] ?? '', 'UPDATE');
    const isAdmin = call.query['isAdmin'] === 'true';
    const principalId = getPerson(world, call.path['principalId'] ?? '').id;
    setManager(world, call.caller, team, { principalId, isAdmin });
  });
}
