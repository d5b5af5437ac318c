import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { createTeam } from './teamCalls.js';

const server = withSessions();
let count = 0;

/** What becomes of a user who asks to join a team, by the state of the team. */
const states = {
  PUBLIC: [
    400,
    'This team is already open for the public to join, membership requests are not needed.',
  ],
  OPEN: [201, undefined],
  CLOSED: [400, 'This team has been closed to new membership requests.'],
} as const;

async function expectState(fields: M.Team, state: keyof typeof states): Promise<void> {
  const { alice, bob } = server;
  count += 1;
  const { id } = await createTeam(alice, { name: `State ${count}`, ...fields });
  const [status, reason] = states[state];
  const asked = await bob.post('/membershipRequest', { teamId: id });
  expect(asked.status).toBe(status);
  expect((asked.body as { reason?: string }).reason).toBe(reason);
  const joined = await bob.put(`/team/${id}/member/${server.userId('bob')}`);
  expect(joined.status).toBe(state === 'PUBLIC' ? 204 : 403);
}

describe('TeamStateTest', () => {
  test('testFromOpenToPublicAndOpenToMembershipRequests: both at once are refused', async () => {
    const { alice } = server;
    const conflict = refusal(
      400,
      'It is a conflict to set both canPublicJoin and canRequestMembership to true.',
    );
    const both = { canPublicJoin: true, canRequestMembership: true };
    expect(await alice.post('/team', { name: 'Both', ...both })).toEqual(conflict);
    const team = await createTeam(alice, { name: 'Neither' });
    expect(await alice.put('/team', { ...team, ...both })).toEqual(conflict);
    expect((await alice.get(`/team/${team.id}`)).body).toEqual(team);
  });

  test('testFromOpenToPublicAndClosedToMembershipRequests: anybody may join', async () => {
    await expectState({ canPublicJoin: true, canRequestMembership: false }, 'PUBLIC');
  });

  test('testFromOpenToPublicAndNullOpenToMembershipRequests: anybody may join', async () => {
    await expectState({ canPublicJoin: true }, 'PUBLIC');
  });

  test('testFromClosedToPublicAndOpenToMembershipRequests: requests are taken', async () => {
    await expectState({ canPublicJoin: false, canRequestMembership: true }, 'OPEN');
  });

  test('testFromClosedToPublicAndClosedToMembershipRequests: requests are refused', async () => {
    await expectState({ canPublicJoin: false, canRequestMembership: false }, 'CLOSED');
  });

  test('testFromClosedToPublicAndNullOpenToMembershipRequests: requests are taken', async () => {
    await expectState({ canPublicJoin: false }, 'OPEN');
  });

  test('testFromNullOpenToPublicAndOpenToMembershipRequests: requests are taken', async () => {
    await expectState({ canRequestMembership: true }, 'OPEN');
  });

  test('testFromNullOpenToPublicAndClosedToMembershipRequests: requests are refused', async () => {
    await expectState({ canRequestMembership: false }, 'CLOSED');
  });

  test('testFromNullOpenToPublicAndNullOpenToMembershipRequests: requests are taken', async () => {
    await expectState({}, 'OPEN');
  });
});
