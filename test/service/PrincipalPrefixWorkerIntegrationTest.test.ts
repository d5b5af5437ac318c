import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('PrincipalPrefixWorkerIntegrationTest', () => {
  test('testWorker: users and teams are found by the beginning of each of their names', async () => {
    const made = await server.synapse.createUser({ username: 'zebraUser' });
    const user = server.session(made.authToken);
    const profile = (await user.get('/userProfile')).body as M.UserProfile;
    const names = { firstName: 'Quaggafirst', lastName: 'Okapilast' };
    expect(await user.put('/userProfile', { ...profile, ...names })).toMatchObject({ status: 200 });
    const { id } = (await server.alice.post('/team', { name: 'zebraTeam' })).body as M.Team;
    const found = async (prefix: string): Promise<(string | undefined)[]> => {
      const { body } = await server.bob.get(`/userGroupHeaders?prefix=${prefix}&limit=100`);
      return ((body as M.UserGroupHeaderResponsePage).children ?? []).map(({ ownerId }) => ownerId);
    };
    expect((await found('zebra')).sort()).toEqual([made.userId, String(id)].sort());
    expect(await found('zebraTeam')).toEqual([String(id)]);
    expect(await found('Quaggafirst')).toEqual([made.userId]);
    expect(await found('okapi')).toEqual([made.userId]);
  });
});
