import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import { addMember, createTeam, ok } from './teamCalls.js';

const server = withSessions();
let project: Stored;
let participants: string;
let registered: string;
let challenge: Required<M.Challenge>;

beforeAll(async () => {
  const { admin, alice } = server;
  project = await alice.create('project', { name: 'Contest' });
  participants = (await createTeam(admin, { name: 'IT participants', canPublicJoin: true })).id;
  registered = (await createTeam(admin, { name: 'IT my-team', canPublicJoin: true })).id;
  const body = { projectId: project.id, participantTeamId: participants };
  challenge = await ok(alice.post('/challenge', body));
});

/** The ids in a list of a challenge. */
async function idsOf(path: string): Promise<string[]> {
  const { results, totalNumberOfResults } = await ok<M.PaginatedIds>(
    server.alice.get(`/challenge/${challenge.id}/${path}`),
  );
  expect(totalNumberOfResults).toBe(results.length);
  return results;
}

async function expectParticipants(affiliated: string[], unaffiliated: string[]): Promise<void> {
  expect(new Set(await idsOf('participant?affiliated=true'))).toEqual(new Set(affiliated));
  expect(new Set(await idsOf('participant?affiliated=false'))).toEqual(new Set(unaffiliated));
  expect(new Set(await idsOf('participant'))).toEqual(new Set([...affiliated, ...unaffiliated]));
}

describe('ITChallengeController', () => {
  test('challengeRoundTripTest: participants and teams register, and show in the lists', async () => {
    const { admin, alice } = server;
    const aliceId = server.userId('alice');
    const [adminId, userId] = [String(server.userId('admin')), String(aliceId)];
    await expectParticipants([], [adminId]);
    expect((await alice.get(`/entity/${project.id}/challenge`)).body).toEqual(challenge);
    expect((await alice.get(`/challenge/${challenge.id}`)).body).toEqual(challenge);
    const mine = async () =>
      (await ok<M.ChallengePagedResults>(alice.get(`/challenge?participantId=${userId}`))).results;
    expect(await mine()).toEqual([]);
    await addMember(alice, participants, aliceId);
    expect(await mine()).toEqual([challenge]);
    await expectParticipants([], [adminId, userId]);
    const path = `/challenge/${challenge.id}`;
    const updated = await ok<Required<M.Challenge>>(alice.put(path, challenge));
    expect(updated.etag).not.toBe(challenge.etag);
    const teams = async () =>
      (await ok<M.ChallengeTeamPagedResults>(alice.get(`${path}/challengeTeam`))).results;
    expect(await teams()).toEqual([]);
    await addMember(alice, registered, aliceId);
    const manage = `/team/${registered}/member/${userId}/permission?isAdmin=true`;
    expect(await admin.put(manage)).toMatchObject({ status: 200 });
    expect(await idsOf('registratableTeam')).toEqual([registered]);
    const registration = { challengeId: challenge.id, teamId: registered, message: 'join us' };
    const team = await ok<Required<M.ChallengeTeam>>(
      alice.post(`${path}/challengeTeam`, registration),
    );
    expect(await teams()).toEqual([team]);
    expect(await idsOf('registratableTeam')).toEqual([]);
    await expectParticipants([adminId, userId], []);
    const leave = `/team/${participants}/member/${userId}`;
    expect(await alice.delete(leave)).toMatchObject({ status: 204 });
    await expectParticipants([adminId], []);
    await addMember(alice, participants, aliceId);
    expect(await idsOf('submissionTeams')).toEqual([registered]);
    const changed = await ok<M.ChallengeTeam>(alice.put(`${path}/challengeTeam/${team.id}`, team));
    expect(changed.etag).not.toBe(team.etag);
    expect(await alice.delete(`/challengeTeam/${team.id}`)).toMatchObject({ status: 200 });
    expect(await teams()).toEqual([]);
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${project.id}/challenge`)).toMatchObject({ status: 404 });
  });
});
