import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session, type Stored } from './entitySession.js';

/** A Wednesday. */
const wednesday = '2030-05-15T12:00:00.000Z';
let now = wednesday;
const server = withSessions({ now: () => new Date(now) });
let count = 0;
let evaluation: Required<Pick<M.Evaluation, 'etag' | 'id'>>;

type Round = M.EvaluationRound & Required<Pick<M.EvaluationRound, 'etag' | 'id'>>;

beforeEach(async () => {
  now = wednesday;
  evaluation = await createEvaluation();
});

async function createEvaluation(fields: M.Evaluation = {}): Promise<typeof evaluation> {
  const { alice } = server;
  count += 1;
  const project = await alice.create('project', { name: `Rounds ${count}` });
  const made = await alice.post('/evaluation', {
    name: `Rounds ${count}`,
    contentSource: project.id,
    ...fields,
  });
  expect(made).toMatchObject({ status: 201 });
  const { id } = made.body as typeof evaluation;
  const acl = (await alice.get(`/evaluation/${id}/acl`)).body as Required<M.AccessControlList>;
  const resourceAccess = [
    ...acl.resourceAccess,
    ...(['bob', 'carol'] as const).map((name) => ({
      principalId: server.userId(name),
      accessType: ['READ', 'SUBMIT'],
    })),
  ];
  expect(await alice.put('/evaluation/acl', { ...acl, resourceAccess })).toMatchObject({
    status: 200,
  });
  return made.body as typeof evaluation;
}

/** A round that has begun: it is made when it begins, because none is made in the past. */
async function createRound(fields: object = {}): Promise<Round> {
  const later = now;
  now = '2030-05-01T00:00:00.000Z';
  const answer = await server.alice.post(`/evaluation/${evaluation.id}/round`, {
    evaluationId: evaluation.id,
    roundStart: '2030-05-01T00:00:00.000Z',
    roundEnd: '2030-07-01T00:00:00.000Z',
    ...fields,
  });
  now = later;
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Round;
}

function limit(limitType: string, maximumSubmissions: number): object {
  return { limits: [{ limitType, maximumSubmissions }] };
}

const files = new Map<string, Stored>();

/** A file of a user to submit; the same one each time. */
async function fileOf(session: Session): Promise<Stored> {
  const { ownerId = '' } = (await session.get('/userProfile')).body as M.UserProfile;
  const known = files.get(ownerId);
  if (known !== undefined) {
    return known;
  }
  count += 1;
  const project = await session.create('project', { name: `Entries ${count}` });
  const file = await session.create('file', {
    name: 'entry',
    parentId: project.id,
    dataFileHandleId: await session.createHandle(md5s.a),
  });
  files.set(ownerId, file);
  return file;
}

async function submit(
  session: Session,
  fields: M.Submission = {},
  hash?: number,
): Promise<{ status: number; body: unknown }> {
  const file = await fileOf(session);
  const eligibility = hash === undefined ? '' : `&submissionEligibilityHash=${hash}`;
  return session.post(`/evaluation/submission?etag=${file.etag}${eligibility}`, {
    evaluationId: evaluation.id,
    entityId: file.id,
    versionNumber: 1,
    ...fields,
  });
}

describe('a round', () => {
  test('is managed by who may update the evaluation', async () => {
    const { alice, bob } = server;
    const round = await createRound(limit('TOTAL', 5));
    expect(round).toEqual({
      id: expect.stringMatching(/^\d+$/),
      etag: expect.any(String),
      evaluationId: evaluation.id,
      roundStart: '2030-05-01T00:00:00.000Z',
      roundEnd: '2030-07-01T00:00:00.000Z',
      ...limit('TOTAL', 5),
    });
    const base = `/evaluation/${evaluation.id}/round`;
    const path = `${base}/${round.id}`;
    expect((await bob.get(path)).body).toEqual(round);
    const later = await createRound({
      roundStart: '2030-07-01T00:00:00Z',
      roundEnd: '2030-08-01T02:00:00+02:00',
    });
    expect(later).toMatchObject({ roundEnd: '2030-08-01T00:00:00.000Z', limits: [] });
    expect((await bob.post(`${base}/list`, {})).body).toEqual({ page: [round, later] });
    expect(await bob.post(`${base}/list`, { nextPageToken: 'x' })).toMatchObject({ status: 400 });
    const changed = await alice.put(path, { ...round, ...limit('DAILY', 1) });
    expect(changed).toMatchObject({ status: 200, body: limit('DAILY', 1) });
    expect(await alice.put(path, round)).toMatchObject({ status: 412 });
    for (const change of [{ etag: null }, { id: '999999' }, { roundEnd: later.roundEnd }]) {
      expect(await alice.put(path, { ...(changed.body as Round), ...change })).toMatchObject({
        status: 400,
      });
    }
    expect(await bob.put(path, changed.body)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    const other = await createEvaluation();
    expect(await alice.get(`/evaluation/${other.id}/round/${later.id}`)).toMatchObject({
      status: 404,
    });
  });

  test('is refused when it makes no sense', async () => {
    const { alice, bob } = server;
    const round = await createRound();
    const body = {
      evaluationId: evaluation.id,
      roundStart: '2031-01-01T00:00:00.000Z',
      roundEnd: '2031-02-01T00:00:00.000Z',
    };
    const path = `/evaluation/${evaluation.id}/round`;
    const dailyLimit = { limitType: 'DAILY', maximumSubmissions: 1 };
    for (const change of [
      { roundStart: '2031-02-01T00:00:00.001Z' },
      { roundStart: '2030-05-15T11:59:58.999Z' },
      { roundStart: 'soon' },
      { roundStart: null },
      { roundStart: '2020-01-01T00:00:00Z', roundEnd: '2020-02-01T00:00:00Z' },
      { roundEnd: '+012031-02-01T00:00:00.000Z' },
      { evaluationId: '1' },
      limit('TOTAL', -1),
      limit('HOURLY', 1),
      { limits: [dailyLimit, dailyLimit] },
    ]) {
      expect(await alice.post(path, { ...body, ...change })).toEqual(
        refusal(400, expect.any(String)),
      );
    }
    expect(await alice.post(path, { ...body, roundStart: '2030-06-30T00:00:00Z' })).toEqual(
      refusal(400, `This round's date range overlaps with the following round IDs: [${round.id}]`),
    );
    expect(await bob.post(path, body)).toMatchObject({ status: 403 });
    expect(await alice.post('/evaluation/1/round', body)).toMatchObject({ status: 404 });
    expect((await alice.post(`${path}/list`, {})).body).toEqual({ page: [round] });
  });

  test('cannot be moved or deleted once there are submissions', async () => {
    const { alice, bob } = server;
    const round = await createRound();
    const answer = await submit(bob);
    expect(answer).toMatchObject({ status: 201, body: { evaluationRoundId: round.id } });
    const path = `/evaluation/${evaluation.id}/round/${round.id}`;
    expect(await alice.delete(path)).toMatchObject({ status: 400 });
    expect(
      await alice.put(path, { ...round, roundStart: '2030-05-02T00:00:00.000Z' }),
    ).toMatchObject({ status: 400 });
    expect(await alice.put(path, { ...round, roundEnd: '2030-06-02T00:00:00.000Z' })).toMatchObject(
      { status: 200 },
    );
  });

  test('is made from the quota of an older evaluation', async () => {
    const { alice, bob } = server;
    const day = 24 * 60 * 60 * 1000;
    evaluation = await createEvaluation({
      quota: {
        firstRoundStart: '2030-05-15T00:00:00.000Z',
        roundDurationMillis: day,
        numberOfRounds: 2,
        submissionLimit: 1,
      },
    });
    const path = `/evaluation/${evaluation.id}`;
    const rounds = async () => (await alice.post(`${path}/round/list`, {})).body;
    expect(await rounds()).toEqual({ page: [] });
    expect(await bob.post(`${path}/migratequota`, undefined)).toMatchObject({ status: 403 });
    const migrate = () => alice.post(`${path}/migratequota`, undefined);
    expect(await migrate()).toMatchObject({ status: 200, body: '' });
    // Rounds of a day are one round with a limit for each day.
    expect(await rounds()).toMatchObject({
      page: [
        {
          roundStart: '2030-05-15T00:00:00.000Z',
          roundEnd: '2030-05-17T00:00:00.000Z',
          ...limit('DAILY', 1),
        },
      ],
    });
    const current = (await alice.get(path)).body as object;
    expect(current).not.toHaveProperty('quota');
    const quota = { firstRoundStart: now, roundDurationMillis: day, numberOfRounds: 1 };
    expect(await alice.put(path, { ...current, quota })).toMatchObject({ status: 400 });
    expect(await migrate()).toEqual(
      refusal(400, 'The evaluation does not have a SubmissionQuota to convert'),
    );
  });

  test('says which evaluations are active', async () => {
    const { alice } = server;
    const find = async () => {
      const { body } = await alice.get(
        `/evaluation?activeOnly=true&evaluationIds=${evaluation.id}`,
      );
      return (body as M.PaginatedResultsOfEvaluation).results.length;
    };
    expect(await find()).toBe(1);
    await createRound();
    expect(await find()).toBe(1);
    now = '2030-08-01T00:00:00.000Z';
    expect(await find()).toBe(0);
  });
});

describe('a submission to a round', () => {
  test('is taken while the round lasts', async () => {
    const { bob } = server;
    await createRound({ roundStart: '2030-05-16T00:00:00.000Z' });
    const outside = refusal(
      403,
      'It is currently outside of the time range allowed for submissions.',
    );
    expect(await submit(bob)).toEqual(outside);
    now = '2030-05-16T00:00:00.000Z';
    expect((await submit(bob)).status).toBe(201);
    now = '2030-07-01T00:00:00.000Z';
    expect(await submit(bob)).toEqual(outside);
  });

  test.each<[string, string, string]>([
    ['DAILY', '2030-05-15T23:59:59.999Z', '2030-05-16T00:00:00.000Z'],
    ['WEEKLY', '2030-05-19T23:59:59.999Z', '2030-05-20T00:00:00.000Z'],
    ['MONTHLY', '2030-05-31T23:59:59.999Z', '2030-06-01T00:00:00.000Z'],
  ])('counts towards the %s limit until the period is over', async (type, last, next) => {
    const { alice, bob } = server;
    await createRound(limit(type, 1));
    expect((await submit(bob)).status).toBe(201);
    now = last;
    expect(await submit(bob)).toEqual(
      refusal(
        403,
        `Submitter has reached the ${type.toLowerCase()} limit of 1. (for the current submission round).`,
      ),
    );
    expect((await submit(alice)).status).toBe(201);
    now = next;
    expect((await submit(bob)).status).toBe(201);
  });

  test('counts towards the TOTAL limit unless it is invalid', async () => {
    const { alice, bob } = server;
    await createRound(limit('TOTAL', 1));
    const { id } = (await submit(bob)).body as { id: string };
    now = '2030-06-15T00:00:00.000Z';
    expect((await submit(bob)).status).toBe(403);
    const path = `/evaluation/submission/${id}/status`;
    const status = (await alice.get(path)).body as object;
    expect(await alice.put(path, { ...status, status: 'INVALID' })).toMatchObject({ status: 200 });
    expect((await submit(bob)).status).toBe(201);
  });
});

describe('a team', () => {
  async function createTeam(): Promise<string> {
    count += 1;
    const { alice, admin } = server;
    const { body } = await alice.post('/team', { name: `Round team ${count}` });
    const { id } = body as { id: string };
    expect(await admin.put(`/team/${id}/member/${server.userId('bob')}`)).toMatchObject({
      status: 204,
    });
    return id;
  }

  async function eligibility(teamId: string, session = server.alice): Promise<unknown> {
    const path = `/evaluation/${evaluation.id}/team/${teamId}/submissionEligibility`;
    const answer = await session.get(path);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  }

  test('submits as a whole with its eligible members', async () => {
    const { alice, bob, carol } = server;
    await createRound(limit('TOTAL', 1));
    const teamId = await createTeam();
    const ids = [server.userId('alice'), server.userId('bob')].sort((a, b) => a - b);
    const free = {
      isEligible: true,
      isQuotaFilled: false,
      hasConflictingSubmission: false,
    };
    const state = (await eligibility(teamId)) as Required<M.TeamSubmissionEligibility>;
    expect(state).toEqual({
      teamId,
      evaluationId: evaluation.id,
      teamEligibility: { isEligible: true, isQuotaFilled: false },
      membersEligibility: ids.map((principalId) => ({ ...free, principalId })),
      eligibilityStateHash: expect.any(Number),
    });
    const path = `/evaluation/${evaluation.id}/team/${teamId}/submissionEligibility`;
    expect(await carol.get(path)).toEqual(
      refusal(403, 'Requester is not a member of the Submission Team.'),
    );
    const entry = { teamId, contributors: ids.map((id) => ({ principalId: String(id) })) };
    const hash = state.eligibilityStateHash;
    expect((await submit(alice, entry, hash + 1)).body).toMatchObject({
      reason: 'Submissions or Team composition have changed.  Please try again.',
    });
    expect((await submit(alice, { teamId })).status).toBe(400);
    expect((await submit(alice, {}, hash)).status).toBe(400);
    const stranger = { principalId: String(server.userId('carol')) };
    expect((await submit(alice, { teamId, contributors: [stranger] }, hash)).status).toBe(403);
    const made = await submit(alice, entry, hash);
    expect(made).toMatchObject({ status: 201, body: { teamId } });
    expect((made.body as M.Submission).contributors?.map(({ principalId }) => principalId)).toEqual(
      ids.map(String),
    );
    // Everybody now has a submission, and the team has used up its own.
    expect((await submit(bob)).status).toBe(403);
    const after = (await eligibility(teamId)) as Required<M.TeamSubmissionEligibility>;
    expect(after.teamEligibility).toMatchObject({ isEligible: false, isQuotaFilled: true });
    expect((await submit(alice, entry, after.eligibilityStateHash)).body).toMatchObject({
      reason:
        'The specified Team is ineligible to submit to the specified Evaluation at this time.',
    });
  });

  test('cannot count on a member who submitted alone', async () => {
    const { alice, bob } = server;
    await createRound(limit('TOTAL', 3));
    const teamId = await createTeam();
    expect((await submit(bob)).status).toBe(201);
    const state = (await eligibility(teamId)) as Required<M.TeamSubmissionEligibility>;
    const bobs = state.membersEligibility.find(
      ({ principalId }) => principalId === server.userId('bob'),
    );
    expect(bobs).toMatchObject({ isEligible: false, hasConflictingSubmission: true });
    const contributors = [{ principalId: String(server.userId('bob')) }];
    const hash = state.eligibilityStateHash;
    expect((await submit(alice, { teamId, contributors }, hash)).status).toBe(403);
    expect((await submit(alice, { teamId }, hash)).status).toBe(201);
    expect((await submit(alice)).body).toMatchObject({
      reason: expect.stringContaining('as part of a Team'),
    });
  });

  test('submits freely where there are no rounds', async () => {
    const teamId = await createTeam();
    const state = (await eligibility(teamId)) as Required<M.TeamSubmissionEligibility>;
    const made = await submit(server.alice, { teamId }, state.eligibilityStateHash);
    expect(made.status).toBe(201);
    expect(made.body).not.toHaveProperty('evaluationRoundId');
    expect((await submit(server.alice, { teamId: '999999999' }, 1)).status).toBe(404);
  });
});
