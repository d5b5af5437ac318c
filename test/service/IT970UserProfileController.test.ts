import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();
/** The largest 32-bit integer, which clients send to get everything. */
const everything = 2_147_483_647;

describe('IT970UserProfileController', () => {
  test('testGetAndUpdateOwnUserProfile: users change their own profiles', async () => {
    const { alice } = server;
    const profile = (await alice.get('/userProfile')).body as M.UserProfile;
    const changed = { ...profile, firstName: 'foo', lastName: 'bar' };
    expect(await alice.put('/userProfile', changed)).toMatchObject({
      status: 200,
      body: { firstName: 'foo', lastName: 'bar', ownerId: profile.ownerId },
    });
  });

  test('testFavoriteCrud: a favorite is added, listed and removed', async () => {
    const { alice } = server;
    const { id } = await alice.create('project', { name: 'Favorite' });
    expect(await alice.post(`/favorite/${id}`, undefined)).toMatchObject({
      status: 201,
      body: { id },
    });
    const list = (query = '') => alice.get(`/favorite?offset=0&limit=${everything}${query}`);
    const one = { status: 200, body: { results: [{ id }], totalNumberOfResults: 1 } };
    expect(await list()).toMatchObject(one);
    expect(await list('&sort=NAME&sortDirection=ASC')).toMatchObject(one);
    expect(await alice.delete(`/favorite/${id}`)).toMatchObject({ status: 204 });
    expect(await list()).toMatchObject({ body: { results: [], totalNumberOfResults: 0 } });
  });

  test('testMyProjects: the lists of projects answer, the deprecated ones too', async () => {
    const { alice } = server;
    const { id } = await alice.create('project', { name: 'Mine' });
    const userId = server.userId('alice');
    const team = (await alice.post('/team', { name: 'Team of projects' })).body as { id: string };
    const found = { body: { results: expect.arrayContaining([expect.objectContaining({ id })]) } };
    for (const path of [
      '/projects?filter=ALL',
      `/projects/user/${userId}`,
      '/projects/MY_PROJECTS',
      `/projects/MY_PROJECTS/user/${userId}`,
    ]) {
      const { status, body } = await alice.get(path);
      expect({ path, status, body }).toMatchObject({ path, status: 200, ...found });
    }
    expect(await alice.get(`/projects/MY_PROJECTS/team/${team.id}`)).toMatchObject({
      status: 200,
      body: { results: [], totalNumberOfResults: 0 },
    });
  });

  test('testGetBundle: the bundle has the whole profile', async () => {
    const { alice } = server;
    const profile = (await alice.get('/userProfile')).body as M.UserProfile;
    for (const path of ['/user/bundle?mask=63', `/user/${profile.ownerId ?? ''}/bundle?mask=63`]) {
      const answer = await alice.get(path);
      expect((answer.body as M.UserBundle).userProfile).toEqual(profile);
    }
  });
});
