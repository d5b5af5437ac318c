import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('PrincipalControllerAutowireTest', () => {
  test('testCheckAvailable: a free team name is valid and available', async () => {
    const request = { alias: 'some-free-team-name', type: 'TEAM_NAME' };
    expect(await server.alice.post('/principal/available', request)).toMatchObject({
      status: 201,
      body: { valid: true, available: true },
    });
  });

  test('testGetPrincipalAlias: the anonymous user is found by name', async () => {
    const request = { alias: 'anonymous', type: 'USER_NAME' };
    expect((await server.alice.post('/principal/alias', request)).body).toEqual({
      principalId: 273_950,
    });
  });
});
