import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import {
  createEvaluation,
  share,
  statusOf,
  submissionsOf,
  submit,
  trySubmit,
  type StoredEvaluation,
  type StoredStatus,
} from './evaluationCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();
let count = 0;
let project: Stored;
let evaluation: StoredEvaluation;

beforeEach(async () => {
  count += 1;
  project = await server.bob.create('project', { name: `Judged ${count}` });
});

function newEvaluation(fields: M.Evaluation = {}): Promise<StoredEvaluation> {
  return createEvaluation(server.admin, project.id, { description: 'description', ...fields });
}

function submissionCount(): Promise<number> {
  return ok(server.admin.get(`/evaluation/${evaluation.id}/submission/count`));
}

/** A submission of bob, who may submit. */
async function submission() {
  evaluation = await newEvaluation();
  await share(server.admin, evaluation, server.userId('bob'), ['PARTICIPATE', 'SUBMIT', 'READ']);
  return submit(server.bob, evaluation, project, { submitterAlias: 'Team Awesome!' });
}

async function deleteTwice(id: string): Promise<void> {
  const path = `/evaluation/submission/${id}`;
  expect(await server.admin.delete(path)).toMatchObject({ status: 204 });
  expect(await server.admin.delete(path)).toMatchObject({ status: 404 });
  expect(await submissionCount()).toBe(0);
}

describe('EvaluationControllerAutowiredTest', () => {
  test('testEvaluationRoundTrip: an evaluation is made, found, changed and deleted', async () => {
    const { admin, carol } = server;
    const available = async () =>
      (await ok<M.PaginatedResultsOfEvaluation>(admin.get('/evaluation/available?limit=50')))
        .totalNumberOfResults ?? 0;
    const before = await available();
    const made = await newEvaluation();
    const path = `/evaluation/${made.id}`;
    for (const type of ['READ', 'UPDATE']) {
      expect(await ok(admin.get(`${path}/access?accessType=${type}`))).toEqual({ result: true });
      expect(await ok(carol.get(`${path}/access?accessType=${type}`))).toEqual({ result: false });
    }
    expect(await ok(admin.get(path))).toEqual(made);
    expect(await carol.get(path)).toMatchObject({ status: 403 });
    const named = `/evaluation/name/${encodeURIComponent(made.name)}`;
    expect(await ok(admin.get(named))).toEqual(made);
    expect(await carol.get(named)).toMatchObject({ status: 404 });
    const changed = { ...made, description: 'description (modified)' };
    const updated = await ok<StoredEvaluation>(admin.put(path, changed));
    expect(updated.etag).not.toBe(made.etag);
    expect(updated).toEqual({ ...changed, etag: updated.etag });
    expect(await available()).toBe(before + 1);
    expect(await admin.delete(path)).toMatchObject({ status: 204 });
    expect(await carol.get(path)).toMatchObject({ status: 404 });
    expect(await available()).toBe(before);
  });

  test('testMigrateSubmissionQuota: a quota becomes rounds', async () => {
    const { admin } = server;
    const quota = {
      firstRoundStart: new Date().toISOString(),
      roundDurationMillis: 100,
      numberOfRounds: 2,
    };
    const made = await newEvaluation({ quota });
    expect(made.quota).toEqual(quota);
    const rounds = async () =>
      (await ok<M.EvaluationRoundListResponse>(admin.post(`/evaluation/${made.id}/round/list`, {})))
        .page;
    expect(await rounds()).toEqual([]);
    await ok(admin.post(`/evaluation/${made.id}/migratequota`, undefined));
    expect(await rounds()).toHaveLength(2);
    expect(await ok(admin.get(`/evaluation/${made.id}`))).not.toHaveProperty('quota');
  });

  test('testSubmissionRoundTrip: a submission is scored, cancelled and deleted', async () => {
    const { admin, bob } = server;
    const made = await submission();
    expect(await submissionCount()).toBe(1);
    expect(await ok(admin.get(`/evaluation/submission/${made.id}`))).toEqual(made);
    const status = await statusOf(admin, made);
    expect(status).toMatchObject({ id: made.id, status: 'RECEIVED' });
    const scored = {
      ...status,
      status: 'SCORED',
      canCancel: true,
      annotations: {
        objectId: status.id,
        scopeId: evaluation.id,
        doubleAnnos: [{ key: 'foo', value: 'NaN', isPrivate: true }],
      },
    };
    const path = `/evaluation/submission/${made.id}/status`;
    const updated = await ok<StoredStatus>(admin.put(path, scored));
    expect(updated.etag).not.toBe(status.etag);
    expect(Date.parse(updated.modifiedOn)).toBeGreaterThanOrEqual(Date.parse(status.modifiedOn));
    const { etag, modifiedOn, statusVersion } = updated;
    expect(updated).toMatchObject({ ...scored, etag, modifiedOn, statusVersion });
    expect(updated).not.toHaveProperty('submissionAnnotations');
    await ok(bob.put(`/evaluation/submission/${made.id}/cancellation`));
    expect(await statusOf(admin, made)).toMatchObject({ cancelRequested: true });
    await deleteTwice(made.id);
  });

  test('testSubmissionWithAnnotationsV2: a status has annotations like those of an entity', async () => {
    const { admin } = server;
    const made = await submission();
    const status = await statusOf(admin, made);
    const annotations = { foo: { type: 'STRING', value: ['bar'] } };
    const updated = await ok<StoredStatus>(
      admin.put(`/evaluation/submission/${made.id}/status`, {
        ...status,
        status: 'SCORED',
        submissionAnnotations: { annotations },
      }),
    );
    expect(updated).toMatchObject({
      status: 'SCORED',
      submissionAnnotations: { id: made.id, etag: updated.etag, annotations },
    });
    expect(updated.etag).not.toBe(status.etag);
    await deleteTwice(made.id);
  });

  test('testSubmissionUnauthorized: who may not submit is refused', async () => {
    evaluation = await newEvaluation();
    expect(await trySubmit(server.bob, evaluation, project)).toMatchObject({ status: 403 });
    expect(await submissionCount()).toBe(0);
  });

  test('testPaginated: evaluations and submissions come in pages of what the caller may see', async () => {
    const { admin, bob, alice } = server;
    evaluation = await newEvaluation();
    const second = await newEvaluation();
    await share(admin, evaluation, server.userId('alice'), ['PARTICIPATE', 'READ']);
    const other = await bob.create('project', { name: `Also judged ${count}` });
    const both = [
      await submit(admin, evaluation, project),
      await submit(admin, evaluation, other, { submitterAlias: 'Team Even Better!' }),
    ];
    const all = await ok<M.PaginatedResultsOfEvaluation>(admin.get('/evaluation?limit=50'));
    expect(all.results).toEqual(expect.arrayContaining([evaluation, second]));
    const path = `/entity/${project.id}/evaluation?limit=10&offset=0`;
    for (const query of ['', '&accessType=READ_PRIVATE_SUBMISSION']) {
      const found = await ok<M.PaginatedResultsOfEvaluation>(admin.get(path + query));
      expect(found.totalNumberOfResults).toBe(2);
      expect(found.results).toEqual(expect.arrayContaining([evaluation, second]));
    }
    expect(await ok(alice.get(`${path}&accessType=READ_PRIVATE_SUBMISSION`))).toEqual({
      results: [],
      totalNumberOfResults: 0,
    });
    expect(await ok(alice.get(`${path}&accessType=READ`))).toEqual({
      results: [evaluation],
      totalNumberOfResults: 1,
    });
    const listed = await submissionsOf(admin, evaluation, '/all?limit=10');
    expect(listed.totalNumberOfResults).toBe(2);
    expect(listed.results).toEqual(expect.arrayContaining(both));
    const none = { results: [], totalNumberOfResults: 0 };
    expect(await submissionsOf(admin, evaluation, '/all?limit=10&status=SCORED')).toEqual(none);
    expect(await submissionsOf(admin, second, '/all?limit=10')).toEqual(none);
  });

  test('testAclRoundTrip: the owner of an evaluation shares it', async () => {
    const { bob } = server;
    const made = await createEvaluation(bob, project.id);
    const read = () => ok<M.AccessControlList>(bob.get(`/evaluation/${made.id}/acl`));
    const before = await read();
    expect(before).toMatchObject({ id: made.id, resourceAccess: [expect.anything()] });
    await share(bob, made, server.userId('carol'), ['CHANGE_PERMISSIONS', 'PARTICIPATE', 'READ']);
    expect(await read()).toMatchObject({ id: made.id });
    expect((await read()).resourceAccess).toHaveLength(2);
    expect(await ok(bob.get(`/evaluation/${made.id}/permissions`))).toMatchObject({
      canView: true,
      canChangePermissions: true,
    });
  });
});
