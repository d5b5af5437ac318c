import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';
import { createTeam, ok, type StoredTeam } from './teamCalls.js';

const server = withSessions();
let team: StoredTeam;

beforeAll(async () => {
  team = await createTeam(server.admin, { name: 'Controlled team' });
});

describe('TeamControllerAutowiredTest', () => {
  test('testListTeams: an empty list of ids gives an empty list of teams', async () => {
    expect(await ok(server.anonymous.post('/teamList', { list: [] }))).toEqual({ list: [] });
    const list = [Number(team.id)];
    expect(await ok(server.anonymous.post('/teamList', { list }))).toEqual({ list: [team] });
  });

  test('testGetTeamIdsByMember: the ids of the teams of a user are sorted by name', async () => {
    const id = server.userId('admin');
    const second = await createTeam(server.admin, { name: 'A first name' });
    expect(
      await ok(server.admin.get(`/user/${id}/team/id?sort=TEAM_NAME&ascending=true`)),
    ).toMatchObject({ teamIds: expect.arrayContaining([second.id, team.id]) });
  });

  test('testGetTeamMembersByInvalidId: an unknown team has no list of members', async () => {
    expect(await server.admin.get('/teamMembers/404')).toEqual(
      refusal(404, "Team id: '404' does not exist"),
    );
  });

  test('testGetTeamMembersByValidId: the creator of a team is its member and manager', async () => {
    expect(await ok(server.admin.get(`/teamMembers/${team.id}`))).toEqual({
      totalNumberOfResults: 1,
      results: [
        {
          teamId: team.id,
          member: expect.objectContaining({
            ownerId: String(server.userId('admin')),
            isIndividual: true,
          }),
          isAdmin: true,
        },
      ],
    });
  });
});
