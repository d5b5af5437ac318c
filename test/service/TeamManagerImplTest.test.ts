import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session } from '../server/entitySession.js';
import { uploadText } from './messageCalls.js';
import {
  addMember,
  createTeam,
  invite,
  lockTeam,
  membershipStatus,
  ok,
  pages,
  requestMembership,
  type StoredTeam,
} from './teamCalls.js';

const server = withSessions();
const iconRefusal = refusal(
  403,
  'Only the user that uploaded the file can set it as the team icon.',
);
const date = '2024-01-01T00:00:00.000Z';
let count = 0;

function newTeam(fields: M.Team = {}): Promise<StoredTeam> {
  count += 1;
  return createTeam(server.alice, { name: `Managed ${count}`, ...fields });
}

/** A team that alice manages and bob is a member of. */
async function teamWithBob(): Promise<StoredTeam> {
  const team = await newTeam();
  await addMember(server.admin, team.id, server.userId('bob'));
  return team;
}

function aclOf(session: Session, { id }: StoredTeam): Promise<Required<M.AccessControlList>> {
  return ok(session.get(`/team/${id}/acl`));
}

function bobIn({ id }: StoredTeam): string {
  return `/team/${id}/member/${server.userId('bob')}`;
}

async function members({ id }: StoredTeam, query = ''): Promise<(string | undefined)[]> {
  const list = await ok<M.PaginatedResultsOfTeamMember>(
    server.alice.get(`/teamMembers/${id}?${query}`),
  );
  expect(list.totalNumberOfResults).toBe(list.results.length);
  return list.results.map(({ member }) => member?.userName);
}

/** The message that a user got last. */
async function latestMessage(session: Session): Promise<M.MessageToUser | undefined> {
  const query = 'limit=1&orderBy=SEND_DATE&descending=true';
  const { results } = await ok<M.PaginatedResultsOfMessageBundle>(
    session.get(`/message/inbox?${query}`),
  );
  return results[0]?.message;
}

describe('TeamManagerImplTest', () => {
  test.each<[string, M.Team]>([
    ["'name' field is required.", { description: 'description' }],
    ["'id' field is not user specifiable.", { name: 'name', id: 'id' }],
    ["'etag' field is not user specifiable.", { name: 'name', etag: 'etag' }],
    ["'createdBy' field is not user specifiable.", { name: 'name', createdBy: '1' }],
    ["'createdOn' field is not user specifiable.", { name: 'name', createdOn: date }],
    ["'modifiedBy' field is not user specifiable.", { name: 'name', modifiedBy: '1' }],
    ["'modifiedOn' field is not user specifiable.", { name: 'name', modifiedOn: date }],
  ])('testValidateForCreate: a new team is refused with the text %j', async (reason, team) => {
    expect(await server.alice.post('/team', team)).toEqual(refusal(400, reason));
  });

  test.each<[string, object]>([
    ["'etag' field is missing.", { etag: null }],
    ["'id' field is missing.", { id: null }],
    ["'name' field is required.", { name: null }],
  ])('testValidateForUpdate: a change is refused with the text %j', async (reason, fields) => {
    const team = await newTeam();
    expect(await server.alice.put('/team', { ...team, ...fields })).toEqual(refusal(400, reason));
  });

  test('testPopulateCreationFields: a new team names who made it, and when', async () => {
    const team = await newTeam();
    const alice = String(server.userId('alice'));
    expect(team).toMatchObject({ createdBy: alice, modifiedBy: alice });
    expect(team.modifiedOn).toBe(team.createdOn);
  });

  test('testPopulateUpdateFields: a change names who made it, and keeps the creator', async () => {
    const team = await newTeam();
    expect(await ok(server.admin.put('/team', { ...team, description: 'new' }))).toMatchObject({
      createdBy: team.createdBy,
      createdOn: team.createdOn,
      modifiedBy: String(server.userId('admin')),
    });
  });

  test('testCreateAdminAcl: the creator manages, members and users read and send messages', async () => {
    const team = await newTeam();
    const { id, resourceAccess } = await aclOf(server.alice, team);
    expect(id).toBe(team.id);
    const access = new Map(
      resourceAccess.map(({ accessType = [], principalId }) => [
        principalId,
        [...accessType].sort(),
      ]),
    );
    expect(access).toEqual(
      new Map([
        [
          server.userId('alice'),
          ['DELETE', 'READ', 'SEND_MESSAGE', 'TEAM_MEMBERSHIP_UPDATE', 'UPDATE'],
        ],
        [Number(team.id), ['READ', 'SEND_MESSAGE']],
        [273948, ['READ', 'SEND_MESSAGE']],
      ]),
    );
  });

  test('testCreate: the creator of a team with an icon is its member', async () => {
    const icon = await server.alice.createHandle(md5s.a);
    const team = await newTeam({ icon, description: 'description' });
    expect(team).toMatchObject({ icon, description: 'description' });
    expect(await members(team)).toEqual(['alice']);
  });

  test('testCreateWithNotAllowedIcon: an icon of another user is refused', async () => {
    const icon = await server.bob.createHandle(md5s.a);
    expect(await server.alice.post('/team', { name: 'With icon', icon })).toEqual(iconRefusal);
  });

  test('testCreateWithNoIcon: a team needs no icon', async () => {
    expect(await newTeam()).not.toHaveProperty('icon');
  });

  test('testCreateInvalidTeam: a refused team is not made', async () => {
    const { alice } = server;
    expect(await alice.post('/team', { id: '7', name: 'Refused' })).toMatchObject({ status: 400 });
    expect(await ok(alice.get('/teams?fragment=Refused'))).toMatchObject({ results: [] });
  });

  test('testCreateExistingTeam: the name of a team, of a user or of a group is used once', async () => {
    const { name } = await newTeam();
    for (const used of [name, name.toUpperCase(), 'bob', 'public', 'PUBLIC']) {
      expect(await server.alice.post('/team', { name: used })).toEqual(
        refusal(409, `Name ${used} is already used.`),
      );
    }
  });

  test('testGetById: a team is read as it was made', async () => {
    const team = await newTeam();
    expect(await ok(server.anonymous.get(`/team/${team.id}`))).toEqual(team);
  });

  test('testGetBatch: teams are listed by their ids', async () => {
    const team = await newTeam();
    expect(await ok(server.bob.post('/teamList', { list: [Number(team.id)] }))).toEqual({
      list: [team],
    });
  });

  test('testGetByMember: the teams of a user have a true total', async () => {
    const id = server.userId('carol');
    const team = await newTeam();
    await addMember(server.admin, team.id, id);
    expect(await ok(server.bob.get(`/user/${id}/team?limit=10`))).toEqual({
      results: [team],
      totalNumberOfResults: 1,
    });
    expect(await server.alice.delete(`/team/${team.id}/member/${id}`)).toMatchObject({
      status: 204,
    });
  });

  test('testListIdsByMemberWithNullNextPageToken: who is in no team has no ids', async () => {
    expect(await ok(server.bob.get(`/user/${server.userId('carol')}/team/id`))).toEqual({
      teamIds: [],
    });
  });

  test('testListIdsByMemberWithNextPageToken: the ids of teams come in pages', async () => {
    await newTeam();
    await newTeam();
    const path = `/user/${server.userId('alice')}/team/id?nextPageToken=1a0`;
    expect(await ok(server.bob.get(path))).toEqual({
      teamIds: [expect.any(String)],
      nextPageToken: '1a1',
    });
  });

  test('testPut: a manager changes a team', async () => {
    const team = await newTeam();
    expect(await ok(server.alice.put('/team', { ...team, description: 'new' }))).toMatchObject({
      id: team.id,
      description: 'new',
      modifiedOn: expect.any(String),
    });
  });

  test('testPutWithNoIcon: an icon is taken away', async () => {
    const icon = await server.alice.createHandle(md5s.a);
    const team = await newTeam({ icon });
    const bare = { ...team, icon: undefined };
    expect(await ok(server.alice.put('/team', bare))).not.toHaveProperty('icon');
  });

  test('testPutWithNewIcon: an icon is replaced', async () => {
    const team = await newTeam({ icon: await server.alice.createHandle(md5s.a) });
    const icon = await server.alice.createHandle(md5s.b);
    expect(await ok(server.alice.put('/team', { ...team, icon }))).toMatchObject({ icon });
  });

  test('testPutWithNotAllowedIcon: an icon of another user is refused', async () => {
    const team = await newTeam({ icon: await server.alice.createHandle(md5s.a) });
    const icon = await server.bob.createHandle(md5s.b);
    expect(await server.alice.put('/team', { ...team, icon })).toEqual(iconRefusal);
  });

  test('testUnathorizedPut: who does not manage a team does not change it', async () => {
    const team = await teamWithBob();
    expect(await server.bob.put('/team', { ...team, name: 'Taken' })).toMatchObject({
      status: 403,
    });
  });

  test('testDelete: a manager deletes a team', async () => {
    const { id } = await newTeam();
    expect(await server.alice.delete(`/team/${id}`)).toMatchObject({ status: 204 });
    expect(await server.alice.get(`/team/${id}`)).toMatchObject({ status: 404 });
  });

  test('testUnauthorizedDelete: who does not manage a team does not delete it', async () => {
    const { id } = await teamWithBob();
    expect(await server.bob.delete(`/team/${id}`)).toMatchObject({ status: 403 });
  });

  test('testCanAddTeamMemberSELF: a user joins an open team, or with an invitation', async () => {
    const { alice, bob, admin } = server;
    const closed = await newTeam();
    expect(await bob.put(bobIn(closed))).toEqual(
      refusal(403, 'An invitation is required to join the team.'),
    );
    await invite(alice, { teamId: closed.id, inviteeId: String(server.userId('bob')) });
    const open = await newTeam({ canPublicJoin: true });
    for (const team of [closed, open]) {
      expect(await bob.put(bobIn(team))).toMatchObject({ status: 204 });
    }
    const own = `/team/${(await newTeam()).id}/member/${server.userId('admin')}`;
    expect(await admin.put(own)).toMatchObject({ status: 204 });
  });

  test('testCanAddTeamMemberSELF: requirements are met before a user joins', async () => {
    const team = await newTeam();
    await lockTeam(server.admin, team);
    await invite(server.alice, { teamId: team.id, inviteeId: String(server.userId('bob')) });
    expect(await server.bob.put(bobIn(team))).toEqual(
      refusal(403, "You can't join the team until you meet the Access Requirements"),
    );
  });

  test('testCanAddTeamMemberOTHER: a manager adds a user who has asked', async () => {
    const { alice, bob, carol } = server;
    const team = await newTeam();
    expect(await alice.put(bobIn(team))).toEqual(
      refusal(403, 'The prospective member must request to join the team.'),
    );
    await requestMembership(bob, { teamId: team.id });
    expect(await carol.put(bobIn(team))).toEqual(
      refusal(403, 'You must be a team manager to perform this operation.'),
    );
    expect(await alice.put(bobIn(team))).toMatchObject({ status: 204 });
  });

  test('testCanAddTeamMemberOTHER: requirements are met before a manager adds a user', async () => {
    const team = await newTeam();
    await requestMembership(server.bob, { teamId: team.id });
    await lockTeam(server.admin, team);
    expect(await server.alice.put(bobIn(team))).toEqual(
      refusal(
        403,
        expect.stringMatching(
          /^Cannot add member to team because they have not met all access restrictions\. /,
        ),
      ),
    );
  });

  test('testAddMember: a new member has no open request or invitation left', async () => {
    const { alice, bob } = server;
    const team = await newTeam();
    await requestMembership(bob, { teamId: team.id });
    await invite(alice, { teamId: team.id, inviteeId: String(server.userId('bob')) });
    expect(await alice.put(bobIn(team))).toMatchObject({ status: 204 });
    expect(await members(team)).toEqual(['alice', 'bob']);
    expect(await membershipStatus(alice, team.id, server.userId('bob'))).toMatchObject({
      isMember: true,
      hasOpenInvitation: false,
      hasOpenRequest: false,
    });
  });

  test('testAddMemberAlreadyOnTeam: a member is added once', async () => {
    const team = await teamWithBob();
    await addMember(server.admin, team.id, server.userId('bob'));
    expect(await members(team)).toEqual(['alice', 'bob']);
  });

  test('testCanRemoveTeamMember: administrators, managers and the member itself remove', async () => {
    const { admin, alice, bob, carol } = server;
    for (const session of [admin, alice, bob]) {
      const team = await teamWithBob();
      expect(await carol.delete(bobIn(team))).toMatchObject({ status: 403 });
      expect(await session.delete(bobIn(team))).toMatchObject({ status: 204 });
      expect(await members(team)).toEqual(['alice']);
    }
  });

  test('testRemoveMember: a manager who leaves is no longer in the ACL', async () => {
    const team = await teamWithBob();
    await ok(server.alice.put(`${bobIn(team)}/permission?isAdmin=true`));
    expect((await aclOf(server.alice, team)).resourceAccess).toHaveLength(4);
    expect(await server.alice.delete(bobIn(team))).toMatchObject({ status: 204 });
    expect((await aclOf(server.alice, team)).resourceAccess).toHaveLength(3);
  });

  test('testRemoveLastAdminMember: the last manager does not leave', async () => {
    const team = await teamWithBob();
    const path = `/team/${team.id}/member/${server.userId('alice')}`;
    expect(await server.alice.delete(path)).toEqual(
      refusal(400, 'Team must have at least one team manager.'),
    );
    expect(await members(team)).toEqual(['alice', 'bob']);
  });

  test('testPLFM_3612: the last member does not leave', async () => {
    const { id } = await newTeam();
    const path = `/team/${id}/member/${server.userId('alice')}`;
    for (const session of [server.alice, server.admin]) {
      expect(await session.delete(path)).toEqual(
        refusal(403, 'Cannot remove the last member of a Team.'),
      );
    }
  });

  test('testRemoveMemberUnauthorized: who does not manage a team removes nobody else', async () => {
    const team = await teamWithBob();
    expect(await server.carol.delete(bobIn(team))).toEqual(
      refusal(403, 'Cannot remove member from Team.'),
    );
  });

  test('testRemoveMemberNotInTeam: removing who is no member changes nothing', async () => {
    const team = await newTeam();
    const acl = await aclOf(server.alice, team);
    expect(await server.alice.delete(bobIn(team))).toMatchObject({ status: 204 });
    expect(await aclOf(server.alice, team)).toEqual(acl);
  });

  test('testGetACL: any user reads the ACL of a team', async () => {
    const team = await newTeam();
    expect(await aclOf(server.bob, team)).toMatchObject({ id: team.id, etag: expect.any(String) });
  });

  test('testGetACLUnAuthorized: nobody reads it anonymously', async () => {
    const { id } = await newTeam();
    expect(await server.anonymous.get(`/team/${id}/acl`)).toMatchObject({ status: 403 });
  });

  test('testUpdateACL: a manager changes the ACL', async () => {
    const team = await newTeam();
    const acl = await aclOf(server.alice, team);
    const resourceAccess = acl.resourceAccess.filter(({ principalId }) => principalId !== 273948);
    expect(await ok(server.alice.put('/team/acl', { ...acl, resourceAccess }))).toMatchObject({
      id: team.id,
      resourceAccess,
    });
  });

  test('testUpdateACLUnAuthorized: who does not manage a team does not change its ACL', async () => {
    const team = await teamWithBob();
    const acl = await aclOf(server.bob, team);
    expect(await server.bob.put('/team/acl', acl)).toMatchObject({ status: 403 });
  });

  test('testGetIconURL: an icon has a URL', async () => {
    const { id } = await newTeam({ icon: await server.alice.createHandle(md5s.a) });
    expect(await ok(server.bob.get(`/team/${id}/icon?redirect=false`))).toBe(
      `https://files.example.org/${md5s.a}`,
    );
  });

  test('testGetIconPreviewURL: an icon may have a preview', async () => {
    const icon = await uploadText(server.alice, 'the text of an icon');
    const { id } = await newTeam({ icon });
    const path = `/team/${id}/icon/preview?redirect=false`;
    expect(await ok(server.bob.get(path))).toEqual(expect.stringMatching(/^https?:/));
  });

  test('testGetIconPreviewURLPreviewFileHandleIdNotFoundException: there may be no preview', async () => {
    const { id } = await newTeam({ icon: await server.alice.createHandle(md5s.a) });
    expect(await server.bob.get(`/team/${id}/icon/preview?redirect=false`)).toEqual(
      refusal(404, `No preview was found for the icon of the team with id: ${id}`),
    );
  });

  test('testGetFileHandleIdNotFoundException: there may be no icon', async () => {
    const { id } = await newTeam();
    expect(await server.bob.get(`/team/${id}/icon?redirect=false`)).toEqual(
      refusal(404, `Team ${id} has no icon file handle.`),
    );
  });

  test('testGetFileHandleId: a team names the file of its icon', async () => {
    const icon = await server.alice.createHandle(md5s.a);
    const { id } = await newTeam({ icon });
    expect(await ok(server.bob.get(`/team/${id}`))).toMatchObject({ icon });
  });

  test('testGetMembers: members are listed in a page, and by their ids', async () => {
    const team = await newTeam();
    const { results } = await ok<M.PaginatedResultsOfTeamMember>(
      server.bob.get(`/teamMembers/${team.id}?memberType=ALL&limit=10`),
    );
    expect(results).toHaveLength(1);
    const list = [server.userId('alice')];
    expect(await ok(server.bob.post(`/team/${team.id}/memberList`, { list }))).toEqual({
      list: results,
    });
  });

  test('testListMembersWithFragment: the start of a name finds a member', async () => {
    expect(await members(await teamWithBob(), 'fragment=bo')).toEqual(['bob']);
  });

  test('testListAdminMembersWithPrefix: the start of a name finds a manager', async () => {
    expect(await members(await teamWithBob(), 'fragment=al&memberType=ADMIN')).toEqual(['alice']);
  });

  test('testListNonAdminMembersWithPrefix: a manager is not found among the others', async () => {
    expect(await members(await teamWithBob(), 'fragment=exam&memberType=MEMBER')).toEqual(['bob']);
  });

  test('testListAllMembersWithPrefix: the start of a last name finds all members', async () => {
    expect(await members(await teamWithBob(), 'fragment=exam&memberType=ALL')).toEqual([
      'alice',
      'bob',
    ]);
  });

  test('testListAdminMembers: managers are listed', async () => {
    expect(await members(await teamWithBob(), 'memberType=ADMIN')).toEqual(['alice']);
  });

  test('testListNonAdminMembers: members who do not manage are listed', async () => {
    expect(await members(await teamWithBob(), 'memberType=MEMBER')).toEqual(['bob']);
  });

  test('testListAllTypesOfMembers: all members are listed', async () => {
    expect(await members(await teamWithBob(), 'memberType=ALL')).toEqual(['alice', 'bob']);
  });

  test('testListMembersWithPrefixInvalidTeamNotFound: an unknown team has no members', async () => {
    expect(await server.alice.get('/teamMembers/100?fragment=pfx')).toEqual(
      refusal(404, "Team id: '100' does not exist"),
    );
  });

  test('testListMembersInvalidTeamNotFound: an unknown team has no members', async () => {
    expect(await server.alice.get('/teamMembers/100?memberType=ADMIN')).toEqual(
      refusal(404, "Team id: '100' does not exist"),
    );
  });

  test('testNoAdmins: a team without managers lists none', async () => {
    const team = await newTeam();
    const acl = await aclOf(server.alice, team);
    const resourceAccess = acl.resourceAccess.filter(
      ({ principalId }) => principalId !== server.userId('alice'),
    );
    await ok(server.alice.put('/team/acl', { ...acl, resourceAccess }));
    expect(await members(team, 'memberType=ADMIN')).toEqual([]);
  });

  test('testSetPermissions: a member is made a manager, and a plain member again', async () => {
    const team = await teamWithBob();
    const permission = (isAdmin: boolean) =>
      ok(server.alice.put(`${bobIn(team)}/permission?isAdmin=${isAdmin}`));
    const bobs = async () =>
      (await aclOf(server.alice, team)).resourceAccess.filter(
        ({ principalId }) => principalId === server.userId('bob'),
      );
    await permission(true);
    const manage = ['READ', 'UPDATE', 'DELETE', 'TEAM_MEMBERSHIP_UPDATE', 'SEND_MESSAGE'];
    expect(await bobs()).toMatchObject([{ accessType: expect.arrayContaining(manage) }]);
    await permission(false);
    expect(await bobs()).toEqual([]);
  });

  test('testSetRemoveOwnPermissions: the last manager stays one', async () => {
    const { id } = await newTeam();
    const path = `/team/${id}/member/${server.userId('alice')}/permission`;
    await ok(server.alice.put(`${path}?isAdmin=true`));
    expect(await server.alice.put(`${path}?isAdmin=false`)).toEqual(
      refusal(400, 'Team must have at least one team manager.'),
    );
  });

  test('testSetPermissionsUnauthorized: a member does not make itself a manager', async () => {
    const team = await teamWithBob();
    expect(await server.bob.put(`${bobIn(team)}/permission?isAdmin=true`)).toMatchObject({
      status: 403,
    });
  });

  test('testIsMembershipApprovalRequired: managers and open teams need no approval', async () => {
    const { alice, bob } = server;
    const bobId = server.userId('bob');
    const team = await newTeam({ canRequestMembership: false });
    for (const [name, membershipApprovalRequired] of [
      ['admin', false],
      ['alice', false],
      ['bob', true],
    ] as const) {
      expect(await membershipStatus(alice, team.id, server.userId(name))).toMatchObject({
        membershipApprovalRequired,
      });
    }
    const open = await newTeam({ canPublicJoin: true });
    expect(await membershipStatus(bob, open.id, bobId)).toMatchObject({
      membershipApprovalRequired: false,
    });
  });

  test('testGetTeamMembershipStatus: a status says what a user has, and may do', async () => {
    const { bob } = server;
    const bobId = server.userId('bob');
    const none = {
      userId: String(bobId),
      isMember: false,
      hasOpenInvitation: false,
      hasOpenRequest: false,
      canJoin: false,
      membershipApprovalRequired: true,
      hasUnmetAccessRequirement: false,
      canSendEmail: true,
    };
    const team = await newTeam();
    const status = () => membershipStatus(bob, team.id, bobId);
    expect(await status()).toEqual({ ...none, teamId: team.id });
    const open = await newTeam({ canPublicJoin: true });
    expect(await membershipStatus(bob, open.id, bobId)).toEqual({
      ...none,
      teamId: open.id,
      canJoin: true,
      membershipApprovalRequired: false,
    });
    await lockTeam(server.admin, open);
    expect(await membershipStatus(bob, open.id, bobId)).toMatchObject({
      canJoin: false,
      hasUnmetAccessRequirement: true,
    });
    await requestMembership(bob, { teamId: team.id });
    await invite(server.alice, { teamId: team.id, inviteeId: String(bobId) });
    expect(await status()).toMatchObject({
      hasOpenInvitation: true,
      hasOpenRequest: true,
      canJoin: true,
    });
    await addMember(server.admin, team.id, bobId);
    expect(await status()).toMatchObject({ isMember: true, canJoin: true });
  });

  test('testCreateJoinedTeamNotificationSelf: the inviters hear of a new member', async () => {
    const team = await newTeam();
    await invite(server.alice, { teamId: team.id, inviteeId: String(server.userId('bob')) });
    await addMember(server.bob, team.id, server.userId('bob'));
    expect(await latestMessage(server.alice)).toMatchObject({
      createdBy: String(server.userId('bob')),
      subject: 'New Member Has Joined the Team',
      recipients: [String(server.userId('alice'))],
    });
  });

  test('testCreateJoinedTeamNotificationOther: the new member hears of being added', async () => {
    const team = await newTeam();
    await requestMembership(server.bob, { teamId: team.id });
    await addMember(server.alice, team.id, server.userId('bob'));
    expect(await latestMessage(server.bob)).toMatchObject({
      createdBy: String(server.userId('alice')),
      subject: 'Your Team Membership Has Been Approved',
      recipients: [String(server.userId('bob'))],
    });
    expect(server.synapse.mails.at(-1)?.html).toContain(team.name);
  });

  test.each(['', `?teamEndpoint=${pages.team}`, `?notificationUnsubscribeEndpoint=${pages.team}`])(
    'testCreateJoinedTeamNotificationWithNullOptionalParameters: nobody hears of it with %j',
    async (query) => {
      const team = await newTeam({ canPublicJoin: true });
      const before = server.synapse.mails.length;
      expect(await server.bob.put(bobIn(team) + query)).toMatchObject({ status: 204 });
      expect(server.synapse.mails).toHaveLength(before);
    },
  );

  test('testCountMembers: members are counted', async () => {
    const { id } = await teamWithBob();
    expect(await ok(server.bob.get(`/teamMembers/count/${id}`))).toEqual({ count: 2 });
  });

  test('testAttemptTeamDeleteWithUserGroupThatCannotBeDeleted: a team stays while an entity is shared with it', async () => {
    const { alice } = server;
    const { id, name } = await newTeam();
    const project = await alice.create('project', { name: 'Shared with a team' });
    const acl = await ok<M.AccessControlList>(alice.get(`/entity/${project.id}/acl`));
    const entry = { principalId: Number(id), accessType: ['READ'] };
    const shared = { ...acl, resourceAccess: [...(acl.resourceAccess ?? []), entry] };
    await ok(alice.put(`/entity/${project.id}/acl`, shared));
    expect(await alice.delete(`/team/${id}`)).toEqual(
      refusal(
        400,
        `Can't delete the team ${name} (ID: ${id}), most likely because it is referenced by a submission, or an entity is shared with it. Contact the administrator of the submission queue to delete the submission, or unshare the entity.`,
      ),
    );
    expect(await members({ id, name, etag: '' })).toEqual(['alice']);
    expect(await alice.delete(`/entity/${project.id}?skipTrashCan=true`)).toMatchObject({
      status: 204,
    });
    expect(await alice.delete(`/team/${id}`)).toMatchObject({ status: 204 });
  });
});
