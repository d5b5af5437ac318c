import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  NotFoundError,
  SynapseHttpError,
  type Invitee,
  type Synapse,
  type Team,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
let carol: Synapse;
let count = 0;
beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
  carol = await clients.open('carol');
});

function newTeam(more: object = {}): Promise<Team> {
  count += 1;
  return alice.teams.create({ name: `Group ${count} of alice`, ...more });
}

const userId = (name: 'alice' | 'bob' | 'carol'): string => clients.server.users[name].userId;

async function membersOf(team: Team): Promise<string[]> {
  const members = await alice.teams.members(team).toArray();
  return members.map(({ member, isAdmin }) => `${member.userName}${isAdmin ? '*' : ''}`);
}

const losses: [string, object][] = [
  ['handled, and its answer lost', { loseAnswer: true }],
  ['lost on the way', { dropRequestAt: 0 }],
  ['given up by a gateway', { status: 504 }],
];

describe('an invitation', () => {
  test('is sent to a user by name, by id or by profile, and to an email address', async () => {
    const team = await newTeam();
    const profile = await alice.users.get('carol');
    expect(await alice.teams.invite(team, '@Bob', { message: 'Hi' })).toMatchObject({
      invitee: '@Bob',
      state: 'invited',
      invitation: { teamId: team.id, inviteeId: userId('bob'), message: 'Hi' },
    });
    await alice.teams.invite(team.name, profile);
    await alice.teams.invite(team, 'somebody@example.org', { expiresOn: '2999-01-01' });
    const open = await alice.teams.invitations(team).toArray();
    expect(open.map(({ inviteeId, inviteeEmail }) => inviteeId ?? inviteeEmail)).toEqual([
      'somebody@example.org',
      userId('carol'),
      userId('bob'),
    ]);
    expect(open[0]?.expiresOn).toBe('2999-01-01T00:00:00.000Z');
    expect(await alice.teams.invitations(team, { user: 'bob' }).toArray()).toEqual([open[2]]);
    expect(await bob.teams.myInvitations({ team }).toArray()).toEqual([open[2]]);
    expect(await bob.teams.myInvitations({ team: await newTeam() }).toArray()).toEqual([]);
  });

  test('replaces an open one, unless it is to be kept', async () => {
    const team = await newTeam();
    for (const invitee of ['bob', 'Some.Body@example.org']) {
      const { invitation: first } = await alice.teams.invite(team, invitee);
      const kept = await alice.teams.invite(team, invitee.toLowerCase(), { force: false });
      expect(kept).toMatchObject({ state: 'open', invitation: { id: first?.id } });
      const second = await alice.teams.invite(team, invitee.toLowerCase(), { message: 'again' });
      expect(second.state).toBe('replaced');
      expect(second.invitation?.id).not.toBe(first?.id);
    }
    expect(await alice.teams.invitations(team).toArray()).toHaveLength(2);
  });

  test('is not sent to a member', async () => {
    const team = await newTeam();
    expect(await alice.teams.invite(team, 'alice')).toEqual({ invitee: 'alice', state: 'member' });
    expect(await alice.teams.invitations(team).toArray()).toEqual([]);
  });

  test('goes to many at once: each has a result in order, and nobody is invited twice', async () => {
    const team = await newTeam();
    await alice.teams.invite(team, 'carol');
    const invitees = [
      'alice',
      'bob',
      'nobody here',
      'carol',
      'x@example.org',
      userId('bob'),
      '99999999',
      'X@example.org',
    ];
    const results = await alice.teams.invite(team, invitees);
    expect(results.map(({ invitee }) => invitee)).toEqual(invitees);
    expect(results.map(({ state }) => state)).toEqual([
      'member',
      'invited',
      'failed',
      'replaced',
      'invited',
      'invited',
      'failed',
      'invited',
    ]);
    expect(results[2]?.error).toBeInstanceOf(ArgumentError);
    expect(results[6]?.error).toBeInstanceOf(NotFoundError);
    expect(results[5]?.invitation).toEqual(results[1]?.invitation);
    expect(await alice.teams.invitations(team).toArray()).toHaveLength(3);
    expect(await alice.teams.invite(team, [])).toEqual([]);
  });

  test('takes few requests', async () => {
    const team = await newTeam();
    expect(await clients.calls(() => alice.teams.invite(team, userId('bob')))).toEqual([
      'team.getTeamMembershipStatus',
      'membershipInvitation.createMembershipInvitation',
    ]);
    const names: Invitee[] = ['carol', 'bob'];
    const calls = await clients.calls(() => alice.teams.invite(team, names));
    expect(calls.toSorted()).toEqual([
      'membershipInvitation.createMembershipInvitation',
      'membershipInvitation.createMembershipInvitation',
      'membershipInvitation.deleteMembershipInvitation',
      'membershipInvitation.listTeamOpenMembershipInvitations',
      'team.getTeamMembershipStatus',
      'team.getTeamMembershipStatus',
      'userProfile.listUserGroupHeadersByAliases',
    ]);
  });

  test.each(losses)('whose request is %s is sent once', async (_, loss) => {
    const team = await newTeam();
    const operation = 'membershipInvitation.createMembershipInvitation';
    for (const invitee of ['bob', 'bob', 'y@example.org']) {
      clients.server.conditions.set({ faults: [{ operation, times: 1, ...loss }] });
      await alice.teams.invite(team, invitee);
    }
    expect(await alice.teams.invitations(team).toArray()).toHaveLength(2);
  });

  test('to a name that nobody has, or until a time that is past, is refused', async () => {
    const team = await newTeam();
    await expect(alice.teams.invite(team, 'bobb')).rejects.toThrow(
      `There is no user named "bobb". Similar: bob (user ${userId('bob')})`,
    );
    await expect(alice.teams.invite(team, team.name)).rejects.toThrow('There is no user named');
    const calls = await clients.calls(async () => {
      for (const expiresOn of ['2001-01-01', new Date(0), 'soon']) {
        await expect(alice.teams.invite(team, 'bob', { expiresOn })).rejects.toThrow('expiresOn');
      }
      await expect(alice.teams.invite(team, '')).rejects.toThrow('is not a user');
    });
    expect(calls).toEqual([]);
  });

  test('is sent, listed and withdrawn by managers only, whom the error names', async () => {
    const team = await newTeam();
    const needs = 'you lack the TEAM_MEMBERSHIP_UPDATE permission';
    const who = 'which the managers of the team have: alice. Ask one of them.';
    const refused = bob.teams.invite(team, 'carol');
    await expect(refused).rejects.toThrow(AuthorizationError);
    await expect(refused).rejects.toThrow(
      `You may not invite to the team ${team.id}: ${needs}, ${who}`,
    );
    await expect(bob.teams.invitations(team).toArray()).rejects.toThrow(needs);
    await expect(bob.teams.uninvite(team, 'carol')).rejects.toThrow(needs);
    const addresses = Array.from({ length: 20 }, (_, index) => `user${index}@example.org`);
    const calls = await clients.calls(async () => {
      const results = await bob.teams.invite(team, ['carol', 'nobody', ...addresses]);
      expect(results.map(({ state }) => state)).toEqual(new Array<string>(22).fill('failed'));
      expect(results[0]?.error?.message).toContain(who);
      expect(results[1]?.error?.message).toContain('There is no user named "nobody"');
      expect(results[21]?.error).toBe(results[2]?.error);
    });
    expect(calls.length).toBeLessThan(12);
    const { invitation } = await alice.teams.invite(team, 'carol');
    const withdrawal = bob.teams.withdrawInvitation(invitation ?? '');
    await expect(withdrawal).rejects.toThrow(AuthorizationError);
  });

  test('is withdrawn by a manager, and declined by the invited user', async () => {
    const team = await newTeam();
    await alice.teams.invite(team, ['bob', 'carol', 'z@example.org']);
    expect(await alice.teams.uninvite(team, 'bob')).toHaveLength(1);
    expect(await alice.teams.uninvite(team, 'Z@example.org')).toHaveLength(1);
    expect(await alice.teams.uninvite(team, 'bob')).toEqual([]);
    const [mine] = await carol.teams.myInvitations({ team }).toArray();
    await carol.teams.withdrawInvitation(mine ?? '');
    await carol.teams.withdrawInvitation(mine?.id ?? '');
    expect(await alice.teams.invitations(team).toArray()).toEqual([]);
    await expect(bob.teams.join(team)).rejects.toThrow('you are not invited');
    await expect(carol.teams.withdrawInvitation('bob')).rejects.toThrow(
      'not the id of a membership',
    );
  });

  test('ends when it is aborted', async () => {
    const team = await newTeam();
    const reason = new Error('enough');
    const aborted = alice.teams.invite(team, ['bob', 'carol'], {
      signal: AbortSignal.abort(reason),
    });
    await expect(aborted).rejects.toBe(reason);
    expect(await alice.teams.invitations(team).toArray()).toEqual([]);
  });

  test('is found among many pages of open ones', async () => {
    const team = await newTeam();
    const addresses = Array.from({ length: 60 }, (_, index) => `user${index}@example.org`);
    const results = await alice.teams.invite(team, addresses);
    expect(results.every(({ state }) => state === 'invited')).toBe(true);
    const again = await alice.teams.invite(team, 'user0@example.org');
    expect(again.state).toBe('replaced');
    expect(await alice.teams.invitations(team).toArray()).toHaveLength(60);
  });
});

describe('a request to join', () => {
  test('is made with a message, and accepted', async () => {
    const team = await newTeam();
    const request = await bob.teams.request(team.name, { message: 'Please' });
    expect(request).toMatchObject({ teamId: team.id, userId: userId('bob'), message: 'Please' });
    expect(await bob.teams.myRequests({ team }).toArray()).toEqual([request]);
    expect(await alice.teams.requests(team).toArray()).toEqual([request]);
    expect(await alice.teams.requests(team, { user: 'carol' }).toArray()).toEqual([]);
    await alice.teams.acceptRequest(request);
    expect(await membersOf(team)).toEqual(['alice*', 'bob']);
    expect(await alice.teams.requests(team).toArray()).toEqual([]);
  });

  test('is accepted by its id, or by adding the user', async () => {
    const team = await newTeam();
    const request = await bob.teams.request(team);
    await alice.teams.acceptRequest(request.id);
    await carol.teams.request(team);
    await alice.teams.addMember(team, 'carol');
    expect(await membersOf(team)).toEqual(['alice*', 'bob', 'carol']);
    await expect(alice.teams.acceptRequest('99999999')).rejects.toThrow(NotFoundError);
    await expect(alice.teams.acceptRequest('bob')).rejects.toThrow('not the id of a membership');
  });

  test('is declined by a manager, and withdrawn by the user', async () => {
    const team = await newTeam();
    await alice.teams.declineRequest(await bob.teams.request(team));
    await carol.teams.withdrawRequest((await carol.teams.request(team)).id);
    expect(await alice.teams.requests(team).toArray()).toEqual([]);
    expect(await membersOf(team)).toEqual(['alice*']);
  });

  test.each(losses)('whose message is %s is made once', async (_, loss) => {
    const team = await newTeam();
    const operation = 'membershipRequest.createMembershipRequest';
    clients.server.conditions.set({ faults: [{ operation, times: 1, ...loss }] });
    const request = await bob.teams.request(team, { message: 'once' });
    expect(await alice.teams.requests(team).toArray()).toEqual([request]);
  });

  test('is decided by managers only, and needs a team that takes requests', async () => {
    const team = await newTeam();
    const request = await bob.teams.request(team);
    const needs = 'you lack the TEAM_MEMBERSHIP_UPDATE permission';
    await expect(carol.teams.requests(team).toArray()).rejects.toThrow(needs);
    await expect(carol.teams.acceptRequest(request)).rejects.toThrow(needs);
    const open = await newTeam({ canPublicJoin: true });
    await expect(bob.teams.request(open)).rejects.toThrow('already open for the public');
    const closed = await newTeam({ canRequestMembership: false });
    await expect(bob.teams.request(closed)).rejects.toThrow(SynapseHttpError);
  });
});

describe('joining', () => {
  test('needs an invitation or an open team; the error says what to do', async () => {
    const team = await newTeam();
    const refused = bob.teams.join(team);
    await expect(refused).rejects.toThrow(AuthorizationError);
    await expect(refused).rejects.toThrow('Ask to join: syn.teams.request()');
    await bob.teams.request(team);
    await expect(bob.teams.join(team)).rejects.toThrow('wait for the answer of a manager');
    await expect(alice.teams.addMember(team, 'carol')).rejects.toThrow(
      'the user has not asked to join it: invite the user',
    );
    await alice.teams.invite(team, 'carol');
    await carol.teams.join(team.name);
    expect(await membersOf(team)).toEqual(['alice*', 'carol']);
    await carol.teams.join(team);
  });

  test('and its state are told', async () => {
    const team = await newTeam();
    expect(await bob.teams.membershipStatus(team)).toMatchObject({
      userId: userId('bob'),
      isMember: false,
      hasOpenInvitation: false,
    });
    await alice.teams.invite(team, 'bob');
    expect(await alice.teams.membershipStatus(team, 'bob')).toMatchObject({
      hasOpenInvitation: true,
    });
    expect(await alice.teams.isMember(team, 'bob')).toBe(false);
    await bob.teams.join(team);
    expect(await alice.teams.isMember(team, Number(userId('bob')))).toBe(true);
    expect(await bob.teams.isMember(team.name)).toBe(true);
    await expect(bob.teams.isMember(team, '99999999')).rejects.toThrow(NotFoundError);
  });

  test('needs a login', async () => {
    const team = await newTeam({ canPublicJoin: true });
    const anonymous = await clients.open();
    await expect(anonymous.teams.join(team)).rejects.toThrow('No credentials found');
    await expect(anonymous.teams.leave(team)).rejects.toThrow('No credentials found');
    expect(await anonymous.teams.members(team).toArray()).toHaveLength(1);
  });
});

describe('managers', () => {
  test('are made of members, and become members again', async () => {
    const team = await newTeam({ canPublicJoin: true });
    await bob.teams.join(team);
    await alice.teams.setAdmin(team, 'bob');
    expect(await membersOf(team)).toEqual(['alice*', 'bob*']);
    const calls = await clients.calls(() => alice.teams.setAdmin(team, userId('bob')));
    expect(calls).toEqual(['team.getTeamMembershipStatus', 'team.getTeamAcl']);
    await bob.teams.update(team, { description: 'of bob' });
    await bob.teams.removeAdmin(team, 'alice');
    expect(await membersOf(team)).toEqual(['alice', 'bob*']);
    await bob.teams.removeAdmin(team, 'alice');
    await bob.teams.setAdmin(team, 'alice');
    const acl = await alice.services.team.getTeamAcl({ id: team.id });
    const own = acl.resourceAccess?.find(
      ({ principalId }) => principalId === Number(userId('alice')),
    );
    expect(own?.accessType?.toSorted()).toEqual([
      'DELETE',
      'READ',
      'SEND_MESSAGE',
      'TEAM_MEMBERSHIP_UPDATE',
      'UPDATE',
    ]);
  });

  test('of whom there is one only stay: nothing is changed', async () => {
    const team = await newTeam({ canPublicJoin: true });
    await bob.teams.join(team);
    const only = `is the only manager of the team ${team.id}`;
    const calls = await clients.calls(async () => {
      await expect(alice.teams.removeAdmin(team, userId('alice'))).rejects.toThrow(only);
    });
    expect(calls).toEqual(['team.getTeamAcl']);
    await expect(alice.teams.removeMember(team, 'alice')).rejects.toThrow(ArgumentError);
    await expect(alice.teams.removeMember(team, 'alice')).rejects.toThrow(only);
    await expect(alice.teams.leave(team)).rejects.toThrow(only);
    const admin = await clients.open('admin');
    await expect(admin.teams.removeAdmin(team, 'alice')).rejects.toThrow(only);
    await expect(alice.teams.leave(await newTeam())).rejects.toThrow('is the only member');
    expect(await membersOf(team)).toEqual(['alice*', 'bob']);
  });

  test('are changed at the same time by two of them, and no change is lost', async () => {
    const team = await newTeam({ canPublicJoin: true });
    await Promise.all([bob.teams.join(team), carol.teams.join(team)]);
    await Promise.all([alice.teams.setAdmin(team, 'bob'), alice.teams.setAdmin(team, 'carol')]);
    expect(await membersOf(team)).toEqual(['alice*', 'bob*', 'carol*']);
  });

  test('have to be members, and are made by managers only', async () => {
    const team = await newTeam({ canPublicJoin: true });
    await expect(alice.teams.setAdmin(team, 'bob')).rejects.toThrow('is not a member of the team');
    await bob.teams.join(team);
    await expect(bob.teams.setAdmin(team, 'bob')).rejects.toThrow('you lack the UPDATE permission');
  });
});

describe('a member', () => {
  test('leaves, and is removed by a manager', async () => {
    const team = await newTeam({ canPublicJoin: true });
    await bob.teams.join(team);
    await carol.teams.join(team);
    await expect(bob.teams.removeMember(team, 'carol')).rejects.toThrow(
      'you lack the TEAM_MEMBERSHIP_UPDATE permission',
    );
    await bob.teams.leave(team);
    await alice.teams.removeMember(team.name, 'carol');
    await alice.teams.removeMember(team, 'carol');
    expect(await membersOf(team)).toEqual(['alice*']);
    await expect(alice.teams.removeMember(team, 'carrol')).rejects.toThrow(
      'There is no user named',
    );
  });
});
