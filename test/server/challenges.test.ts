import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
let project: Stored;
let participants: string;
let challenge: Required<M.Challenge>;

async function createTeam(session: Session, name: string): Promise<string> {
  const answer = await session.post('/team', { name, canPublicJoin: true });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

beforeAll(async () => {
  const { alice, bob } = server;
  project = await alice.create('project', { name: 'Contest' });
  const acl = (await alice.get(`/entity/${project.id}/acl`)).body as M.AccessControlList;
  acl.resourceAccess?.push({ principalId: 273948, accessType: ['READ'] });
  expect((await alice.put(`/entity/${project.id}/acl`, acl)).status).toBe(200);
  participants = await createTeam(alice, 'Participants');
  expect((await bob.put(`/team/${participants}/member/${server.userId('bob')}`)).status).toBe(204);
  const body = { projectId: project.id, participantTeamId: participants };
  const made = await alice.post('/challenge', body);
  expect(made.status).toBe(201);
  challenge = made.body as Required<M.Challenge>;
});

describe('a challenge', () => {
  test('is found by its id or project or by its participants', async () => {
    const { alice, bob, carol, anonymous } = server;
    const path = `/challenge/${challenge.id}`;
    expect(challenge).toMatchObject({ projectId: project.id, participantTeamId: participants });
    expect(await carol.get(path)).toMatchObject({ status: 200, body: challenge });
    expect(await anonymous.get(path)).toMatchObject({ status: 403 });
    expect(await alice.get(`/entity/${project.id}/challenge`)).toMatchObject({ body: challenge });
    const other = await alice.create('project', { name: 'No contest' });
    expect(await alice.get(`/entity/${other.id}/challenge`)).toMatchObject({ status: 404 });
    expect(await bob.get(`/challenge?participantId=${server.userId('bob')}`)).toMatchObject({
      body: { results: [challenge], totalNumberOfResults: 1 },
    });
    expect(await bob.get(`/challenge?participantId=${server.userId('carol')}`)).toMatchObject({
      body: { results: [], totalNumberOfResults: 0 },
    });
    expect(await alice.get('/challenge/99')).toMatchObject({ status: 404 });
  });

  test('is changed only with its current etag', async () => {
    const { alice, bob } = server;
    const path = `/challenge/${challenge.id}`;
    expect(await bob.put(path, challenge)).toMatchObject({ status: 403 });
    expect(await alice.put(path, { ...challenge, etag: 'stale' })).toMatchObject({ status: 412 });
    expect(await alice.put(path, { ...challenge, etag: null })).toMatchObject({ status: 400 });
    expect(await alice.put(path, { ...challenge, participantTeamId: '999' })).toMatchObject({
      status: 404,
    });
    const changed = await alice.put(path, challenge);
    expect(changed.status).toBe(200);
    challenge = changed.body as Required<M.Challenge>;
    const again = { projectId: project.id, participantTeamId: participants };
    expect(await alice.post('/challenge', again)).toMatchObject({ status: 409 });
    expect(await bob.post('/challenge', again)).toMatchObject({ status: 403 });
    expect(await alice.post('/challenge', { projectId: project.id })).toMatchObject({
      status: 400,
    });
  });

  test('has teams that participants register', async () => {
    const { alice, bob, carol } = server;
    const team = await createTeam(bob, 'Bobs');
    const path = `/challenge/${challenge.id}/challengeTeam`;
    const ids = async (session: Session, list: string) =>
      ((await session.get(`/challenge/${challenge.id}/${list}`)).body as M.PaginatedIds).results;
    expect(await ids(bob, 'registratableTeam')).toEqual([team]);
    expect(await carol.post(path, { teamId: team })).toMatchObject({ status: 403 });
    expect(await bob.post(path, {})).toMatchObject({ status: 400 });
    expect(await bob.post(path, { teamId: '999' })).toMatchObject({ status: 404 });
    const made = await bob.post(path, { teamId: team, message: 'Join us' });
    expect(made).toMatchObject({ status: 201, body: { teamId: team, message: 'Join us' } });
    expect(await bob.post(path, { teamId: team })).toEqual(
      refusal(409, `The team ${team} is registered already.`),
    );
    expect(await ids(bob, 'registratableTeam')).toEqual([]);
    expect(await ids(bob, 'submissionTeams')).toEqual([team]);
    expect(await ids(alice, 'submissionTeams')).toEqual([]);
    const sorted = async (query: string) => (await ids(alice, `participant${query}`)).sort();
    const [alices, bobs] = [String(server.userId('alice')), String(server.userId('bob'))];
    expect(await sorted('')).toEqual([alices, bobs].sort());
    expect(await sorted('?affiliated=true')).toEqual([bobs]);
    expect(await sorted('?affiliated=false')).toEqual([alices]);
    expect(await carol.get(path)).toMatchObject({
      body: { results: [{ teamId: team }], totalNumberOfResults: 1 },
    });
    const record = made.body as Required<M.ChallengeTeam>;
    const change = { ...record, message: 'Or not' };
    expect(await carol.put(`${path}/${record.id}`, change)).toMatchObject({ status: 403 });
    expect(await bob.put(`${path}/${record.id}`, { ...change, etag: 'x' })).toMatchObject({
      status: 412,
    });
    expect(await bob.put(`${path}/${record.id}`, change)).toMatchObject({
      status: 200,
      body: { message: 'Or not' },
    });
    expect(await carol.delete(`/challengeTeam/${record.id}`)).toMatchObject({ status: 403 });
    expect(await bob.delete(`/challengeTeam/${record.id}`)).toMatchObject({ status: 200 });
    expect(await bob.delete(`/challengeTeam/${record.id}`)).toMatchObject({ status: 404 });
  });

  test('is deleted by those who may', async () => {
    const path = `/challenge/${challenge.id}`;
    expect(await server.bob.delete(path)).toMatchObject({ status: 403 });
    expect(await server.alice.delete(path)).toMatchObject({ status: 200 });
    expect(await server.alice.get(path)).toMatchObject({ status: 404 });
  });
});
