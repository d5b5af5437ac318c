import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { createTeam, invite, ok, type StoredTeam } from './teamCalls.js';

const server = withSessions();
let team: StoredTeam;

beforeAll(async () => {
  team = await createTeam(server.admin, { name: 'Inviting team' });
});

describe('MembershipInvitationControllerAutowiredTest', () => {
  test('testRoundTrip: an invitation is read, listed, and mailed to the invited user', async () => {
    const { admin } = server;
    const before = server.synapse.mails.length;
    const inviteeId = String(server.userId('bob'));
    const invitation = await invite(admin, { teamId: team.id, inviteeId });
    expect(await ok(admin.get(`/membershipInvitation/${invitation.id}`))).toEqual(invitation);
    expect(await ok(admin.get(`/team/${team.id}/openInvitation`))).toEqual({
      results: [invitation],
      totalNumberOfResults: 1,
    });
    expect(server.synapse.mails.slice(before)).toMatchObject([
      { to: 'bob@example.org', subject: expect.stringMatching(/has invited you to join/) },
    ]);
  });

  test('testCreateInvitationWithMissingProtocol: an endpoint without protocol is refused', async () => {
    const query =
      'acceptInvitationEndpoint=synapse.org%2F%23accept%3A' +
      '&notificationUnsubscribeEndpoint=https%3A%2F%2Fsynapse.org%2F%23unsub%3A';
    const inviteeId = String(server.userId('carol'));
    const answer = await server.admin.post(`/membershipInvitation?${query}`, {
      teamId: team.id,
      inviteeId,
    });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        reason: expect.stringContaining(
          'The provided endpoint creates an invalid URL with exception: java.net.MalformedURLException: no protocol:',
        ),
      },
    });
  });
});
