import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { classes, refusal, withSessions, type Session } from './entitySession.js';
import { storage } from './filesClient.js';

const server = withSessions();
let count = 0;

type Team = Required<Pick<M.Team, 'etag' | 'id' | 'name'>> & M.Team;

async function createTeam(fields: M.Team = {}, session: Session = server.alice): Promise<Team> {
  count += 1;
  const answer = await session.post('/team', { name: `Team ${count}`, ...fields });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Team;
}

async function join(team: Team, user: 'alice' | 'bob' | 'carol'): Promise<void> {
  const path = `/team/${team.id}/member/${server.userId(user)}`;
  expect(await server.admin.put(path)).toMatchObject({ status: 204, body: '' });
}

function memberPath(team: Team, user: 'admin' | 'alice' | 'bob' | 'carol'): string {
  return `/team/${team.id}/member/${server.userId(user)}`;
}

/** The token in the link of the latest message. */
async function tokenOf(session: Session): Promise<unknown> {
  const { body } = await session.get('/message/inbox?limit=1');
  const [latest] = (body as M.PaginatedResultsOfMessageBundle).results;
  expect(latest?.message).toMatchObject({ withUnsubscribeLink: true });
  const url = await session.get(`/message/${latest?.message?.id ?? ''}/file?redirect=false`);
  const html = (await storage(String(url.body))).body.toString();
  expect(html).not.toContain('<b>');
  const hex = /synapse\.org\/(?:join\/)?([0-9a-f]+)"/.exec(html)?.[1] ?? '';
  return JSON.parse(Buffer.from(hex, 'hex').toString()) as unknown;
}

describe('a team', () => {
  test('is managed by the user who makes it', async () => {
    const { alice } = server;
    const aliceId = String(server.userId('alice'));
    const team = await createTeam({ description: 'who we are', canPublicJoin: false });
    expect(team).toEqual({
      id: expect.stringMatching(/^\d+$/),
      etag: expect.any(String),
      name: team.name,
      description: 'who we are',
      canPublicJoin: false,
      createdBy: aliceId,
      modifiedBy: aliceId,
      createdOn: expect.any(String),
      modifiedOn: team.createdOn,
    });
    expect(await server.anonymous.get(`/team/${team.id}`)).toMatchObject({
      status: 200,
      body: team,
    });
    const member = { ownerId: aliceId, userName: 'alice', isIndividual: true };
    expect(await alice.get(`/teamMembers/${team.id}`)).toMatchObject({
      status: 200,
      body: { results: [{ teamId: team.id, member, isAdmin: true }], totalNumberOfResults: 1 },
    });
    const acl = (await alice.get(`/team/${team.id}/acl`)).body as M.AccessControlList;
    expect(acl).toMatchObject({
      id: team.id,
      resourceAccess: [
        { principalId: Number(team.id), accessType: ['READ', 'SEND_MESSAGE'] },
        {
          principalId: Number(aliceId),
          accessType: ['READ', 'SEND_MESSAGE', 'UPDATE', 'DELETE', 'TEAM_MEMBERSHIP_UPDATE'],
        },
        { principalId: 273_948, accessType: ['READ', 'SEND_MESSAGE'] },
      ],
    });
  });

  test('is found by the start of its name', async () => {
    const { alice } = server;
    const a = await createTeam({ name: 'Findable one' });
    const b = await createTeam({ name: 'Findable two' });
    expect(await alice.get('/teams?fragment=findable')).toMatchObject({
      status: 200,
      body: { results: [a, b], totalNumberOfResults: 2 },
    });
    expect(await alice.get('/teams?fragment=findable&limit=1&offset=1')).toMatchObject({
      body: { results: [b], totalNumberOfResults: 3 },
    });
    expect(await alice.post('/teamList', { list: [Number(b.id), Number(a.id)] })).toMatchObject({
      status: 200,
      body: { list: [b, a] },
    });
    expect(await alice.post('/teamList', { list: [999999999] })).toMatchObject({ status: 404 });
    expect(await alice.get('/userGroupHeaders?prefix=Findable')).toMatchObject({
      body: {
        children: [
          { ownerId: a.id, userName: 'Findable one', isIndividual: false },
          { ownerId: b.id, userName: 'Findable two', isIndividual: false },
        ],
      },
    });
    expect(await alice.get('/teams?fragment=Synapse%20Access')).toMatchObject({
      body: { results: [{ id: '464532' }] },
    });
  });

  test('is changed by its managers alone', async () => {
    const { alice, bob } = server;
    const team = await createTeam();
    await join(team, 'bob');
    expect(await bob.put('/team', { ...team, description: 'mine' })).toMatchObject({ status: 403 });
    const changed = await alice.put('/team', {
      ...team,
      name: 'Renamed team',
      canPublicJoin: true,
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Renamed team', canPublicJoin: true, createdOn: team.createdOn },
    });
    expect((changed.body as Team).etag).not.toBe(team.etag);
    expect(await alice.put('/team', team)).toMatchObject({ status: 412 });
    const { etag, ...withoutEtag } = changed.body as Team;
    expect(await alice.put('/team', withoutEtag)).toMatchObject({ status: 400 });
    expect(await alice.put('/team', { ...team, etag, id: undefined })).toMatchObject({
      status: 400,
    });
    expect(await alice.put('/team', { ...team, id: '999999999' })).toMatchObject({ status: 404 });
    expect(await alice.get(`/team/${team.id}`)).toMatchObject({ body: changed.body as object });
  });

  test('has a name that no user or team has', async () => {
    const { alice } = server;
    const team = await createTeam({ name: 'Unique name' });
    expect(await alice.post('/team', { name: 'unique_NAME' })).toEqual(
      refusal(409, 'Name unique_NAME is already used.'),
    );
    expect(await alice.post('/team', { name: 'alice' })).toMatchObject({ status: 409 });
    expect(await alice.put('/team', { ...team, name: 'bob' })).toMatchObject({ status: 409 });
    expect(await alice.put('/team', { ...team, name: 'Unique Name' })).toMatchObject({
      status: 200,
      body: { name: 'Unique Name' },
    });
    expect((await alice.delete(`/team/${team.id}`)).status).toBe(204);
    expect((await createTeam({ name: 'Unique name' })).id).not.toBe(team.id);
  });

  test('is deleted by its managers with everything that belongs to it', async () => {
    const { alice, bob } = server;
    const team = await createTeam();
    await join(team, 'bob');
    const inviteeId = String(server.userId('carol'));
    await alice.post('/membershipInvitation', { teamId: team.id, inviteeId });
    const path = `/team/${team.id}`;
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toEqual(refusal(404, `Team id: '${team.id}' does not exist`));
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await bob.get(`/user/${server.userId('bob')}/team`)).toMatchObject({
      body: { results: expect.not.arrayContaining([expect.objectContaining({ id: team.id })]) },
    });
    expect(await alice.get(`/user/${inviteeId}/openInvitation`)).toMatchObject({
      body: { results: [] },
    });
    expect(await alice.get(`/userGroupHeaders/batch?ids=${team.id}`)).toMatchObject({
      body: { children: [] },
    });
    expect(await server.admin.delete('/team/464532')).toMatchObject({ status: 403 });
  });

  test.each<[unknown]>([
    [{}],
    [{ name: '  ' }],
    [{ name: 'ab' }],
    [{ name: 'no/slash' }],
    [{ name: {} }],
    [{ name: 'Given id', id: '7' }],
    [{ name: 'Given etag', etag: 'x' }],
    [{ name: 'Both ways', canPublicJoin: true, canRequestMembership: true }],
    [{ name: 'Long', description: 'x'.repeat(3001) }],
    ['{'],
  ])('is not made from %j', async (body) => {
    const { alice } = server;
    const before = (await alice.get('/teams?limit=50')).body;
    expect(await alice.post('/team', body)).toEqual(refusal(400, expect.any(String)));
    expect((await alice.get('/teams?limit=50')).body).toEqual(before);
  });

  test('is made only by a user', async () => {
    expect(await server.anonymous.post('/team', { name: 'Nobody' })).toMatchObject({ status: 403 });
  });

  test('has a number for an id', async () => {
    for (const path of ['/team/x', '/teamMembers/x', '/user/x/team', '/team/1e3/member/2']) {
      expect(await server.alice.get(path)).toMatchObject({ status: 400 });
    }
  });

  test('has a picture that everybody sees', async () => {
    const { alice, bob } = server;
    const bobsHandle = await bob.createHandle('92eb5ffee6ae2fec3ad71c777531578f');
    expect(await alice.post('/team', { name: 'Stolen', icon: bobsHandle })).toMatchObject({
      status: 403,
    });
    expect(await alice.post('/team', { name: 'No icon', icon: '999999' })).toMatchObject({
      status: 404,
    });
    const icon = await alice.createHandle('0cc175b9c0f1b6a831c399e269772661');
    const team = await createTeam({ icon });
    const url = 'https://files.example.org/0cc175b9c0f1b6a831c399e269772661';
    expect(await bob.get(`/team/${team.id}/icon?redirect=false`)).toMatchObject({ body: url });
    const redirected = await bob.get(`/team/${team.id}/icon`);
    expect([redirected.status, redirected.headers.get('location')]).toEqual([307, url]);
    expect(await bob.get(`/team/${team.id}/icon/preview`)).toMatchObject({ status: 404 });
    const association = `fileAssociateType=TeamAttachment&fileAssociateId=${team.id}`;
    expect(await bob.get(`/file/v1/file/${icon}?redirect=false&${association}`)).toMatchObject({
      status: 200,
      body: url,
    });
    expect(await alice.delete(`/file/v1/fileHandle/${icon}`)).toMatchObject({ status: 409 });
    const bare = await createTeam();
    expect(await alice.get(`/team/${bare.id}/icon`)).toMatchObject({ status: 404 });
  });
});

describe('an ACL of a team', () => {
  test('makes managers, and may be left without any', async () => {
    const { alice, bob, carol } = server;
    const team = await createTeam();
    await join(team, 'bob');
    const acl = (await bob.get(`/team/${team.id}/acl`)).body as Required<M.AccessControlList>;
    expect(await server.anonymous.get(`/team/${team.id}/acl`)).toMatchObject({ status: 403 });
    expect(await carol.get(`/team/${team.id}/acl`)).toMatchObject({ status: 200 });
    const bobManages = {
      principalId: server.userId('bob'),
      accessType: ['READ', 'UPDATE', 'TEAM_MEMBERSHIP_UPDATE'],
    };
    const wanted = { ...acl, resourceAccess: [...acl.resourceAccess, bobManages] };
    expect(await bob.put('/team/acl', wanted)).toMatchObject({ status: 403 });
    const changed = await alice.put('/team/acl', wanted);
    expect(changed).toMatchObject({ status: 200, body: { resourceAccess: wanted.resourceAccess } });
    expect(await alice.put('/team/acl', wanted)).toEqual(refusal(412, 'E-tags do not match.'));
    expect(await alice.get(`/teamMembers/${team.id}?memberType=ADMIN`)).toMatchObject({
      body: { results: [{ isAdmin: true }, { isAdmin: true }] },
    });
    expect(await bob.delete(memberPath(team, 'alice'))).toMatchObject({ status: 204 });
    expect(await bob.delete(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    const current = (await bob.get(`/team/${team.id}/acl`)).body as Required<M.AccessControlList>;
    for (const resourceAccess of [
      [bobManages, { principalId: 999999999, accessType: ['READ'] }],
      [bobManages, { principalId: 273950, accessType: ['READ'] }],
      [bobManages, { accessType: ['READ'] }],
      [bobManages, { principalId: 273949, accessType: [] }],
      [bobManages, { principalId: 273949, accessType: ['DANCE'] }],
    ]) {
      expect(await bob.put('/team/acl', { ...current, resourceAccess })).toEqual(
        refusal(400, expect.any(String)),
      );
    }
    expect(await bob.put('/team/acl', { ...current, etag: null })).toMatchObject({ status: 400 });
    expect(await bob.put('/team/acl', { ...current, id: null })).toMatchObject({ status: 400 });
    expect(await bob.get(`/team/${team.id}/acl`)).toMatchObject({ body: current });
    // Only a member who leaves, or loses the permission alone, must leave a manager.
    expect(await bob.put('/team/acl', { ...current, resourceAccess: [] })).toMatchObject({
      status: 200,
      body: { resourceAccess: [] },
    });
    expect(await bob.get(`/team/${team.id}/acl`)).toMatchObject({ status: 403 });
  });

  test('can be changed one member at a time', async () => {
    const { alice } = server;
    const team = await createTeam();
    await join(team, 'bob');
    const permission = (user: 'alice' | 'bob', isAdmin: boolean) =>
      alice.put(`${memberPath(team, user)}/permission?isAdmin=${isAdmin}`);
    expect(await permission('bob', true)).toMatchObject({ status: 200 });
    expect(await alice.get(memberPath(team, 'bob'))).toMatchObject({ body: { isAdmin: true } });
    expect(await permission('alice', false)).toMatchObject({ status: 200 });
    expect(await permission('bob', false)).toMatchObject({ status: 403 });
    expect(await server.bob.put(`${memberPath(team, 'bob')}/permission?isAdmin=false`)).toEqual(
      refusal(400, 'Team must have at least one team manager.'),
    );
  });
});

describe('members of a team', () => {
  test('are counted by kind', async () => {
    const { alice } = server;
    const team = await createTeam();
    await join(team, 'bob');
    await join(team, 'carol');
    const names = async (query: string) => {
      const { body } = await alice.get(`/teamMembers/${team.id}?${query}`);
      return (body as M.PaginatedResultsOfTeamMember).results.map(({ member }) => member?.userName);
    };
    expect(await names('')).toEqual(['alice', 'bob', 'carol']);
    expect(await names('fragment=CA')).toEqual(['carol']);
    expect(await names('fragment=exam')).toEqual(['alice', 'bob', 'carol']);
    expect(await names('memberType=ADMIN')).toEqual(['alice']);
    expect(await names('memberType=MEMBER')).toEqual(['bob', 'carol']);
    expect(await names('limit=1&offset=1')).toEqual(['bob']);
    expect(await alice.get(`/teamMembers/count/${team.id}`)).toMatchObject({ body: { count: 3 } });
    expect(await alice.get(`/teamMembers/count/${team.id}?fragment=b`)).toMatchObject({
      body: { count: 1 },
    });
    const bobId = server.userId('bob');
    const bobs = { teamId: team.id, member: { ownerId: String(bobId) }, isAdmin: false };
    expect(await alice.post(`/team/${team.id}/memberList`, { list: [bobId] })).toMatchObject({
      status: 200,
      body: { list: [bobs] },
    });
    expect(
      await alice.post(`/user/${bobId}/memberList`, { list: [Number(team.id)] }),
    ).toMatchObject({ status: 200, body: { list: [bobs] } });
    expect(
      await alice.post(`/team/${team.id}/memberList`, { list: [server.userId('admin')] }),
    ).toMatchObject({ status: 404 });
    expect(await alice.get(memberPath(team, 'admin'))).toMatchObject({ status: 404 });
    for (const query of ['limit=0', 'limit=51', 'offset=-1', 'memberType=BOSS']) {
      expect(await alice.get(`/teamMembers/${team.id}?${query}`)).toMatchObject({ status: 400 });
    }
  });

  test('know their teams', async () => {
    const { carol } = server;
    const b = await createTeam({ name: 'B of Carol' }, carol);
    const a = await createTeam({ name: 'A of Carol' }, carol);
    const path = `/user/${server.userId('carol')}/team`;
    const { body } = await carol.get(path);
    const names = (body as M.PaginatedResultsOfTeam).results.map(({ name }) => name);
    expect(names.filter((name) => name?.endsWith('of Carol'))).toEqual([
      'A of Carol',
      'B of Carol',
    ]);
    const ids = ((await carol.get(`${path}/id`)).body as M.PaginatedTeamIds).teamIds;
    expect(ids.filter((id) => id === a.id || id === b.id)).toEqual([a.id, b.id]);
    const reversed = await carol.get(`${path}/id?sort=TEAM_NAME&ascending=false`);
    expect((reversed.body as M.PaginatedTeamIds).teamIds).toEqual([...ids].reverse());
    for (const query of ['sort=TEAM_NAME', 'ascending=true', 'nextPageToken=x']) {
      expect(await carol.get(`${path}/id?${query}`)).toMatchObject({ status: 400 });
    }
  });

  test('have the access of their team until they leave', async () => {
    const { alice, bob } = server;
    const team = await createTeam();
    const project = await alice.create('project', { name: 'Shared with a team' });
    const acl = (await alice.get(`/entity/${project.id}/acl`))
      .body as Required<M.AccessControlList>;
    const resourceAccess = [
      ...acl.resourceAccess,
      { principalId: Number(team.id), accessType: ['READ', 'CREATE'] },
    ];
    expect(await alice.put(`/entity/${project.id}/acl`, { ...acl, resourceAccess })).toMatchObject({
      status: 200,
    });
    expect(await bob.get(`/entity/${project.id}`)).toMatchObject({ status: 403 });
    await join(team, 'bob');
    expect(await bob.get(`/entity/${project.id}`)).toMatchObject({ status: 200 });
    await bob.create('folder', { name: 'By a member', parentId: project.id });
    expect(
      await bob.post('/entity', { concreteType: classes.folder, parentId: project.id, name: 'x' }),
    ).toMatchObject({ status: 201 });
    expect(await bob.delete(memberPath(team, 'bob'))).toMatchObject({ status: 204 });
    expect(await bob.get(`/entity/${project.id}`)).toMatchObject({ status: 403 });
  });

  test('leave in any order but for the last manager', async () => {
    const { alice, bob, carol } = server;
    const team = await createTeam();
    await join(team, 'bob');
    expect(await carol.delete(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    expect(await alice.delete(memberPath(team, 'alice'))).toEqual(
      refusal(400, 'Team must have at least one team manager.'),
    );
    expect(await alice.delete(memberPath(team, 'bob'))).toMatchObject({ status: 204, body: '' });
    expect(await alice.delete(memberPath(team, 'bob'))).toMatchObject({ status: 204 });
    expect(await bob.delete(memberPath(team, 'bob'))).toMatchObject({ status: 204 });
    expect(await alice.delete(memberPath(team, 'alice'))).toEqual(
      refusal(403, 'Cannot remove the last member of a Team.'),
    );
    expect(await alice.get(`/teamMembers/count/${team.id}`)).toMatchObject({ body: { count: 1 } });
  });
});

describe('joining a team', () => {
  test('takes no leave when the team is open', async () => {
    const { bob, anonymous } = server;
    const team = await createTeam({ canPublicJoin: true });
    expect(await bob.put(memberPath(team, 'carol'))).toMatchObject({ status: 403 });
    expect(await anonymous.put(`/team/${team.id}/member/273950`)).toMatchObject({ status: 403 });
    expect(await bob.get(`${memberPath(team, 'bob')}/membershipStatus`)).toMatchObject({
      body: { canJoin: true, membershipApprovalRequired: false },
    });
    expect(await bob.put(memberPath(team, 'bob'))).toMatchObject({ status: 204, body: '' });
    expect(await bob.get(memberPath(team, 'bob'))).toMatchObject({ body: { isAdmin: false } });
    expect(await bob.post('/membershipRequest', { teamId: team.id })).toMatchObject({
      status: 400,
    });
  });

  test('settles the invitation that it takes', async () => {
    const { alice, bob, carol } = server;
    const team = await createTeam();
    const inviteeId = String(server.userId('bob'));
    expect(await bob.put(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    const wanted = { teamId: team.id, inviteeId, message: 'come in' };
    expect(await bob.post('/membershipInvitation', wanted)).toMatchObject({ status: 403 });
    const sent = await alice.post('/membershipInvitation', { ...wanted, concreteType: 'ignored' });
    expect(sent).toMatchObject({
      status: 201,
      body: { ...wanted, createdBy: String(server.userId('alice')) },
    });
    const { id } = sent.body as { id: string };
    const status = {
      teamId: team.id,
      userId: inviteeId,
      isMember: false,
      hasOpenInvitation: true,
      hasOpenRequest: false,
      canJoin: true,
      membershipApprovalRequired: true,
      hasUnmetAccessRequirement: false,
      canSendEmail: true,
    };
    const statusPath = `${memberPath(team, 'bob')}/membershipStatus`;
    expect((await bob.get(statusPath)).body).toEqual(status);
    expect((await carol.get(statusPath)).body).toEqual({ ...status, canJoin: false });
    expect(await bob.get(`/membershipInvitation/${id}`)).toMatchObject({ status: 200 });
    expect(await carol.get(`/membershipInvitation/${id}`)).toMatchObject({ status: 403 });
    const lists = [
      await alice.get(`/team/${team.id}/openInvitation`),
      await alice.get(`/team/${team.id}/openInvitation?inviteeId=${inviteeId}`),
      await bob.get(`/user/${inviteeId}/openInvitation?teamId=${team.id}`),
    ];
    for (const list of lists) {
      expect(list).toMatchObject({ status: 200, body: { results: [sent.body] } });
    }
    expect(await bob.get(`/team/${team.id}/openInvitation`)).toMatchObject({ status: 403 });
    expect(await bob.get('/membershipInvitation/openInvitationCount')).toMatchObject({
      body: { count: 1 },
    });
    // The last word is the invited user's, not the manager's.
    expect(await alice.put(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    expect(await bob.put(memberPath(team, 'bob'))).toMatchObject({ status: 204 });
    expect((await bob.get(statusPath)).body).toEqual({
      ...status,
      isMember: true,
      hasOpenInvitation: false,
    });
    expect((await carol.get(statusPath)).body).toMatchObject({ isMember: true, canJoin: true });
    expect(await alice.get(`/membershipInvitation/${id}`)).toMatchObject({ status: 404 });
  });

  test('can be offered to the account that the tests of other clients invite', async () => {
    const { alice } = server;
    const found = await alice.get('/userGroupHeaders?prefix=DPETestUser2&limit=20&offset=0');
    const { children = [] } = found.body as M.UserGroupHeaderResponsePage;
    expect(children).toMatchObject([{ userName: 'DPETestUser2', isIndividual: true }]);
    const { id } = await createTeam();
    const inviteeId = children[0]?.ownerId ?? '';
    expect(await alice.get(`/team/${id}/member/${inviteeId}/membershipStatus`)).toMatchObject({
      body: { isMember: false, hasOpenInvitation: false },
    });
    const invitation = { teamId: id, inviteeId, message: 'test message' };
    expect(await alice.post('/membershipInvitation', invitation)).toMatchObject({
      status: 201,
      body: { ...invitation, createdBy: String(server.userId('alice')) },
    });
  });

  test('takes a manager who grants the request', async () => {
    const { alice, bob, carol } = server;
    const team = await createTeam();
    const bobId = String(server.userId('bob'));
    expect(await alice.put(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    const asked = await bob.post('/membershipRequest', { teamId: team.id, message: 'please' });
    expect(asked).toMatchObject({
      status: 201,
      body: { teamId: team.id, userId: bobId, createdBy: bobId, message: 'please' },
    });
    const { id } = asked.body as { id: string };
    expect(await alice.get(`/membershipRequest/${id}`)).toMatchObject({
      body: asked.body as object,
    });
    expect(await carol.get(`/membershipRequest/${id}`)).toMatchObject({ status: 403 });
    expect(await carol.delete(`/membershipRequest/${id}`)).toMatchObject({ status: 403 });
    expect(await alice.get(`/team/${team.id}/openRequest?requestorId=${bobId}`)).toMatchObject({
      body: { results: [asked.body] },
    });
    expect(await bob.get(`/team/${team.id}/openRequest`)).toMatchObject({ status: 403 });
    expect(await bob.get(`/user/${bobId}/openRequest?teamId=${team.id}`)).toMatchObject({
      body: { results: [asked.body] },
    });
    expect(await alice.get(`/user/${bobId}/openRequest`)).toMatchObject({ status: 403 });
    expect(await alice.get('/membershipRequest/openRequestCount')).toMatchObject({
      body: { count: 1 },
    });
    expect(await alice.put(memberPath(team, 'bob'))).toMatchObject({ status: 204 });
    expect(await bob.get(`/membershipRequest/${id}`)).toMatchObject({ status: 404 });
    expect(await bob.delete(`/membershipRequest/${id}`)).toMatchObject({ status: 204 });
  });

  test('is not possible with what has expired or been taken back', async () => {
    const { alice, bob } = server;
    const team = await createTeam();
    const inviteeId = String(server.userId('bob'));
    const past = '2020-01-01T00:00:00.000Z';
    await alice.post('/membershipInvitation', { teamId: team.id, inviteeId, expiresOn: past });
    await bob.post('/membershipRequest', { teamId: team.id, expiresOn: past });
    expect(await alice.get(`/team/${team.id}/openInvitation`)).toMatchObject({
      body: { results: [] },
    });
    expect(await bob.put(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    expect(await alice.put(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
    const { body } = await alice.post('/membershipInvitation', { teamId: team.id, inviteeId });
    const path = `/membershipInvitation/${(body as { id: string }).id}`;
    expect(await server.carol.delete(path)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await bob.delete(path)).toMatchObject({ status: 204 });
    expect(await bob.put(memberPath(team, 'bob'))).toMatchObject({ status: 403 });
  });

  test('is refused before a request when the team is closed', async () => {
    const team = await createTeam({ canRequestMembership: false });
    expect(await server.bob.post('/membershipRequest', { teamId: team.id })).toMatchObject({
      status: 400,
    });
  });

  test('is open to whoever owns the address that was invited', async () => {
    const { alice, bob, carol } = server;
    const team = await createTeam();
    const { body } = await alice.post('/membershipInvitation', {
      teamId: team.id,
      inviteeEmail: 'bob@example.org',
    });
    const { id } = body as { id: string };
    const path = `/membershipInvitation/${id}`;
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await carol.get(`${path}/inviteeVerificationSignedToken`)).toMatchObject({
      status: 403,
    });
    const { body: token } = await bob.get(`${path}/inviteeVerificationSignedToken`);
    expect(token).toMatchObject({
      membershipInvitationId: id,
      inviteeId: String(server.userId('bob')),
      hmac: expect.any(String),
    });
    expect(await carol.put(`${path}/inviteeId`, token)).toMatchObject({ status: 403 });
    const forged = { ...(token as object), inviteeId: String(server.userId('carol')) };
    expect(await carol.put(`${path}/inviteeId`, forged)).toEqual(
      refusal(403, 'Token signature is invalid.'),
    );
    expect(await bob.put('/membershipInvitation/999999/inviteeId', token)).toMatchObject({
      status: 400,
    });
    expect(await bob.put(`${path}/inviteeId`, token)).toMatchObject({ status: 200, body: '' });
    expect(await bob.put(`${path}/inviteeId`, token)).toMatchObject({ status: 400 });
    expect(await bob.put(memberPath(team, 'bob'))).toMatchObject({ status: 204 });
  });

  test.each<[string, unknown, number]>([
    ['/membershipInvitation', {}, 400],
    ['/membershipInvitation', { teamId: '2' }, 400],
    ['/membershipInvitation', { teamId: '464532', inviteeId: '1', inviteeEmail: 'a@b.c' }, 400],
    ['/membershipInvitation', { teamId: '464532', inviteeId: 'x' }, 400],
    ['/membershipInvitation', { teamId: '464532', inviteeId: '999999999' }, 404],
    ['/membershipInvitation', { teamId: '464532', inviteeId: '273950' }, 404],
    ['/membershipInvitation', { teamId: '464532', inviteeEmail: 'nowhere' }, 400],
    ['/membershipInvitation', { teamId: '999999999', inviteeId: '1' }, 404],
    ['/membershipInvitation', { teamId: '464532', inviteeId: '1', expiresOn: 'soon' }, 400],
    ['/membershipInvitation', { teamId: '464532', inviteeId: '1', id: '5' }, 400],
    ['/membershipRequest', {}, 400],
    ['/membershipRequest', { teamId: '999999999' }, 404],
    ['/membershipRequest', { teamId: 'x' }, 400],
    ['/membershipRequest', { teamId: '464532', createdBy: '1' }, 400],
  ])('cannot begin with %s of %j', async (path, body, status) => {
    expect(await server.admin.post(path, body)).toEqual(refusal(status, expect.any(String)));
  });

  test('cannot be asked for in the name of another', async () => {
    const team = await createTeam();
    const userId = String(server.userId('alice'));
    expect(await server.bob.post('/membershipRequest', { teamId: team.id, userId })).toMatchObject({
      status: 400,
    });
    const body = { teamId: team.id };
    expect(await server.anonymous.post('/membershipRequest', body)).toMatchObject({ status: 403 });
  });

  test('takes one click on the link that a message brings', async () => {
    const { alice, bob, anonymous } = server;
    const team = await createTeam();
    const bobId = String(server.userId('bob'));
    const endpoint = 'acceptInvitationEndpoint=https://portal.synapse.org/join/';
    const body = { teamId: team.id, message: '<b>come</b>' };
    await alice.post(`/membershipInvitation?${endpoint}`, { ...body, inviteeId: bobId });
    const join = await tokenOf(bob);
    expect(join).toMatchObject({ teamId: team.id, userId: bobId, memberId: bobId });
    const forged = { ...(join as object), memberId: String(server.userId('carol')) };
    expect(await anonymous.put('/teamMember', forged)).toMatchObject({ status: 403 });
    expect(await anonymous.put('/teamMember', join)).toMatchObject({
      status: 200,
      body: { message: `User Bob Example (bob) has been added to team ${team.name}.` },
    });
    expect(await bob.get(memberPath(team, 'bob'))).toMatchObject({ status: 200 });
    // The invitation is used up: once bob has left, he cannot come back with it.
    await bob.delete(memberPath(team, 'bob'));
    expect(await anonymous.put('/teamMember', join)).toMatchObject({ status: 403 });
  });

  test('is offered to an address by mail, even to that of a user', async () => {
    const { alice, anonymous } = server;
    const team = await createTeam();
    const path = '/membershipInvitation';
    const sent = await alice.post(`${path}?acceptInvitationEndpoint=https://x.synapse.org/`, {
      teamId: team.id,
      inviteeEmail: 'bob@example.org',
    });
    const { id } = sent.body as { id: string };
    const mail = server.synapse.mails.at(-1);
    expect(mail?.to).toBe('bob@example.org');
    const hex = /synapse\.org\/([0-9a-f]+)$/.exec(mail?.link ?? '')?.[1] ?? '';
    const token: unknown = JSON.parse(Buffer.from(hex, 'hex').toString());
    expect(token).toMatchObject({ membershipInvitationId: id });
    expect(await anonymous.post(`${path}/${id}`, token)).toMatchObject({
      status: 200,
      body: sent.body as object,
    });
    expect(await anonymous.post(`${path}/999999`, token)).toMatchObject({ status: 400 });
  });

  test('is granted by a manager with one click', async () => {
    const { alice, bob, anonymous } = server;
    const team = await createTeam();
    const endpoint = 'acceptRequestEndpoint=https://x.synapse.org/';
    await bob.post(`/membershipRequest?${endpoint}`, { teamId: team.id });
    const token = await tokenOf(alice);
    expect(token).toMatchObject({
      userId: String(server.userId('alice')),
      memberId: String(server.userId('bob')),
    });
    expect(await anonymous.put('/teamMember', token)).toMatchObject({ status: 200 });
    expect(await bob.get(memberPath(team, 'bob'))).toMatchObject({ status: 200 });
  });

  test('cannot be forced with a token of one’s own making', async () => {
    const { alice, anonymous } = server;
    const team = await createTeam();
    const token = {
      concreteType: 'org.sagebionetworks.repo.model.JoinTeamSignedToken',
      teamId: team.id,
      userId: String(server.userId('alice')),
      memberId: String(server.userId('bob')),
      expiresOn: '2099-01-01T00:00:00.000Z',
    };
    expect(await anonymous.put('/teamMember', token)).toMatchObject({ status: 403 });
    expect(await anonymous.put('/teamMember', { ...token, hmac: 'AAAA' })).toEqual(
      refusal(403, 'Token signature is invalid.'),
    );
    const invitation = {
      concreteType: 'org.sagebionetworks.repo.model.MembershipInvtnSignedToken',
      membershipInvitationId: '1',
      hmac: 'AAAA',
    };
    expect(await alice.post('/membershipInvitation/1', invitation)).toMatchObject({ status: 403 });
  });
});
