import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Synapse } from '../../src/index.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

/*
 * A lab starts a team. It invites people by user name, by id and by email address, and one of them again. One joins, another one asks
 * to and is let in. A second manager is made; the first one becomes a member and leaves. The last manager cannot. One member is
 * removed. At the end the team of a second study is deleted.
 */
interface People {
  server: LocalSynapse;
  alice: Synapse;
  bob: Synapse;
  carol: Synapse;
}

const icon = Buffer.from('the icon of the lab');
const servers: LocalSynapse[] = [];
const clients: Synapse[] = [];

async function startPeople(): Promise<People> {
  const server = await startLocalSynapse({ strict: true, onWarning: () => undefined });
  servers.push(server);
  const open = async (user: 'alice' | 'bob' | 'carol'): Promise<Synapse> => {
    const syn = new Synapse({
      endpoint: server.endpoint,
      environment: {},
      configPath: '/dev/null',
      log: () => undefined,
      useCache: false,
    });
    clients.push(syn);
    await syn.login({ authToken: server.users[user].authToken });
    return syn;
  };
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  return { server, alice, bob, carol };
}

let ours: People;
let raw: People;
beforeAll(async () => {
  [ours, raw] = [await startPeople(), await startPeople()];
}, 60_000);
afterAll(async () => {
  await Promise.all(clients.map((syn) => syn.close()));
  await Promise.all(servers.map((server) => server.close()));
  expect(servers.flatMap((server) => server.contractViolations)).toEqual([]);
});

const lab = { name: 'Mouse lab', description: 'Who works with mice' };
const message = 'Welcome to the lab';

async function throughClient({ alice, bob, carol, server }: People): Promise<string> {
  const team = await alice.teams.create(lab);
  await alice.teams.setIcon(team, icon, { fileName: 'icon.png', generatePreview: false });
  const carolId = server.users.carol.userId;
  await alice.teams.invite(team, ['bob', carolId, 'dora@example.org'], { message });
  await alice.teams.invite(team, 'bob', { message: 'Are you coming?' });
  await bob.teams.join(team);
  await alice.teams.uninvite(team, carolId);
  await carol.teams.request(team, { message: 'I have mice' });
  for await (const request of alice.teams.requests(team)) await alice.teams.acceptRequest(request);
  await alice.teams.setAdmin(team, server.users.bob.userId);
  await bob.teams.removeAdmin(team, server.users.alice.userId);
  await alice.teams.leave(team);
  await expect(bob.teams.leave(team)).rejects.toThrow('is the only manager');
  await bob.teams.removeMember(team, carolId);
  const study = await bob.teams.create({ name: 'Study of mice', canPublicJoin: true });
  await carol.teams.join(study);
  await bob.teams.delete(study);
  return team.id;
}

async function throughOperations({ alice, bob, carol, server }: People): Promise<string> {
  const { userId: aliceId } = server.users.alice;
  const { userId: bobId } = server.users.bob;
  const { userId: carolId } = server.users.carol;
  const { team: service } = alice.services;
  const { id = '', ...created } = await service.createTeam({ body: lab });
  const upload = { fileName: 'icon.png', generatePreview: false };
  const { id: handle } = await alice.fileHandles.upload(icon, upload);
  await service.updateTeam({ body: { ...created, id, icon: handle } });
  const invite = (body: object): Promise<{ id?: string }> =>
    alice.services.membershipInvitation.createMembershipInvitation({
      body: { teamId: id, ...body },
    });
  const first = await invite({ inviteeId: bobId, message });
  const toCarol = await invite({ inviteeId: carolId, message });
  await invite({ inviteeEmail: 'dora@example.org', message });
  await invite({ inviteeId: bobId, message: 'Are you coming?' });
  for (const { id: old = '' } of [first, toCarol]) {
    await alice.services.membershipInvitation.deleteMembershipInvitation({ id: old });
  }
  await bob.services.team.addTeamMember({ id, principalId: bobId });
  const request = { teamId: id, message: 'I have mice' };
  await carol.services.membershipRequest.createMembershipRequest({ body: request });
  await service.addTeamMember({ id, principalId: carolId });
  const acl = await service.getTeamAcl({ id });
  const [manager] = (acl.resourceAccess ?? []).filter((one) => one.principalId === Number(aliceId));
  const others = (acl.resourceAccess ?? []).filter((one) => one !== manager);
  const resourceAccess = [...others, { ...manager, principalId: Number(bobId) }];
  await service.updateTeamAcl({ body: { ...acl, resourceAccess } });
  await service.removeTeamMember({ id, principalId: aliceId });
  const last = bob.services.team.removeTeamMember({ id, principalId: bobId });
  await expect(last).rejects.toThrow('at least one team manager');
  await bob.services.team.removeTeamMember({ id, principalId: carolId });
  const study = { name: 'Study of mice', canPublicJoin: true };
  const { id: studyId = '' } = await bob.services.team.createTeam({ body: study });
  await carol.services.team.addTeamMember({ id: studyId, principalId: carolId });
  await bob.services.team.deleteTeam({ id: studyId });
  return id;
}

/** What the service says about the team afterwards. */
async function stateOf({ bob, carol, server }: People, id: string): Promise<unknown> {
  const { team, membershipInvitation, membershipRequest } = bob.services;
  const state = {
    team: await team.getTeam({ id }),
    members: (await team.listTeamMembers({ id })).results,
    acl: { ...(await team.getTeamAcl({ id })), creationDate: undefined },
    invitations: (await membershipInvitation.listTeamOpenMembershipInvitations({ id })).results,
    requests: (await membershipRequest.listTeamOpenMembershipRequests({ id })).results,
    teamsOfBob: (await team.listUserTeams({ id: server.users.bob.userId })).results,
    invitationsOfCarol: (
      await carol.services.membershipInvitation.listUserOpenMembershipInvitations({
        id: server.users.carol.userId,
      })
    ).results,
    icon: await (await fetch(await team.getTeamIconUrl({ id }))).text(),
  };
  const users = Object.fromEntries(
    (['alice', 'bob', 'carol'] as const).map((name) => [name, server.users[name].userId]),
  );
  const ids = { lab: id, icon: state.team.icon ?? '', ...users };
  const invitations = state.invitations.map((one) => ({ ...one, id: undefined }));
  return comparable({ ...state, invitations }, ids);
}

test('a team grows and shrinks, through the client as through single operations', async () => {
  const { result: id, calls } = await callsOf(ours.server, () => throughClient(ours));
  const rawId = await throughOperations(raw);
  const state = await stateOf(ours, id);
  expect(state).toEqual(await stateOf(raw, rawId));
  expect(state).toMatchObject({
    members: [{ member: { userName: 'bob' }, isAdmin: true }],
    invitations: [{ inviteeEmail: 'dora@example.org', message }],
    requests: [],
    icon: icon.toString(),
  });
  expect(calls).toEqual({
    'file.createMultipartUpload': 1,
    'file.getMultipartUploadUrlBatch': 1,
    'PUT /storage': 1,
    'file.addMultipartUploadPart': 1,
    'file.completeMultipartUpload': 1,
    'membershipInvitation.createMembershipInvitation': 4,
    'membershipInvitation.deleteMembershipInvitation': 2,
    // For the address, for the invitation that is replaced, and for the one that is withdrawn.
    'membershipInvitation.listTeamOpenMembershipInvitations': 3,
    'membershipRequest.createMembershipRequest': 1,
    'membershipRequest.listTeamOpenMembershipRequests': 1,
    'team.addTeamMember': 3,
    'team.createTeam': 2,
    'team.deleteTeam': 1,
    // The icon is changed on top of the other properties.
    'team.getTeam': 1,
    'team.getTeamAcl': 2,
    // Whether bob (twice) and carol are members already, and whether bob is one before he manages the team.
    'team.getTeamMembershipStatus': 4,
    'team.removeTeamMember': 3,
    'team.updateTeam': 1,
    'team.updateTeamAcl': 2,
    'userProfile.listUserGroupHeadersByAliases': 2,
  });
}, 60_000);
