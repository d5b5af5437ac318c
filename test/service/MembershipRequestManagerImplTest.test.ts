import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { createTeam, lockTeam, ok, requestMembership } from './teamCalls.js';

const server = withSessions();
const path = '/membershipRequest';
let count = 0;

function newTeam(fields: M.Team = {}) {
  count += 1;
  return createTeam(server.alice, { name: `Asked ${count}`, ...fields });
}

/** A team of alice with a request of bob. */
async function requested() {
  const { id: teamId } = await newTeam();
  return { teamId, request: await requestMembership(server.bob, { teamId }) };
}

function bobId(): string {
  return String(server.userId('bob'));
}

describe('MembershipRequestManagerImplTest', () => {
  test.each<[string, M.MembershipRequest]>([
    ["'createdBy' field is not user specifiable.", { teamId: '1', createdBy: 'me' }],
    [
      "'createdOn' field is not user specifiable.",
      { teamId: '1', createdOn: '2024-01-01T00:00:00.000Z' },
    ],
    ["'id' field is not user specifiable.", { teamId: '1', id: '7' }],
    ['May not specify a user id other than yourself.', { teamId: '1', userId: '102' }],
    ["'teamId' field is required.", {}],
  ])('testValidateForCreate: a request is refused with the text %j', async (reason, request) => {
    expect(await server.bob.post(path, request)).toEqual(refusal(400, reason));
  });

  test('testValidateForCreate: an administrator asks for another user', async () => {
    const { id: teamId } = await newTeam();
    const request = await requestMembership(server.admin, { teamId, userId: bobId() });
    expect(request).toMatchObject({
      teamId,
      userId: bobId(),
      createdBy: String(server.userId('admin')),
    });
  });

  test('testPopulateCreationFields: a request without a user is that of the caller', async () => {
    const { request } = await requested();
    expect(request).toMatchObject({
      createdBy: bobId(),
      userId: bobId(),
      createdOn: expect.any(String),
    });
  });

  test('testAnonymousCreate: nobody asks anonymously', async () => {
    expect(await server.anonymous.post(path, {})).toEqual(
      refusal(403, 'anonymous user cannot create membership request.'),
    );
  });

  test('testCreate: an open team takes requests', async () => {
    const { teamId, request } = await requested();
    expect(request).toMatchObject({ teamId, id: expect.any(String) });
  });

  test('testCreateHasUnmetAccessRequirements: requirements are met before a request', async () => {
    const team = await newTeam();
    await lockTeam(server.admin, team);
    expect(await server.bob.post(path, { teamId: team.id })).toEqual(
      refusal(
        403,
        'Requested member has unmet access requirements which must be met before asking to join the Team.',
      ),
    );
  });

  test('testCreateMembershipRequestNotification: every manager gets a message', async () => {
    const { alice, bob, carol } = server;
    const { id: teamId, name } = await newTeam();
    const carolId = server.userId('carol');
    await ok(server.admin.put(`/team/${teamId}/member/${carolId}`));
    await ok(alice.put(`/team/${teamId}/member/${carolId}/permission?isAdmin=true`));
    const before = server.synapse.mails.length;
    await requestMembership(bob, { teamId, message: 'Please let me in.' });
    for (const manager of [alice, carol]) {
      const { results } = await ok<M.PaginatedResultsOfMessageBundle>(
        manager.get('/message/inbox?limit=1&orderBy=SEND_DATE&descending=true'),
      );
      expect(results[0]?.message?.subject).toBe('Someone Has Requested to Join Your Team');
    }
    const mails = server.synapse.mails.slice(before);
    expect(mails.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['alice@example.org', 'carol@example.org']),
    );
    for (const { html } of mails) {
      expect(html).toContain('Please let me in.');
      expect(html).toContain(name);
    }
  });

  test('testGet: the requester and an administrator read a request', async () => {
    const { request } = await requested();
    expect(await ok(server.bob.get(`${path}/${request.id}`))).toEqual(request);
    expect(await ok(server.admin.get(`${path}/${request.id}`))).toEqual(request);
  });

  test('testGetForAnotherUser: a stranger does not read a request', async () => {
    const { request } = await requested();
    expect(await server.carol.get(`${path}/${request.id}`)).toMatchObject({ status: 403 });
  });

  test('testDelete: the requester and an administrator delete a request', async () => {
    for (const session of [server.bob, server.admin]) {
      const { request } = await requested();
      expect(await session.delete(`${path}/${request.id}`)).toMatchObject({ status: 204 });
      expect(await server.bob.get(`${path}/${request.id}`)).toMatchObject({ status: 404 });
    }
  });

  test('testDeleteOther: a stranger does not delete a request', async () => {
    const { request } = await requested();
    expect(await server.carol.delete(`${path}/${request.id}`)).toMatchObject({ status: 403 });
    expect(await ok(server.bob.get(`${path}/${request.id}`))).toEqual(request);
  });

  test('testGetOpenByTeam: a manager lists the requests of a team', async () => {
    const { teamId, request } = await requested();
    expect(await ok(server.alice.get(`/team/${teamId}/openRequest?limit=1&offset=0`))).toEqual({
      results: [request],
      totalNumberOfResults: 1,
    });
  });

  test('testGetOpenByTeamUnauthorized: a stranger does not list the requests of a team', async () => {
    const { teamId } = await requested();
    expect(await server.carol.get(`/team/${teamId}/openRequest`)).toEqual(
      refusal(403, 'Cannot retrieve membership requests.'),
    );
  });

  test('testGetOpenByTeamAndRequester: a manager lists the requests of one user', async () => {
    const { teamId } = await requested();
    expect(
      await ok(server.alice.get(`/team/${teamId}/openRequest?requestorId=${bobId()}&limit=1`)),
    ).toMatchObject({ results: [{ teamId, userId: bobId() }], totalNumberOfResults: 1 });
  });

  test('testGetOpenByTeamAndRequesterUnauthorized: a stranger does not list them', async () => {
    const { teamId } = await requested();
    expect(await server.carol.get(`/team/${teamId}/openRequest?requestorId=${bobId()}`)).toEqual(
      refusal(403, 'Cannot retrieve membership requests.'),
    );
  });

  test('testGetOpenSubmissionsByRequester: a user lists the own requests', async () => {
    const { request } = await requested();
    const list = await ok<M.PaginatedResultsOfMembershipRequest>(
      server.bob.get(`/user/${bobId()}/openRequest?limit=50`),
    );
    expect(list.results).toContainEqual(request);
    expect(list.totalNumberOfResults).toBe(list.results.length);
  });

  test('testGetOpenSubmissionsByRequesterUnauthorized: nobody lists those of another', async () => {
    expect(await server.carol.get(`/user/${bobId()}/openRequest`)).toEqual(
      refusal(403, "Cannot retrieve another's membership requests."),
    );
  });

  test('testGetOpenSubmissionsByRequesterAndTeam: a user lists the own requests to a team', async () => {
    const { teamId, request } = await requested();
    expect(
      await ok(server.bob.get(`/user/${bobId()}/openRequest?teamId=${teamId}&limit=1`)),
    ).toEqual({ results: [request], totalNumberOfResults: 1 });
  });

  test('testGetOpenSubmissionsByRequesterAndTeamUnauthorized: nobody lists those of another', async () => {
    const { teamId } = await requested();
    expect(await server.carol.get(`/user/${bobId()}/openRequest?teamId=${teamId}`)).toEqual(
      refusal(403, "Cannot retrieve another's membership requests."),
    );
  });

  test('testGetOpenSubmissionsCountForTeamAdminWithEmptyTeams: who manages no team has none', async () => {
    await requested();
    expect(await ok(server.bob.get(`${path}/openRequestCount`))).toEqual({ count: 0 });
  });

  test('testGetOpenSubmissionsCountForTeamAdmin: a manager counts the requests of the own teams', async () => {
    const counted = async () =>
      (await ok<M.Count>(server.alice.get(`${path}/openRequestCount`))).count ?? 0;
    const before = await counted();
    await requested();
    expect(await counted()).toBe(before + 1);
  });

  test('testCreateRequestPublicTeam: a public team takes no requests', async () => {
    const { id: teamId } = await newTeam({ canPublicJoin: true });
    expect(await server.bob.post(path, { teamId })).toEqual(
      refusal(
        400,
        'This team is already open for the public to join, membership requests are not needed.',
      ),
    );
  });

  test('testCreateRequestTeamClosedToMembershipRequests: a closed team takes no requests', async () => {
    const { id: teamId } = await newTeam({ canRequestMembership: false });
    expect(await server.bob.post(path, { teamId })).toEqual(
      refusal(400, 'This team has been closed to new membership requests.'),
    );
  });
});
