import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();
let team: M.Team;

beforeAll(async () => {
  const made = await server.alice.post('/team', { name: 'JSONP team', description: 'a team' });
  team = made.body as M.Team;
});

/** What a script passes to its function. */
async function loaded(path: string): Promise<unknown> {
  const separator = path.includes('?') ? '&' : '?';
  const answer = await server.anonymous.get(`${path}${separator}callback=parseMe`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/javascript;charset=UTF-8');
  const [, json = ''] = /^parseMe\((.*)\);$/.exec(String(answer.body)) ?? [];
  return JSON.parse(json);
}

describe('IT300JSONPServices', () => {
  test('testTeamJSONP: the list of teams is a call of the function named', async () => {
    expect(await loaded('/teams')).toEqual((await server.anonymous.get('/teams')).body);
    expect(await loaded('/teams')).toMatchObject({ totalNumberOfResults: expect.any(Number) });
  });

  test('testTeamMembershipJSONP: the members of a team are a call of the function named', async () => {
    expect(await loaded(`/teamMembers/${team.id ?? ''}`)).toMatchObject({
      results: [{ member: { userName: 'alice' } }],
      totalNumberOfResults: 1,
    });
    expect(await loaded(`/teamMembers/count/${team.id ?? ''}`)).toEqual({ count: 1 });
  });

  test('testTeamJSONP: lookups of users are a call of the function named too', async () => {
    expect(await loaded('/userGroupHeaders?prefix=alice')).toMatchObject({ prefixFilter: 'alice' });
    expect(await loaded(`/userGroupHeaders/batch?ids=${server.userId('bob')}`)).toMatchObject({
      children: [{ userName: 'bob' }],
    });
  });

  test('testTeamJSONP: an error is a call of the function named', async () => {
    const answer = await server.anonymous.get('/teams?callback=f&limit=51');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(/^f\(\{.*"reason":"limit must be between 1 and 50"\}\);$/);
  });

  test('testTeamJSONP: a request with a token is refused', async () => {
    const reason = 'JSONP callbacks are only allowed on public methods with no authorization.';
    expect(await server.alice.get('/teams?callback=parseMe')).toMatchObject({
      status: 500,
      body: { reason },
    });
  });

  test('testTeamJSONP: other operations ignore the parameter', async () => {
    expect(await server.anonymous.get('/version?callback=parseMe')).toMatchObject({
      body: { version: expect.any(String) },
    });
  });
});
