import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions } from '../server/entitySession.js';
import {
  addMember,
  createTeam,
  invite,
  membershipStatus,
  ok,
  requestMembership,
} from './teamCalls.js';

const server = withSessions();
const description = 'Test-Team-Description';
let number = 0;

function newTeam(fields: M.Team = {}) {
  number += 1;
  return createTeam(server.alice, { name: `Test-Team-Name ${number}`, description, ...fields });
}

describe('IT500SynapseJavaClientTeamTest', () => {
  test('testCRUDTeam: a team is made, read, renamed and deleted, also twice', async () => {
    const { alice } = server;
    const aliceId = String(server.userId('alice'));
    const team = await newTeam();
    expect(team).toEqual({
      id: expect.any(String),
      etag: expect.any(String),
      name: team.name,
      description,
      createdBy: aliceId,
      modifiedBy: aliceId,
      createdOn: expect.any(String),
      modifiedOn: expect.any(String),
    });
    const path = `/team/${team.id}`;
    expect((await alice.get(path)).body).toEqual(team);
    const updated = await alice.put('/team', { ...team, name: 'A new team name' });
    expect(updated).toMatchObject({ status: 200, body: { name: 'A new team name' } });
    expect((updated.body as M.Team).etag).not.toBe(team.etag);
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toEqual(refusal(404, `Team id: '${team.id}' does not exist`));
  });

  test('testGetTeamIcon: there is an icon once a team has one', async () => {
    const { alice } = server;
    const team = await newTeam();
    const path = `/team/${team.id}/icon?redirect=false`;
    expect(await alice.get(path)).toEqual(refusal(404, `Team ${team.id} has no icon file handle.`));
    const icon = await alice.createHandle(md5s.a);
    expect(await alice.put('/team', { ...team, icon })).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({
      status: 200,
      body: `https://files.example.org/${md5s.a}`,
    });
  });

  test('testGetTeams: teams are found by the start of their name, with an estimated total', async () => {
    const { alice } = server;
    const before = await ok<M.PaginatedResultsOfTeam>(alice.get('/teams?limit=50'));
    const team = await newTeam({ name: 'prefix of a team name' });
    const list = (query: string) => ok<M.PaginatedResultsOfTeam>(alice.get(`/teams?${query}`));
    const all = await list('limit=50');
    expect(all.totalNumberOfResults).toBe((before.totalNumberOfResults ?? 0) + 1);
    expect(all.results).toContainEqual(team);
    expect((await list('limit=50&offset=1')).results).toHaveLength(all.results.length - 1);
    expect(await list('fragment=pre&limit=1')).toEqual({
      results: [team],
      totalNumberOfResults: 2,
    });
    expect((await list('fragment=pre&limit=10&offset=1')).results).toEqual([]);
    const body = { list: [Number(team.id)] };
    expect((await alice.post('/teamList', body)).body).toEqual({ list: [team] });
  });

  test('testGetTeamMembers: the creator is the member and manager of a new team', async () => {
    const { alice } = server;
    const aliceId = server.userId('alice');
    const team = await newTeam();
    const list = (query: string) =>
      ok<M.PaginatedResultsOfTeamMember>(alice.get(`/teamMembers/${team.id}?limit=1&${query}`));
    const [member] = (await list('memberType=ALL')).results;
    expect(member).toMatchObject({
      teamId: team.id,
      member: { ownerId: String(aliceId) },
      isAdmin: true,
    });
    expect((await list('memberType=ADMIN')).results).toEqual([member]);
    expect(await list('memberType=MEMBER')).toEqual({ results: [], totalNumberOfResults: 0 });
    expect((await list('memberType=ALL&fragment=alice')).results).toEqual([member]);
    expect((await alice.get(`/teamMembers/count/${team.id}`)).body).toEqual({ count: 1 });
    expect((await alice.get(`/team/${team.id}/member/${aliceId}`)).body).toEqual(member);
  });

  test('testGetTeamMembers: a member could join', async () => {
    const team = await newTeam();
    const userId = server.userId('alice');
    expect(await membershipStatus(server.alice, team.id, userId)).toMatchObject({
      teamId: team.id,
      userId: String(userId),
      isMember: true,
      hasOpenInvitation: false,
      hasOpenRequest: false,
      canJoin: true,
    });
  });

  test('testAddNonAdminMember: a member who was added manages nothing', async () => {
    const { alice, bob } = server;
    const team = await newTeam();
    await requestMembership(bob, { teamId: team.id });
    await addMember(alice, team.id, server.userId('bob'));
    const { results } = await ok<M.PaginatedResultsOfTeamMember>(
      alice.get(`/teamMembers/${team.id}?limit=2`),
    );
    const shown = results.map(({ isAdmin, member }) => [member?.ownerId, isAdmin]);
    expect(shown).toEqual([
      [String(server.userId('alice')), true],
      [String(server.userId('bob')), false],
    ]);
    expect((await alice.get(`/teamMembers/count/${team.id}`)).body).toEqual({ count: 2 });
  });

  test('testAddRemoveMember: a request is granted, and the member is removed again', async () => {
    const { alice, bob, admin } = server;
    const bobId = server.userId('bob');
    const team = await newTeam();
    await requestMembership(bob, { teamId: team.id });
    const asked = { isMember: false, hasOpenInvitation: false, hasOpenRequest: true };
    expect(await membershipStatus(alice, team.id, bobId)).toMatchObject({
      ...asked,
      canJoin: true,
    });
    expect(await membershipStatus(bob, team.id, bobId)).toMatchObject({ ...asked, canJoin: false });
    const listed = await ok<M.PaginatedResultsOfTeamMember>(alice.get(`/teamMembers/${team.id}`));
    const memberList = { list: [server.userId('alice')] };
    expect((await alice.post(`/team/${team.id}/memberList`, memberList)).body).toEqual({
      list: listed.results,
    });
    const { results: others } = await ok<M.PaginatedResultsOfTeam>(
      admin.get(`/user/${bobId}/team?limit=50`),
    );
    await addMember(alice, team.id, bobId);
    expect(await membershipStatus(bob, team.id, bobId)).toMatchObject({
      isMember: true,
      hasOpenInvitation: false,
      hasOpenRequest: false,
      canJoin: true,
    });
    const teamsOfBob = () =>
      ok<M.PaginatedResultsOfTeam>(alice.get(`/user/${bobId}/team?limit=50`));
    expect((await teamsOfBob()).results).toContainEqual(team);
    expect(await alice.delete(`/team/${team.id}/member/${bobId}`)).toMatchObject({ status: 204 });
    expect(await teamsOfBob()).toEqual({ results: others, totalNumberOfResults: others.length });
  });

  test('testAddRemoveAdminPrivilegesForTeamMember: a member is made a manager, alone and by the ACL', async () => {
    const { alice, bob } = server;
    const bobId = server.userId('bob');
    const team = await newTeam();
    await requestMembership(bob, { teamId: team.id });
    await addMember(alice, team.id, bobId);
    const permission = (isAdmin: boolean) =>
      alice.put(`/team/${team.id}/member/${bobId}/permission?isAdmin=${isAdmin}`);
    expect(await permission(true)).toMatchObject({ status: 200 });
    expect(await alice.get(`/teamMembers/${team.id}?fragment=bo&limit=1`)).toMatchObject({
      body: { results: [{ member: { ownerId: String(bobId) }, isAdmin: true }] },
    });
    expect(await permission(false)).toMatchObject({ status: 200 });
    const acl = await ok<Required<M.AccessControlList>>(alice.get(`/team/${team.id}/acl`));
    expect(acl.resourceAccess.map(({ principalId }) => principalId)).not.toContain(bobId);
    const accessType: M.ACCESS_TYPE[] = [
      'READ',
      'SEND_MESSAGE',
      'UPDATE',
      'DELETE',
      'TEAM_MEMBERSHIP_UPDATE',
    ];
    const resourceAccess = [...acl.resourceAccess, { principalId: bobId, accessType }];
    expect(await alice.put('/team/acl', { ...acl, resourceAccess })).toMatchObject({
      status: 200,
      body: { resourceAccess },
    });
  });

  test('testTeamRestrictionRoundTrip: the requirement of a team is listed and met', async () => {
    const { admin, bob } = server;
    const team = await newTeam();
    const subjectIds = [{ type: 'TEAM', id: team.id }];
    const requirement = await ok<M.TermsOfUseAccessRequirement>(
      admin.post('/accessRequirement', {
        concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
        accessType: 'PARTICIPATE',
        subjectIds,
      }),
    );
    const list = (offset: number) =>
      admin.get(`/team/${team.id}/accessRequirement?limit=10&offset=${offset}`);
    expect((await list(0)).body).toMatchObject({ results: [{ id: requirement.id, subjectIds }] });
    expect((await list(10)).body).toMatchObject({ results: [] });
    const approval = { requirementId: requirement.id };
    expect(await bob.post('/accessApproval', approval)).toMatchObject({ status: 201 });
    expect((await list(0)).body).toMatchObject({ results: [{ id: requirement.id }] });
  });

  test('testMembershipInvitationAPI: an invitation is read, listed with the true total, and deleted', async () => {
    const { alice, bob } = server;
    const team = await newTeam();
    const inviteeId = String(server.userId('bob'));
    const expiresOn = new Date(Date.now() + 100_000).toISOString();
    const fields = { teamId: team.id, inviteeId, expiresOn, message: 'Please accept' };
    const { count: before } = await ok<M.Count>(
      bob.get('/membershipInvitation/openInvitationCount'),
    );
    const created = await invite(alice, fields);
    expect(created).toEqual({
      ...fields,
      id: expect.any(String),
      createdBy: String(server.userId('alice')),
      createdOn: expect.any(String),
    });
    expect((await bob.get('/membershipInvitation/openInvitationCount')).body).toEqual({
      count: (before ?? 0) + 1,
    });
    const path = `/membershipInvitation/${created.id}`;
    expect((await alice.get(path)).body).toEqual(created);
    const ofBob = `/user/${inviteeId}/openInvitation`;
    for (const list of [
      ofBob,
      `${ofBob}?teamId=${team.id}`,
      `/team/${team.id}/openInvitation`,
      `/team/${team.id}/openInvitation?inviteeId=${inviteeId}`,
    ]) {
      const at = (query: string) => alice.get(`${list}${list.includes('?') ? '&' : '?'}${query}`);
      const totalNumberOfResults = 1;
      expect((await at('limit=1&offset=0')).body).toEqual({
        results: [created],
        totalNumberOfResults,
      });
      expect((await at('limit=2&offset=1')).body).toEqual({ results: [], totalNumberOfResults });
    }
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('testMembershipInvitationAPI: the owner of an address takes its invitation', async () => {
    const { alice, bob } = server;
    const team = await newTeam();
    const { id } = await invite(alice, { teamId: team.id, inviteeEmail: 'bob@example.org' });
    const path = `/membershipInvitation/${id}`;
    const inviteeId = String(server.userId('bob'));
    const token = await ok<M.InviteeVerificationSignedToken>(
      bob.get(`${path}/inviteeVerificationSignedToken`),
    );
    expect(token).toMatchObject({ inviteeId, membershipInvitationId: id });
    expect(await bob.put(`${path}/inviteeId`, token)).toMatchObject({ status: 200 });
    expect(await bob.get(path)).toMatchObject({ status: 200, body: { inviteeId } });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('testMembershipRequestAPI: a request is read, listed with the true total, and deleted', async () => {
    const { alice, bob } = server;
    const team = await newTeam();
    const userId = String(server.userId('bob'));
    const expiresOn = new Date(Date.now() + 100_000).toISOString();
    const fields = { teamId: team.id, expiresOn, message: 'Please accept' };
    const count = async () =>
      (await ok<M.Count>(alice.get('/membershipRequest/openRequestCount'))).count ?? 0;
    const before = await count();
    const created = await requestMembership(bob, fields);
    expect(created).toEqual({
      ...fields,
      userId,
      id: expect.any(String),
      createdBy: userId,
      createdOn: expect.any(String),
    });
    expect(await count()).toBe(before + 1);
    const path = `/membershipRequest/${created.id}`;
    expect((await bob.get(path)).body).toEqual(created);
    for (const [session, list] of [
      [alice, `/team/${team.id}/openRequest?`],
      [alice, `/team/${team.id}/openRequest?requestorId=${userId}&`],
      [bob, `/user/${userId}/openRequest?teamId=${team.id}&`],
    ] as const) {
      const totalNumberOfResults = 1;
      expect((await session.get(`${list}limit=1&offset=0`)).body).toEqual({
        results: [created],
        totalNumberOfResults,
      });
      expect((await session.get(`${list}limit=2&offset=1`)).body).toEqual({
        results: [],
        totalNumberOfResults,
      });
    }
    expect(await bob.delete(path)).toMatchObject({ status: 204 });
    expect(await bob.get(path)).toMatchObject({ status: 404 });
  });

  test('testMembershipInvitationAndAcceptanceViaNotification: the link in the mail makes the invited user a member', async () => {
    const { admin, alice, bob, anonymous } = server;
    const team = await newTeam();
    const bobId = server.userId('bob');
    await invite(alice, { teamId: team.id, inviteeId: String(bobId) });
    const mail = server.synapse.mails.at(-1);
    expect(mail).toMatchObject({
      to: 'bob@example.org',
      subject: `Alice Example has invited you to join the ${team.name} team`,
    });
    const token = (marker: string): unknown => {
      const hex = new RegExp(`#${marker}:([0-9a-f]+)"`).exec(mail?.html ?? '')?.[1] ?? '';
      return JSON.parse(Buffer.from(hex, 'hex').toString());
    };
    const joined = await anonymous.put('/teamMember', token('invit'));
    expect(joined).toMatchObject({ status: 200, body: { message: expect.any(String) } });
    expect(await membershipStatus(bob, team.id, bobId)).toMatchObject({ isMember: true });
    expect(await anonymous.put('/notificationSettings', token('unsub'))).toMatchObject({
      status: 200,
    });
    const profile = await bob.get('/userProfile');
    expect(profile).toMatchObject({
      body: { notificationSettings: { sendEmailNotifications: false } },
    });
    const notificationSettings = { sendEmailNotifications: true };
    await bob.put('/userProfile', { ...(profile.body as object), notificationSettings });
    expect(await admin.get(`/team/${team.id}/member/${bobId}`)).toMatchObject({ status: 200 });
  });

  test('testMembershipRequestAndAcceptanceViaNotification: the link in the mail of a manager makes the requester a member', async () => {
    const { bob, anonymous } = server;
    const team = await newTeam();
    const bobId = server.userId('bob');
    await requestMembership(bob, { teamId: team.id, message: 'Please accept this request' });
    const mail = server.synapse.mails.at(-1);
    expect(mail).toMatchObject({
      to: 'alice@example.org',
      subject: 'Someone Has Requested to Join Your Team',
      html: expect.stringContaining('Please accept this request'),
    });
    const hex = /#request:([0-9a-f]+)"/.exec(mail?.html ?? '')?.[1] ?? '';
    const token: unknown = JSON.parse(Buffer.from(hex, 'hex').toString());
    expect(await anonymous.put('/teamMember', token)).toMatchObject({
      status: 200,
      body: { message: `User Bob Example (bob) has been added to team ${team.name}.` },
    });
    expect(await membershipStatus(bob, team.id, bobId)).toMatchObject({ isMember: true });
  });
});
