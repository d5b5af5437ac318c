import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { md5Of, storage, uploadFile } from '../server/filesClient.js';
import {
  createEvaluation,
  share,
  statusOf,
  submissionsOf,
  submit,
  trySubmit,
  type StoredEvaluation,
} from './evaluationCalls.js';
import { addMember, createTeam, ok } from './teamCalls.js';

const server = withSessions();
const content = Buffer.from('Hello world!');
let project: Stored;
let file: Stored;
let participants: M.Team;
let challenge: M.Challenge;

// One challenge serves all tests: every test has evaluations of its own.
beforeAll(async () => {
  const { alice, admin } = server;
  project = await alice.create('project', { name: 'Challenge' });
  const { id: dataFileHandleId } = await uploadFile(alice, content, { contentType: 'text/plain' });
  file = await alice.create('file', { name: 'entry', parentId: project.id, dataFileHandleId });
  participants = await createTeam(alice, { name: 'participants', canPublicJoin: true });
  challenge = await ok(
    admin.post('/challenge', { projectId: project.id, participantTeamId: participants.id }),
  );
});

function newEvaluation(fields: M.Evaluation = {}): Promise<StoredEvaluation> {
  return createEvaluation(server.alice, project.id, {
    description: 'description',
    submissionInstructionsMessage: 'foo',
    submissionReceiptMessage: 'bar',
    ...fields,
  });
}

function newQuota(): M.SubmissionQuota {
  return {
    firstRoundStart: new Date().toISOString(),
    numberOfRounds: 1,
    roundDurationMillis: 60_000,
    submissionLimit: 1,
  };
}

/** A team that is registered for the challenge. */
async function registeredTeam(name: string): Promise<string> {
  const { alice } = server;
  const { id } = await createTeam(alice, { name, canPublicJoin: true });
  const registration = { challengeId: challenge.id, teamId: id };
  await ok(alice.post(`/challenge/${challenge.id ?? ''}/challengeTeam`, registration));
  return id;
}

function eligibility(
  evaluation: StoredEvaluation,
  teamId: string,
): Promise<Required<M.TeamSubmissionEligibility>> {
  const path = `/evaluation/${evaluation.id}/team/${teamId}/submissionEligibility`;
  return ok(server.alice.get(path));
}

describe('IT520SynapseJavaClientEvaluationTest', () => {
  test('testEvaluationRoundTrip: an evaluation is made, found, changed and deleted', async () => {
    const { alice } = server;
    const available = async () =>
      (await ok<M.PaginatedResultsOfEvaluation>(alice.get('/evaluation/available?limit=100')))
        .results.length;
    const before = await available();
    const home = await alice.create('project', { name: 'Round trip' });
    const made = await newEvaluation({ contentSource: home.id });
    expect(await available()).toBe(before + 1);
    const path = `/evaluation/${made.id}`;
    expect((await alice.get(path)).body).toEqual(made);
    const byName = `/evaluation/name/${encodeURIComponent(made.name)}`;
    expect((await alice.get(byName)).body).toEqual(made);
    expect((await alice.get(`/entity/${home.id}/evaluation?limit=10`)).body).toEqual({
      results: [made],
      totalNumberOfResults: 1,
    });
    const change = { description: 'modified', submissionInstructionsMessage: 'foobar2' };
    const updated = await ok<M.Evaluation>(alice.put(path, { ...made, ...change }));
    expect(updated.etag).not.toBe(made.etag);
    expect(updated).toEqual({ ...made, ...change, etag: updated.etag });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await available()).toBe(before);
  });

  test('testEvaluationRound_RoundTrip: rounds are made, listed, limited and deleted', async () => {
    const { alice } = server;
    const { id: evaluationId } = await newEvaluation();
    const path = `/evaluation/${evaluationId}/round`;
    const now = Date.now();
    const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
    const round = (from: number) =>
      ok<M.EvaluationRound>(
        alice.post(path, { evaluationId, roundStart: at(from), roundEnd: at(from + 1) }),
      );
    const first = await round(0);
    expect((await alice.get(`${path}/${first.id ?? ''}`)).body).toEqual(first);
    const second = await round(1);
    expect((await alice.post(`${path}/list`, {})).body).toEqual({ page: [first, second] });
    const limits = [{ limitType: 'DAILY', maximumSubmissions: 45 }];
    expect(await alice.put(`${path}/${first.id ?? ''}`, { ...first, limits })).toMatchObject({
      status: 200,
      body: { limits },
    });
    expect(await alice.delete(`${path}/${first.id ?? ''}`)).toMatchObject({ status: 204 });
    expect((await alice.post(`${path}/list`, {})).body).toEqual({ page: [second] });
  });

  test('testEvaluationRoundLimitEnforcement: a second submission of the week is refused', async () => {
    const { alice } = server;
    const evaluation = await newEvaluation();
    const now = Date.now();
    await ok(
      alice.post(`/evaluation/${evaluation.id}/round`, {
        evaluationId: evaluation.id,
        roundStart: new Date(now).toISOString(),
        roundEnd: new Date(now + 86_400_000).toISOString(),
        limits: [{ limitType: 'WEEKLY', maximumSubmissions: 1 }],
      }),
    );
    await submit(alice, evaluation, file);
    expect(await trySubmit(alice, evaluation, file)).toEqual(
      refusal(
        403,
        'Submitter has reached the weekly limit of 1. (for the current submission round).',
      ),
    );
  });

  test('testSubmissionView: a view shows the submission with its status', async () => {
    const { alice } = server;
    const evaluation = await newEvaluation();
    const submission = await submit(alice, evaluation, file, { submitterAlias: 'Team Awesome!' });
    const status = await statusOf(alice, submission);
    const { list } = await ok<{ list: M.ColumnModel[] }>(
      alice.get('/column/tableview/defaults?viewEntityType=submissionview'),
    );
    const view = await alice.create('submissionview', {
      name: 'Submission view',
      parentId: project.id,
      columnIds: list.map(({ id }) => id ?? ''),
      scopeIds: [evaluation.id],
    });
    const answer = await alice.run(`/entity/${view.id}/table/query`, {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: view.id,
      partMask: 1,
      query: { sql: `select * from ${view.id} order by id`, includeEntityEtag: true, limit: 1 },
    });
    const bundle = answer.body as M.QueryResultBundle;
    const { headers = [], rows = [] } = bundle.queryResult?.queryResults ?? {};
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ rowId: Number(submission.id), etag: status.etag });
    const cell = (name: string) =>
      rows[0]?.values?.[headers.findIndex((column) => column.name === name)];
    expect(
      ['status', 'evaluationid', 'submitterid', 'submitteralias'].map((name) => cell(name)),
    ).toEqual(['RECEIVED', evaluation.id, String(server.userId('alice')), 'Team Awesome!']);
  });

  test('testGetEvaluationsByAccessType: the list has what the caller has the permission for', async () => {
    const { alice, bob } = server;
    const home = await alice.create('project', { name: 'By access type' });
    const evaluation = await newEvaluation({ contentSource: home.id });
    const list = async (session: typeof bob, query = '') =>
      (
        await ok<M.PaginatedResultsOfEvaluation>(
          session.get(`/entity/${home.id}/evaluation?limit=10${query}`),
        )
      ).results;
    const privately = '&accessType=READ_PRIVATE_SUBMISSION';
    expect(await list(alice, privately)).toEqual([evaluation]);
    expect(await list(bob, privately)).toEqual([]);
    expect(await list(bob)).toEqual([]);
    await share(alice, evaluation, server.userId('bob'), ['READ']);
    expect(await list(bob)).toEqual([evaluation]);
    expect(await list(bob, '&accessType=READ')).toEqual([evaluation]);
    expect(await list(bob, privately)).toEqual([]);
  });

  test('testGetEvaluationsByIds: unknown ids are left out', async () => {
    const { alice } = server;
    const home = await alice.create('project', { name: 'By ids' });
    const evaluation = await newEvaluation({ contentSource: home.id });
    const list = async (query: string) =>
      (
        await ok<M.PaginatedResultsOfEvaluation>(
          alice.get(
            `/entity/${home.id}/evaluation?accessType=READ_PRIVATE_SUBMISSION&activeOnly=false&limit=10${query}`,
          ),
        )
      ).results;
    expect(await list('')).toEqual([evaluation]);
    expect(await list(`&evaluationIds=${evaluation.id}`)).toEqual([evaluation]);
    expect(await list('&evaluationIds=-1')).toEqual([]);
    expect(await list(`&evaluationIds=${evaluation.id},-1`)).toEqual([evaluation]);
  });

  test('testSubmissionRoundTrip: a submission is read, downloaded, scored, cancelled and deleted', async () => {
    const { alice, admin } = server;
    const evaluation = await newEvaluation();
    const all = async () => (await submissionsOf(alice, evaluation, '/all?limit=100')).results;
    const submission = await submit(alice, evaluation, file);
    expect(await all()).toHaveLength(1);
    const path = `/evaluation/submission/${submission.id}`;
    expect((await alice.get(path)).body).toEqual(submission);
    expect(submission.entityBundleJSON).toEqual(expect.any(String));
    const status = await statusOf(alice, submission);
    expect(status).toMatchObject({
      id: submission.id,
      entityId: file.id,
      versionNumber: 1,
      status: 'RECEIVED',
    });
    const handle = (file as M.FileEntity).dataFileHandleId ?? '';
    const url = await ok<string>(admin.get(`${path}/file/${handle}?redirect=false`));
    expect(md5Of((await storage(url)).body)).toBe(md5Of(content));
    const change = {
      score: 0.5,
      status: 'SCORED',
      report: 'Lorem ipsum',
      canCancel: true,
      annotations: { stringAnnos: [{ isPrivate: true, key: 'foo', value: 'bar' }] },
    };
    const scored = await ok<typeof status>(alice.put(`${path}/status`, { ...status, ...change }));
    expect(scored.etag).not.toBe(status.etag);
    expect(scored).toEqual({
      ...status,
      ...change,
      annotations: { ...change.annotations, objectId: submission.id, scopeId: evaluation.id },
      etag: scored.etag,
      modifiedOn: scored.modifiedOn,
      statusVersion: status.statusVersion + 1,
    });
    const batch = { statuses: [scored], isFirstBatch: true, isLastBatch: true };
    expect((await alice.put(`/evaluation/${evaluation.id}/statusBatch`, batch)).body).toEqual({});
    expect(await alice.put(`${path}/cancellation`)).toMatchObject({ status: 204 });
    expect(await statusOf(alice, submission)).toMatchObject({ cancelRequested: true });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.delete(path)).toMatchObject({ status: 404 });
    expect(await all()).toEqual([]);
  });

  test('testSubmissionWithAnnotationsV2: a status has annotations of the new kind alone', async () => {
    const { alice } = server;
    const evaluation = await newEvaluation();
    const submission = await submit(alice, evaluation, file);
    const status = await statusOf(alice, submission);
    const annotations = { foo: { type: 'STRING', value: ['bar'] } };
    const updated = await ok<M.SubmissionStatus>(
      alice.put(`/evaluation/submission/${submission.id}/status`, {
        ...status,
        status: 'SCORED',
        submissionAnnotations: { id: '', etag: '', annotations },
      }),
    );
    expect(updated).not.toHaveProperty('annotations');
    expect(updated.submissionAnnotations).toEqual({
      id: submission.id,
      etag: updated.etag,
      annotations,
    });
  });

  test('testTeamSubmissionRoundTrip: the quota of an evaluation is kept', async () => {
    const quota = newQuota();
    const evaluation = await newEvaluation({ quota });
    expect(evaluation.quota).toEqual(quota);
    expect((await server.alice.get(`/evaluation/${evaluation.id}`)).body).toMatchObject({ quota });
  });

  test('testTeamSubmissionRoundTrip: a registered team submits, and gets a contributor', async () => {
    const { alice, admin } = server;
    const evaluation = await newEvaluation({ quota: newQuota() });
    const teamId = await registeredTeam('registered team');
    const aliceId = server.userId('alice');
    const state = await eligibility(evaluation, teamId);
    const eligible = { isEligible: true, isQuotaFilled: false, isRegistered: true };
    expect(state).toEqual({
      evaluationId: evaluation.id,
      teamId,
      teamEligibility: eligible,
      membersEligibility: [{ ...eligible, principalId: aliceId, hasConflictingSubmission: false }],
      eligibilityStateHash: expect.any(Number),
    });
    const submission = await submit(alice, evaluation, file, {
      teamId,
      hash: state.eligibilityStateHash,
    });
    expect((await alice.get(`/evaluation/submission/${submission.id}`)).body).toMatchObject({
      teamId,
      contributors: [{ principalId: String(aliceId), createdOn: expect.any(String) }],
    });
    const principalId = String(server.userId('bob'));
    expect(
      await admin.post(`/admin/evaluation/submission/${submission.id}/contributor`, {
        principalId,
      }),
    ).toMatchObject({ status: 201, body: { principalId, createdOn: expect.any(String) } });
  });

  test('testTeamSubmissionRoundTripWithNotification: a contributor gets a mail', async () => {
    const { alice, bob } = server;
    const evaluation = await newEvaluation({ quota: newQuota() });
    const teamId = await registeredTeam('notified team');
    const bobId = server.userId('bob');
    await addMember(bob, participants.id ?? '', bobId);
    await addMember(bob, teamId, bobId);
    const { eligibilityStateHash: hash } = await eligibility(evaluation, teamId);
    const contributors = [{ principalId: String(bobId) }];
    const before = server.synapse.mails.length;
    await submit(alice, evaluation, file, { teamId, contributors, hash });
    expect(server.synapse.mails.slice(before)).toMatchObject([
      { to: 'bob@example.org', subject: 'Team Challenge Submission' },
    ]);
  });

  test('testSubmissionEntityBundle: a submission has the entity as it was', async () => {
    const { alice } = server;
    const evaluation = await newEvaluation();
    const submission = await submit(alice, evaluation, project);
    const request = { includeEntity: true, includeAnnotations: true, includeFileHandles: true };
    const bundle = await ok(alice.post(`/entity/${project.id}/bundle2`, request));
    expect(JSON.parse(submission.entityBundleJSON ?? '')).toEqual(bundle);
  });

  test('testSubmissionsPaginated: submissions, statuses and bundles are listed by status', async () => {
    const { alice } = server;
    const [evaluation, empty] = [await newEvaluation(), await newEvaluation()];
    const folder = await alice.create('folder', { name: 'dataset', parentId: project.id });
    const one = await submit(alice, evaluation, project);
    const two = await submit(alice, evaluation, folder);
    const list = (what: string) => submissionsOf(alice, evaluation, what);
    expect(await list('/all?limit=10')).toEqual({ results: [one, two], totalNumberOfResults: 2 });
    const ids = [{ id: one.id }, { id: two.id }];
    expect(await list('/status/all?limit=10')).toMatchObject({ results: ids });
    const bundles = ids.map((submission) => ({ submission, submissionStatus: submission }));
    expect(await list('/bundle/all?limit=10')).toMatchObject({ results: bundles });
    for (const [what, results] of [
      ['/all', ids],
      ['/status/all', ids],
      ['/bundle/all', bundles],
    ] as const) {
      const received = await list(`${what}?status=RECEIVED&limit=10`);
      expect(received).toMatchObject({ results, totalNumberOfResults: 2 });
      const first = await list(`${what}?status=RECEIVED&limit=1`);
      expect(first.results).toHaveLength(1);
      expect(first.totalNumberOfResults).toBe(2);
      const none = { results: [], totalNumberOfResults: 0 };
      expect(await list(`${what}?status=SCORED&limit=10`)).toEqual(none);
      expect(await submissionsOf(alice, empty, `${what}?limit=10`)).toEqual(none);
    }
  });

  test('testGetMySubmissions: everybody sees their own', async () => {
    const { alice, bob } = server;
    const evaluation = await newEvaluation();
    const bobId = server.userId('bob');
    await share(alice, evaluation, bobId, ['SUBMIT', 'READ']);
    const theirs = await bob.create('project', { name: 'Entry of Bob' });
    const mine = await submit(alice, evaluation, project);
    await addMember(bob, participants.id ?? '', bobId);
    await submit(bob, evaluation, theirs);
    expect(await submissionsOf(alice, evaluation, '?limit=10')).toEqual({
      results: [mine],
      totalNumberOfResults: 1,
    });
  });

  test('testGetMySubmissions: who is not registered for the challenge cannot submit', async () => {
    const { alice, carol } = server;
    const evaluation = await newEvaluation();
    await share(alice, evaluation, server.userId('carol'), ['SUBMIT', 'READ']);
    const theirs = await carol.create('project', { name: 'Entry of Carol' });
    expect(await trySubmit(carol, evaluation, theirs)).toEqual(
      refusal(403, 'Submitter is not registered for the challenge.'),
    );
  });

  test('testGetFileTemporaryUrlForSubmissionFileHandle: the URL is that of the file', async () => {
    const { alice } = server;
    const evaluation = await newEvaluation();
    const submission = await submit(alice, evaluation, file);
    const path = `/evaluation/submission/${submission.id}/file`;
    const handle = (file as M.FileEntity).dataFileHandleId ?? '';
    const submitted = await ok<string>(alice.get(`${path}/${handle}?redirect=false`));
    const direct = await ok<string>(alice.get(`/entity/${file.id}/file?redirect=false`));
    expect(submitted.split('?')[0]).toBe(direct.split('?')[0]);
  });

  test('testAclRoundtrip: the ACL says who may do what', async () => {
    const { alice, bob } = server;
    const evaluation = await newEvaluation();
    const permissions = (session: typeof bob) =>
      ok<M.UserEvaluationPermissions>(session.get(`/evaluation/${evaluation.id}/permissions`));
    expect(await permissions(alice)).toMatchObject({
      canChangePermissions: true,
      canDelete: true,
      canEdit: true,
      canPublicRead: false,
      canView: true,
    });
    const nothing = {
      canChangePermissions: false,
      canDelete: false,
      canEdit: false,
      canPublicRead: false,
      canView: false,
    };
    expect(await permissions(bob)).toMatchObject(nothing);
    const acl = await ok<M.AccessControlList>(alice.get(`/evaluation/${evaluation.id}/acl`));
    expect(acl.id).toBe(evaluation.id);
    await share(alice, evaluation, server.userId('bob'), ['CHANGE_PERMISSIONS', 'DELETE']);
    expect(await permissions(bob)).toMatchObject({
      ...nothing,
      canChangePermissions: true,
      canDelete: true,
    });
  });

  test('testAnnotationsQuery: a double annotation can be NaN, in batches with a token', async () => {
    const { alice } = server;
    const evaluation = await newEvaluation();
    const doubleAnnos = [{ isPrivate: true, key: 'DOUBLE', value: 'NaN' }];
    const statuses = async () => {
      const status = await statusOf(alice, await submit(alice, evaluation, project));
      return [{ ...status, status: 'SCORED', score: 0.5, annotations: { doubleAnnos } }];
    };
    const path = `/evaluation/${evaluation.id}/statusBatch`;
    const [first, second] = [await statuses(), await statuses()];
    const { nextUploadToken } = await ok<M.BatchUploadResponse>(
      alice.put(path, { statuses: first, isFirstBatch: true, isLastBatch: false }),
    );
    const last = { statuses: second, isFirstBatch: false, isLastBatch: true };
    expect((await alice.put(path, { ...last, batchToken: nextUploadToken })).body).toEqual({});
    const { results } = await submissionsOf(alice, evaluation, '/status/all?limit=10');
    const scored = { status: 'SCORED', annotations: { doubleAnnos } };
    expect(results).toMatchObject([scored, scored]);
    const wrong = [{ key: 'DOUBLE', value: 'much' }];
    const [status] = await statuses();
    expect(
      await alice.put(`/evaluation/submission/${status?.id ?? ''}/status`, {
        ...status,
        annotations: { doubleAnnos: wrong },
      }),
    ).toMatchObject({ status: 400 });
  });
});
