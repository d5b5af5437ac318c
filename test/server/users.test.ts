import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { withServer } from '../helpers/withServer.js';

const server = withServer();
const as = (user?: 'admin' | 'alice' | 'bob' | 'carol') =>
  api(server.synapse, user && server.synapse.users[user].authToken);
const idOf = (user: 'admin' | 'alice' | 'bob' | 'carol') => server.synapse.users[user].userId;

describe('profiles', () => {
  test('show others less than their owner', async () => {
    const own = await as('alice').get('/repo/v1/userProfile');
    expect(own).toMatchObject({
      status: 200,
      body: {
        ownerId: idOf('alice'),
        userName: 'alice',
        firstName: 'Alice',
        emails: ['alice@example.org'],
        twoFactorAuthEnabled: false,
        createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
    for (const path of [idOf('alice'), 'alice', 'ALICE']) {
      const other = await as('bob').get(`/repo/v1/userProfile/${path}`);
      expect(other).toMatchObject({ status: 200, body: { ownerId: idOf('alice') } });
      expect(other.body).not.toHaveProperty('emails');
      expect(other.body).not.toHaveProperty('notificationSettings');
    }
    expect(await as().get('/repo/v1/userProfile')).toMatchObject({
      status: 200,
      body: { ownerId: '273950', userName: 'anonymous' },
    });
    expect(await as('alice').get('/repo/v1/userProfile/99')).toMatchObject({ status: 404 });
    expect(await as('alice').get('/repo/v1/userProfile/273948')).toMatchObject({ status: 404 });
  });

  test('are replaced as a whole by their owner', async () => {
    const bob = as('bob');
    const before = (await bob.get('/repo/v1/userProfile')).body as M.UserProfile;
    const changed = await bob.put('/repo/v1/userProfile', {
      ...before,
      company: 'ACME',
      firstName: undefined,
      emails: ['other@example.org'],
      createdOn: '1999-01-01T00:00:00.000Z',
      notificationSettings: { sendEmailNotifications: false, markEmailedMessagesAsRead: true },
    });
    expect(changed.body).toMatchObject({
      company: 'ACME',
      lastName: 'Example',
      emails: ['bob@example.org'],
      createdOn: before.createdOn,
      notificationSettings: { sendEmailNotifications: false },
    });
    expect(changed.body).not.toHaveProperty('firstName');
    expect((changed.body as M.UserProfile).etag).not.toBe(before.etag);
    expect(await bob.get('/repo/v1/userProfile')).toMatchObject({ body: changed.body });

    expect(await bob.put('/repo/v1/userProfile', before)).toMatchObject({
      status: 412,
      body: { reason: expect.stringContaining('was updated since you last fetched it') },
    });
    expect((await bob.put('/repo/v1/userProfile', { company: 'X' })).status).toBe(400);
    expect((await as('carol').put('/repo/v1/userProfile', changed.body)).status).toBe(403);
    expect((await as().put('/repo/v1/userProfile', changed.body)).status).toBe(401);
  });

  test('user names are unique whatever their case or punctuation', async () => {
    const carol = as('carol');
    const own = (await carol.get('/repo/v1/userProfile')).body as M.UserProfile;
    const rename = (userName: string) => carol.put('/repo/v1/userProfile', { ...own, userName });
    expect((await rename('A.lice')).status).toBe(409);
    expect((await rename('administrators')).status).toBe(409);
    expect((await rename('x')).status).toBe(400);
    expect((await rename('no spaces')).status).toBe(400);
    expect(await carol.get('/repo/v1/userProfile')).toMatchObject({ body: own });
    const renamed = await rename('carol.two');
    expect(renamed).toMatchObject({ status: 200, body: { userName: 'carol.two' } });
    expect(
      await carol.put('/repo/v1/userProfile', { ...(renamed.body as object), userName: 'carol' }),
    ).toMatchObject({ status: 200, body: { userName: 'carol' } });
  });

  test('are read many at a time', async () => {
    const ids = [Number(idOf('bob')), 12345, Number(idOf('alice'))];
    const list = await as('alice').post('/repo/v1/userProfile', { list: ids });
    expect((list.body as M.ListWrapperOfUserProfile).list.map(({ userName }) => userName)).toEqual([
      'bob',
      'alice',
    ]);
    const all = await as('alice').get('/repo/v1/user?limit=2&offset=1');
    expect(all.body).toMatchObject({
      totalNumberOfResults: 4,
      results: [{ userName: 'alice' }, { userName: 'bob' }],
    });
  });

  test('come in bundles by mask', async () => {
    expect(await as('bob').get(`/repo/v1/user/${idOf('alice')}/bundle?mask=63`)).toMatchObject({
      body: {
        userId: idOf('alice'),
        userProfile: { userName: 'alice' },
        isCertified: true,
        isVerified: false,
        isACTMember: false,
      },
    });
    expect((await as('carol').get('/repo/v1/user/bundle?mask=8')).body).toEqual({
      userId: idOf('carol'),
      isCertified: false,
    });
    expect(await as('alice').get('/repo/v1/notificationEmail')).toMatchObject({
      body: { email: 'alice@example.org' },
    });
    expect(
      (await as('alice').put('/repo/v1/notificationEmail', { email: 'x@example.org' })).status,
    ).toBe(404);
  });
});

describe('users and groups by name', () => {
  const names = (body: unknown) =>
    ((body as M.UserGroupHeaderResponsePage).children ?? []).map(({ userName }) => userName);

  test('are found by the prefix of any name', async () => {
    const find = async (query: string) =>
      (await as().get(`/repo/v1/userGroupHeaders?${query}`)).body;
    expect(names(await find('prefix=ALI'))).toEqual(['alice']);
    expect(names(await find('prefix=example'))).toEqual(expect.arrayContaining(['alice', 'carol']));
    expect(names(await find('prefix=a&typeFilter=TEAMS_ONLY'))).toEqual([
      'Administrators',
      'AUTHENTICATED_USERS',
    ]);
    expect(await find('prefix=a&limit=2&offset=1')).toMatchObject({
      prefixFilter: 'a',
      totalNumberOfResults: 4,
      children: [{ userName: 'Administrators' }, { userName: 'alice' }],
    });
    expect(names(await find('prefix=nobody'))).toEqual([]);
  });

  test('are found by id or alias', async () => {
    const batch = await as().get(
      `/repo/v1/userGroupHeaders/batch?ids=273949,${idOf('bob')},77,273948`,
    );
    expect(batch.body).toMatchObject({
      totalNumberOfResults: 3,
      children: [
        { ownerId: '273949', isIndividual: false },
        { ownerId: idOf('bob'), userName: 'bob', isIndividual: true },
        { ownerId: '273948' },
      ],
    });
    expect((await as().get('/repo/v1/userGroupHeaders/batch?ids=1,x')).status).toBe(400);
    const aliases = await as().post('/repo/v1/userGroupHeaders/aliases', {
      list: ['Bob', 'nobody', 'alice'],
    });
    expect((aliases.body as M.UserGroupHeaderResponse).list.map(({ ownerId }) => ownerId)).toEqual([
      idOf('bob'),
      idOf('alice'),
    ]);
  });

  test('lists all groups', async () => {
    const groups = await as().get('/repo/v1/userGroup?limit=100');
    expect((groups.body as M.PaginatedResultsOfUserGroup).results.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['2', '3', '273948', '273949', '464532', '273957']),
    );
    expect(
      await as().post('/repo/v1/principal/alias', { alias: 'bob', type: 'USER_NAME' }),
    ).toMatchObject({ status: 200, body: { principalId: Number(idOf('bob')) } });
  });

  test.each([
    [
      { alias: 'alice', type: 'USER_NAME' },
      { valid: true, available: false },
    ],
    [
      { alias: 'AL-ICE', type: 'TEAM_NAME' },
      { valid: true, available: false },
    ],
    [
      { alias: 'nobody yet', type: 'TEAM_NAME' },
      { valid: true, available: true },
    ],
    [
      { alias: 'nobody yet', type: 'USER_NAME' },
      { valid: false, available: false },
    ],
    [
      { alias: 'bob@EXAMPLE.org', type: 'USER_EMAIL' },
      { valid: true, available: false },
    ],
    [
      { alias: 'nomail', type: 'USER_EMAIL' },
      { valid: false, available: false },
    ],
  ])('whether %j is available', async (alias, expected) => {
    expect(await as().post('/repo/v1/principal/available', alias)).toMatchObject({
      status: 201,
      body: expected,
    });
  });
});

describe('certification', () => {
  test('is given and taken by an administrator', async () => {
    const path = (user: 'alice' | 'carol') =>
      `/repo/v1/user/${idOf(user)}/certifiedUserPassingRecord`;
    expect((await as().get(path('alice'))).status).toBe(404);
    expect(await as().get(`/repo/v1/user/${idOf('alice')}/bundle?mask=8`)).toMatchObject({
      body: { isCertified: true },
    });
    const status = `/repo/v1/admin/user/${idOf('carol')}/certificationStatus`;
    expect((await as('carol').put(`${status}?isCertified=true`)).status).toBe(403);
    expect((await as('admin').put(`${status}?isCertified=true`)).status).toBeLessThan(300);
    expect((await as('carol').get(path('carol'))).status).toBe(404);
    const bundle = `/repo/v1/user/${idOf('carol')}/bundle?mask=8`;
    expect(await as().get(bundle)).toMatchObject({ body: { isCertified: true } });

    const revoke = `/repo/v1/user/${idOf('carol')}/revokeCertification`;
    expect((await as('carol').put(revoke)).status).toBe(403);
    // There is no quiz result to answer with.
    expect(await as('admin').put(revoke)).toMatchObject({ status: 200, body: '' });
    expect((await as('admin').put(revoke)).status).toBe(400);
    expect(await as().get(bundle)).toMatchObject({ body: { isCertified: false } });
    expect((await as('admin').put(`${status}?isCertified=true`)).status).toBeLessThan(300);
    expect(await as().get(bundle)).toMatchObject({ body: { isCertified: true } });
    expect((await as('admin').put(`${status}?isCertified=false`)).status).toBeLessThan(300);
    expect(await as().get(bundle)).toMatchObject({ body: { isCertified: false } });
  });
});

describe('further users', () => {
  test('made by an administrator can log in', async () => {
    const user = { username: 'erin', password: 'secret of erin: 1', isCertified: true };
    expect((await as('alice').post('/repo/v1/admin/user', user)).status).toBe(403);
    const made = await as('admin').post('/repo/v1/admin/user', user);
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^\d+$/) } });
    expect((await as('admin').post('/repo/v1/admin/user', user)).status).toBe(409);
    expect((await as('admin').post('/repo/v1/admin/user', { username: {} })).status).toBe(400);
    expect((await as('admin').post('/repo/v1/admin/user', {})).status).toBe(400);
    const login = { username: 'erin', password: 'secret of erin: 1' };
    expect((await as().post('/auth/v1/login2', login)).status).toBe(201);

    const { userId, authToken } = await server.synapse.createUser({ username: 'frank' });
    expect(await api(server.synapse, authToken).get('/repo/v1/userProfile')).toMatchObject({
      body: { ownerId: userId, userName: 'frank' },
    });
    await expect(server.synapse.createUser({ username: 'frank' })).rejects.toThrow('already used');
  });
});

describe('switches', () => {
  test('are set by an administrator while the server runs', async () => {
    const admin = as('admin');
    expect((await as('alice').put('/admin/conditions', { latency: 1 })).status).toBe(403);
    expect((await as().get('/admin/requests')).status).toBe(403);
    const faults = [{ path: '/repo/*', status: 503, times: 1 }];
    expect(await admin.put('/admin/conditions', { faults, viewLag: 5 })).toMatchObject({
      status: 200,
      body: { faults, viewLag: 5, readOnly: false },
    });
    expect((await as().get('/repo/v1/version')).status).toBe(503);
    expect((await as().get('/repo/v1/version')).status).toBe(200);
    expect(await admin.get('/admin/conditions')).toMatchObject({ body: { faultHits: [1] } });
    expect(server.synapse.conditions.settings.viewLag).toBe(5);
    for (const [bad, reason] of [
      [{ weather: 'bad' }, 'Unknown condition: weather'],
      [{ latency: -1 }, "The condition 'latency' cannot be -1."],
      [{ latency: [1, 2, 3] }, "'latency' cannot be [1,2,3]"],
      [{ limits: { concurrent: 'x' } }, "'limits/concurrent' cannot be"],
      [{ faults: [{ status: 999 }] }, "'faults/0/status' cannot be 999"],
      [{ faults: 'all' }, "'faults' cannot be"],
      [[], 'must be a JSON object'],
    ] as const) {
      expect(await admin.put('/admin/conditions', bad)).toMatchObject({
        status: 400,
        body: { reason: expect.stringContaining(reason) },
      });
    }
    await admin.put('/admin/conditions', { readOnly: true, limits: { perMinute: 0 } });
    expect(await admin.delete('/admin/conditions')).toMatchObject({
      status: 200,
      body: { readOnly: false, viewLag: 0, faults: [] },
    });

    expect(await admin.delete('/admin/requests')).toMatchObject({ status: 200 });
    await as().get('/repo/v1/version');
    expect(await admin.get('/admin/requests')).toMatchObject({
      body: { counts: { 'stackStatus.getVersion': 1 } },
    });
  });
});
