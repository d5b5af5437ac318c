import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
let project: Stored;
let count = 0;

type Evaluation = M.Evaluation & Required<Pick<M.Evaluation, 'etag' | 'id' | 'name'>>;
type Submission = M.Submission & Required<Pick<M.Submission, 'entityBundleJSON' | 'id'>>;
type Status = M.SubmissionStatus & Required<Pick<M.SubmissionStatus, 'etag' | 'id'>>;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Challenge' });
});

async function createEvaluation(fields: M.Evaluation = {}): Promise<Evaluation> {
  count += 1;
  const answer = await server.alice.post('/evaluation', {
    name: `Queue ${count}`,
    contentSource: project.id,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Evaluation;
}

async function grant(
  evaluation: Evaluation,
  rows: readonly [principalId: number, accessType: M.ACCESS_TYPE[]][],
): Promise<void> {
  const path = `/evaluation/${evaluation.id}/acl`;
  const acl = (await server.alice.get(path)).body as Required<M.AccessControlList>;
  const resourceAccess = [
    ...acl.resourceAccess,
    ...rows.map(([principalId, accessType]) => ({ principalId, accessType })),
  ];
  expect(await server.alice.put('/evaluation/acl', { ...acl, resourceAccess })).toMatchObject({
    status: 200,
  });
}

/** A file that a user may submit, in a project of theirs. */
async function createFile(session: Session): Promise<Stored> {
  count += 1;
  const owner = await session.create('project', { name: `Project ${count}` });
  return session.create('file', {
    name: `entry ${count}`,
    parentId: owner.id,
    dataFileHandleId: await session.createHandle(md5s.a),
  });
}

async function submit(
  session: Session,
  evaluation: Evaluation,
  fields: M.Submission = {},
): Promise<Submission> {
  const file = await createFile(session);
  const answer = await session.post(`/evaluation/submission?etag=${file.etag}`, {
    evaluationId: evaluation.id,
    entityId: file.id,
    versionNumber: 1,
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Submission;
}

async function statusOf(submission: Submission, session = server.alice): Promise<Status> {
  const answer = await session.get(`/evaluation/submission/${submission.id}/status`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Status;
}

describe('an evaluation', () => {
  test('is managed by its creator', async () => {
    const { alice, bob } = server;
    const made = await createEvaluation({
      description: 'what for',
      submissionInstructionsMessage: 'do',
      submissionReceiptMessage: 'done',
    });
    expect(made).toEqual({
      id: expect.stringMatching(/^\d+$/),
      etag: expect.any(String),
      name: made.name,
      description: 'what for',
      submissionInstructionsMessage: 'do',
      submissionReceiptMessage: 'done',
      contentSource: project.id,
      ownerId: String(server.userId('alice')),
      createdOn: expect.any(String),
    });
    const path = `/evaluation/${made.id}`;
    expect((await alice.get(path)).body).toEqual(made);
    expect((await alice.get(`/evaluation/name/${encodeURIComponent(made.name)}`)).body).toEqual(
      made,
    );
    expect(await bob.get(path)).toEqual(
      refusal(
        403,
        `User ${server.userId('bob')} is not authorized to READ evaluation ${made.id} (${made.name})`,
      ),
    );
    expect(await bob.get(`/evaluation/name/${made.name}`)).toMatchObject({ status: 404 });
    const changed = await alice.put(path, { ...made, name: 'Renamed queue', description: null });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Renamed queue' } });
    expect(changed.body).not.toHaveProperty('description');
    expect(await alice.put(path, made)).toMatchObject({ status: 412 });
    const current = changed.body as Evaluation;
    for (const change of [
      { etag: null },
      { name: null },
      { name: 'bad/name' },
      { id: '1' },
      { contentSource: 'x' },
    ]) {
      expect(await alice.put(path, { ...current, ...change })).toMatchObject({ status: 400 });
    }
    expect(await bob.put(path, current)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect((await alice.get(path)).body).toEqual(current);
    // The owner and the date of a request are ignored.
    const owned = { ...current, ownerId: '1', createdOn: '2020-01-01T00:00:00.000Z' };
    const { ownerId, createdOn } = current;
    expect(await alice.put(path, owned)).toMatchObject({ body: { ownerId, createdOn } });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.delete(path)).toMatchObject({ status: 404 });
  });

  test('is refused when its name or project does not fit', async () => {
    const { alice, bob, anonymous } = server;
    const made = await createEvaluation();
    const folder = await alice.create('folder', { name: 'f', parentId: project.id });
    const body = { name: 'New queue', contentSource: project.id };
    expect(await alice.post('/evaluation', { ...body, name: made.name })).toEqual(
      refusal(409, `An Evaluation already exists with the name '${made.name}'`),
    );
    for (const [change, status] of [
      [{ name: undefined }, 400],
      [{ name: ' ' }, 400],
      [{ name: {} }, 400],
      [{ contentSource: undefined }, 400],
      [{ contentSource: 'syn999999' }, 404],
      [{ contentSource: folder.id }, 400],
      [{ quota: { numberOfRounds: 0 } }, 400],
      [{ quota: { numberOfRounds: 2 } }, 400],
      [{ quota: { firstRoundStart: 'soon' } }, 400],
      [{ quota: { roundDurationMillis: -1 } }, 400],
      [{ quota: { submissionLimit: -1 } }, 400],
      [{ quota: { roundDurationMillis: 1, numberOfRounds: 3 } }, 400],
    ] as const) {
      expect(await alice.post('/evaluation', { ...body, ...change })).toEqual(
        refusal(status, expect.any(String)),
      );
    }
    expect(await bob.post('/evaluation', body)).toEqual(
      refusal(
        403,
        `User ${server.userId('bob')} must have CREATE right on the entity ${project.id} in order to create a evaluation based on it.`,
      ),
    );
    expect(await anonymous.post('/evaluation', body)).toMatchObject({ status: 403 });
    expect(await alice.get('/evaluation/name/New%20queue')).toMatchObject({ status: 404 });
  });

  test('shows in the lists of who may do what is asked for', async () => {
    const { alice, bob } = server;
    const home = await alice.create('project', { name: 'With lists' });
    const a = await createEvaluation({ contentSource: home.id });
    const b = await createEvaluation({ contentSource: home.id });
    await createEvaluation();
    await grant(a, [[server.userId('bob'), ['READ']]]);
    await grant(b, [[server.userId('bob'), ['SUBMIT']]]);
    const path = `/entity/${home.id}/evaluation`;
    const ids = async (session: Session, where: string) => {
      const { body } = await session.get(where);
      return (body as M.PaginatedResultsOfEvaluation).results.map(({ id }) => id);
    };
    expect(await ids(alice, path)).toEqual([a.id, b.id]);
    expect(await ids(alice, `${path}?limit=1&offset=1`)).toEqual([b.id]);
    expect(await ids(bob, path)).toEqual([a.id]);
    expect(await ids(bob, `${path}?accessType=SUBMIT`)).toEqual([b.id]);
    expect(await ids(bob, '/evaluation')).toEqual([a.id]);
    expect(await ids(bob, '/evaluation/available')).toEqual([b.id]);
    expect(await ids(alice, `/evaluation?evaluationIds=${b.id},1`)).toEqual([b.id]);
    for (const query of ['limit=-1', 'offset=-1', 'accessType=DANCE']) {
      expect(await alice.get(`/evaluation?${query}`)).toMatchObject({ status: 400 });
    }
  });

  test('tells by its ACL what the caller may do', async () => {
    const { alice, bob, anonymous } = server;
    const evaluation = await createEvaluation();
    const path = `/evaluation/${evaluation.id}`;
    const acl = (await alice.get(`${path}/acl`)).body as Required<M.AccessControlList>;
    expect(acl).toMatchObject({
      id: evaluation.id,
      resourceAccess: [
        {
          principalId: server.userId('alice'),
          accessType: [
            'CREATE',
            'READ',
            'SUBMIT',
            'READ_PRIVATE_SUBMISSION',
            'UPDATE_SUBMISSION',
            'CHANGE_PERMISSIONS',
            'UPDATE',
            'DELETE',
            'DELETE_SUBMISSION',
          ],
        },
      ],
    });
    const none = {
      canChangePermissions: false,
      canView: false,
      canPublicRead: false,
      canEdit: false,
      canDelete: false,
      canParticipate: false,
      canSubmit: false,
      canViewPrivateSubmissionStatusAnnotations: false,
      canEditSubmissionStatuses: false,
      canDeleteSubmissions: false,
      ownerPrincipalId: server.userId('alice'),
    };
    expect((await bob.get(`${path}/permissions`)).body).toEqual(none);
    expect(await bob.put('/evaluation/acl', acl)).toMatchObject({ status: 403 });
    await grant(evaluation, [
      [273949, ['READ']],
      [server.userId('bob'), ['SUBMIT']],
    ]);
    expect((await bob.get(`${path}/permissions`)).body).toEqual({
      ...none,
      canView: true,
      canPublicRead: true,
      canSubmit: true,
    });
    expect(await bob.get(`${path}/access?accessType=SUBMIT`)).toMatchObject({
      body: { result: true },
    });
    expect(await bob.get(`${path}/access?accessType=UPDATE`)).toMatchObject({
      body: { result: false },
    });
    expect(await anonymous.get(path)).toMatchObject({ status: 200 });
    expect(await anonymous.delete(path)).toMatchObject({ status: 403 });
    expect(await anonymous.get(`${path}/submission/all`)).toEqual(
      refusal(403, 'Anonymous user is not allowed to access Evaluation.'),
    );
    expect(await alice.put('/evaluation/acl', acl)).toEqual(refusal(412, 'E-tags do not match.'));
    const current = (await alice.get(`${path}/acl`)).body as Required<M.AccessControlList>;
    for (const change of [
      { etag: null },
      { id: null },
      { resourceAccess: [{ principalId: 999999999, accessType: ['READ'] }] },
    ]) {
      expect(await alice.put('/evaluation/acl', { ...current, ...change })).toMatchObject({
        status: 400,
      });
    }
    for (const [principalId, reason] of [
      [273949, 'Public users may only have read access on an evaluation.'],
      [
        273948,
        'Only read access on an evaluation can be granted to all authenticated Synapse users.',
      ],
    ] as const) {
      const resourceAccess = [
        ...current.resourceAccess,
        { principalId, accessType: ['READ', 'SUBMIT'] },
      ];
      expect(await alice.put('/evaluation/acl', { ...current, resourceAccess })).toEqual(
        refusal(400, reason),
      );
    }
    expect((await alice.get(`${path}/acl`)).body).toEqual(current);
  });

  test('has a wiki', async () => {
    const { alice, bob } = server;
    const evaluation = await createEvaluation();
    const path = `/evaluation/${evaluation.id}/wiki2`;
    const markdownFileHandleId = await alice.createHandle(md5s.a);
    const page = await alice.post(path, { title: 'Rules', markdownFileHandleId });
    expect(page).toMatchObject({ status: 201 });
    expect(await alice.get(`/evaluation/${evaluation.id}/wikikey`)).toMatchObject({
      body: { ownerObjectId: evaluation.id, ownerObjectType: 'EVALUATION' },
    });
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    await grant(evaluation, [[server.userId('bob'), ['READ']]]);
    expect(await bob.get(path)).toMatchObject({ status: 200, body: { title: 'Rules' } });
    expect(await bob.put(`${path}/${(page.body as M.V2WikiPage).id}`, page.body)).toMatchObject({
      status: 403,
    });
    await alice.delete(`/evaluation/${evaluation.id}`);
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.delete(`/file/v1/fileHandle/${markdownFileHandleId}`)).toMatchObject({
      status: 200,
    });
  });
});

describe('a submission', () => {
  test('keeps the entity as it was when it was submitted', async () => {
    const { alice, bob } = server;
    const evaluation = await createEvaluation();
    await grant(evaluation, [[server.userId('bob'), ['READ', 'SUBMIT']]]);
    const bobId = String(server.userId('bob'));
    const submission = await submit(bob, evaluation, { submitterAlias: 'B' });
    expect(submission).toEqual({
      id: expect.stringMatching(/^\d+$/),
      evaluationId: evaluation.id,
      entityId: expect.stringMatching(/^syn\d+$/),
      versionNumber: 1,
      userId: bobId,
      submitterAlias: 'B',
      name: expect.stringMatching(/^entry/),
      createdOn: expect.any(String),
      contributors: [{ principalId: bobId, createdOn: submission.createdOn }],
      entityBundleJSON: expect.any(String),
    });
    const bundle = JSON.parse(submission.entityBundleJSON) as M.EntityBundle;
    expect(bundle).toMatchObject({
      entity: { id: submission.entityId, versionNumber: 1 },
      entityType: 'file',
      annotations: { annotations: {} },
      fileHandles: [{ contentMd5: md5s.a }],
    });
    const path = `/evaluation/submission/${submission.id}`;
    expect((await alice.get(path)).body).toEqual(submission);
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await statusOf(submission, bob)).toEqual({
      id: submission.id,
      etag: expect.any(String),
      modifiedOn: submission.createdOn,
      status: 'RECEIVED',
      statusVersion: 0,
      canCancel: false,
      cancelRequested: false,
      entityId: submission.entityId,
      versionNumber: 1,
    });
    const handleId = bundle.fileHandles?.[0]?.id ?? '';
    const url = `https://files.example.org/${md5s.a}`;
    expect(await alice.get(`${path}/file/${handleId}?redirect=false`)).toMatchObject({ body: url });
    expect(await alice.get(`${path}/file/1?redirect=false`)).toMatchObject({ status: 404 });
    const association = `fileAssociateType=SubmissionAttachment&fileAssociateId=${submission.id}`;
    expect(
      await alice.get(`/file/v1/file/${handleId}?redirect=false&${association}`),
    ).toMatchObject({ status: 200, body: url });
    expect(
      await server.carol.get(`/file/v1/file/${handleId}?redirect=false&${association}`),
    ).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.get(`${path}/status`)).toMatchObject({ status: 404 });
  });

  test('is refused without the current etag or the right to submit', async () => {
    const { alice, bob } = server;
    const evaluation = await createEvaluation();
    const file = await createFile(alice);
    const body = { evaluationId: evaluation.id, entityId: file.id, versionNumber: 1 };
    const send = (session: Session, change: object = {}, query = `etag=${file.etag}`) =>
      session.post(`/evaluation/submission?${query}`, { ...body, ...change });
    expect(await send(bob)).toEqual(
      refusal(403, `User lacks SUBMIT access to Evaluation ${evaluation.id}`),
    );
    await grant(evaluation, [[server.userId('bob'), ['SUBMIT']]]);
    expect(await send(bob)).toMatchObject({ status: 403 });
    expect(await send(alice, {}, 'etag=old')).toEqual(
      refusal(400, `The supplied eTag is out of date. Please fetch Entity ${file.id} again.`),
    );
    expect(await send(alice, {}, '')).toMatchObject({ status: 400 });
    expect(await send(alice, { versionNumber: 9 })).toMatchObject({ status: 404 });
    expect(await send(alice, { versionNumber: 0 })).toMatchObject({ status: 400 });
    // The service asks the ACL alone, which nobody is in when there is none.
    expect(await send(alice, { evaluationId: '1' })).toEqual(
      refusal(403, 'User lacks SUBMIT access to Evaluation 1'),
    );
    expect(await send(server.admin, { evaluationId: '1' })).toMatchObject({ status: 404 });
    expect(await send(alice, { evaluationRoundId: '1' })).toEqual(
      refusal(400, expect.stringContaining('do not specify any evaluationRoundId')),
    );
    expect(await send(alice, { evaluationId: null })).toMatchObject({ status: 400 });
    expect(await send(alice, { entityId: null })).toMatchObject({ status: 400 });
    expect(await send(alice, { entityId: 'syn999999' })).toMatchObject({ status: 404 });
    const bobId = String(server.userId('bob'));
    for (const change of [
      { contributors: [{ principalId: bobId }] },
      { contributors: [{}] },
      { teamId: '464532' },
      { teamId: 'x' },
    ]) {
      expect(await send(alice, change)).toMatchObject({ status: 400 });
    }
    expect(await alice.get(`/evaluation/${evaluation.id}/submission/count`)).toMatchObject({
      status: 200,
      body: 0,
    });
  });

  test('of a Docker repository names its digest', async () => {
    const { alice } = server;
    const evaluation = await createEvaluation();
    const repository = await alice.create('dockerrepo', {
      parentId: project.id,
      repositoryName: 'quay.io/team/tool',
    });
    const send = (fields: object, etag = repository.etag) =>
      alice.post(`/evaluation/submission?etag=${etag}`, {
        evaluationId: evaluation.id,
        entityId: repository.id,
        versionNumber: 1,
        ...fields,
      });
    expect(await send({})).toMatchObject({ status: 400 });
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    expect(await send({ dockerDigest: digest })).toMatchObject({ status: 400 });
    expect(
      await alice.post(`/entity/${repository.id}/dockerCommit`, { tag: 'latest', digest }),
    ).toMatchObject({ status: 204 });
    const { etag } = await alice.read(repository.id);
    expect(await send({ dockerDigest: digest }, etag)).toMatchObject({
      status: 201,
      body: { dockerDigest: digest, dockerRepositoryName: 'quay.io/team/tool' },
    });
  });

  test('shows in the lists of the evaluation and of its submitter', async () => {
    const { alice, bob, carol, anonymous } = server;
    const evaluation = await createEvaluation();
    await grant(evaluation, [[server.userId('bob'), ['READ', 'SUBMIT']]]);
    const first = await submit(alice, evaluation);
    const second = await submit(bob, evaluation);
    const base = `/evaluation/${evaluation.id}/submission`;
    expect((await alice.get(`${base}/all`)).body).toEqual({
      results: [first, second],
      totalNumberOfResults: 2,
    });
    expect((await alice.get(`${base}/all?limit=1&offset=1&status=RECEIVED`)).body).toMatchObject({
      results: [{ id: second.id }],
    });
    expect((await alice.get(`${base}/all?status=SCORED`)).body).toMatchObject({ results: [] });
    expect((await bob.get(base)).body).toMatchObject({ results: [second] });
    expect((await bob.get(`${base}/bundle`)).body).toMatchObject({
      results: [{ submission: second, submissionStatus: { id: second.id, status: 'RECEIVED' } }],
    });
    expect((await alice.get(`${base}/bundle/all`)).body).toMatchObject({
      results: [{ submission: first }, { submission: second }],
    });
    expect((await bob.get(`${base}/status/all`)).body).toMatchObject({
      results: [{ id: first.id }, { id: second.id }],
    });
    expect(await alice.get(`${base}/count`)).toMatchObject({ body: 2 });
    for (const suffix of ['/all', '/bundle/all', '/count']) {
      expect(await bob.get(`${base}${suffix}`)).toMatchObject({ status: 403 });
    }
    expect(await carol.get(`${base}/status/all`)).toMatchObject({ status: 403 });
    expect(await anonymous.get(base)).toMatchObject({ status: 200, body: { results: [] } });
    for (const query of ['status=DANCING', 'limit=101', 'limit=-1', 'offset=-1']) {
      expect(await alice.get(`${base}/all?${query}`)).toMatchObject({ status: 400 });
    }
    for (const path of ['/all', '/bundle/all', '/status/all']) {
      expect(await alice.get(`${base}${path}?status=DANCING`)).toEqual(
        refusal(
          400,
          'No enum constant org.sagebionetworks.evaluation.model.SubmissionStatusEnum.DANCING',
        ),
      );
    }
    expect(await alice.get('/evaluation/1/submission/all')).toMatchObject({ status: 403 });
    expect(await alice.get('/evaluation/1/submission')).toMatchObject({ body: { results: [] } });
  });

  test('is cancelled by its submitter when the queue allows it', async () => {
    const { alice, bob } = server;
    const evaluation = await createEvaluation();
    await grant(evaluation, [[server.userId('bob'), ['READ', 'SUBMIT']]]);
    const submission = await submit(bob, evaluation);
    const path = `/evaluation/submission/${submission.id}`;
    expect(await bob.put(`${path}/cancellation`)).toEqual(
      refusal(403, 'This submission is currently noncancellable.'),
    );
    const status = await statusOf(submission);
    await alice.put(`${path}/status`, { ...status, canCancel: true });
    expect(await alice.put(`${path}/cancellation`)).toMatchObject({ status: 403 });
    expect(await bob.put(`${path}/cancellation`)).toMatchObject({ status: 204, body: '' });
    expect(await statusOf(submission)).toMatchObject({ canCancel: true, cancelRequested: true });
    expect(await bob.put('/evaluation/submission/1/cancellation')).toMatchObject({ status: 404 });
  });

  test('takes further contributors from an administrator', async () => {
    const { admin, alice, bob } = server;
    const evaluation = await createEvaluation();
    const submission = await submit(alice, evaluation);
    const path = `/admin/evaluation/submission/${submission.id}/contributor`;
    const body = { principalId: String(server.userId('bob')) };
    expect(await alice.post(path, body)).toMatchObject({ status: 403 });
    expect(await admin.post(path, body)).toMatchObject({ status: 201, body });
    expect(await admin.post(path, body)).toMatchObject({ status: 400 });
    expect(await admin.post(path, { principalId: '999999999' })).toMatchObject({ status: 404 });
    const own = `/evaluation/${evaluation.id}/submission`;
    expect((await alice.get(own)).body).toMatchObject({
      results: [{ contributors: [{}, { principalId: body.principalId }] }],
    });
    // Only who submitted counts here.
    expect((await bob.get(own)).body).toMatchObject({ results: [] });
    expect((await bob.get(`${own}/bundle`)).body).toMatchObject({ results: [] });
  });
});

describe('a status', () => {
  test('is replaced with its etag by who may update submissions', async () => {
    const { alice, bob } = server;
    const evaluation = await createEvaluation();
    await grant(evaluation, [[server.userId('bob'), ['READ', 'SUBMIT']]]);
    const submission = await submit(bob, evaluation);
    const path = `/evaluation/submission/${submission.id}/status`;
    const status = await statusOf(submission);
    const annotations = {
      stringAnnos: [{ key: 'public', value: 'a', isPrivate: false }],
      doubleAnnos: [{ key: 'secret', value: 1.5 }],
    };
    const submissionAnnotations = { annotations: { f1: { type: 'DOUBLE', value: ['0.5'] } } };
    const wanted = { ...status, status: 'SCORED', score: 0.5, annotations, submissionAnnotations };
    expect(await bob.put(path, wanted)).toMatchObject({ status: 403 });
    const changed = await alice.put(path, wanted);
    expect(changed).toMatchObject({ status: 200, body: { status: 'SCORED', statusVersion: 1 } });
    const next = changed.body as Status;
    expect(next.annotations).toEqual({
      objectId: submission.id,
      scopeId: evaluation.id,
      stringAnnos: annotations.stringAnnos,
      doubleAnnos: [{ key: 'secret', value: 1.5, isPrivate: true }],
    });
    expect(next.submissionAnnotations).toEqual({
      id: submission.id,
      etag: next.etag,
      annotations: submissionAnnotations.annotations,
    });
    expect(next.etag).not.toBe(status.etag);
    const seen = await statusOf(submission, bob);
    expect(seen.annotations).toMatchObject({ stringAnnos: [{ key: 'public' }], doubleAnnos: [] });
    expect(seen).not.toHaveProperty('submissionAnnotations');
    expect(await alice.put(path, wanted)).toMatchObject({ status: 412 });
    for (const change of [
      { etag: null },
      { id: '1' },
      { status: null },
      { status: 'DANCING' },
      { score: 1.5 },
      { score: 'high' },
      { annotations: { stringAnnos: [{ value: 'x' }] } },
      { annotations: { stringAnnos: [{ key: 'k' }], longAnnos: [{ key: 'k' }] } },
      { submissionAnnotations: { annotations: { k: { type: 'LONG', value: ['x'] } } } },
    ]) {
      expect(await alice.put(path, { ...next, ...change })).toEqual(
        refusal(400, expect.any(String)),
      );
    }
    expect(await statusOf(submission)).toEqual(next);
    const cleared = await alice.put(path, {
      id: next.id,
      etag: next.etag,
      status: 'ACCEPTED',
    });
    expect(Object.keys(cleared.body as object).sort()).toEqual(Object.keys(status).sort());
  });

  test('is replaced in batches that nothing may interrupt', async () => {
    const { alice, bob } = server;
    const evaluation = await createEvaluation();
    await grant(evaluation, [[server.userId('bob'), ['READ', 'SUBMIT']]]);
    const first = await statusOf(await submit(alice, evaluation));
    const second = await statusOf(await submit(alice, evaluation));
    const third = await statusOf(await submit(alice, evaluation));
    const path = `/evaluation/${evaluation.id}/statusBatch`;
    const scored = (status: Status) => ({ ...status, status: 'SCORED' });
    const batch = { statuses: [scored(first)], isFirstBatch: true, isLastBatch: false };
    expect(await bob.put(path, batch)).toMatchObject({ status: 403 });
    const answer = await alice.put(path, batch);
    expect(answer).toMatchObject({ status: 200, body: { nextUploadToken: expect.any(String) } });
    const batchToken = (answer.body as M.BatchUploadResponse).nextUploadToken;
    const next = { ...batch, isFirstBatch: false, statuses: [scored(second)], batchToken };
    const after = await alice.put(path, next);
    expect(after.status).toBe(200);
    expect(await alice.put(path, { ...next, statuses: [scored(third)] })).toEqual(
      refusal(412, 'Your batch token is out of date.  You must restart upload from first batch.'),
    );
    const last = {
      statuses: [scored(third)],
      isFirstBatch: false,
      isLastBatch: true,
      batchToken: (after.body as M.BatchUploadResponse).nextUploadToken,
    };
    const elsewhere = await statusOf(await submit(alice, await createEvaluation()));
    for (const [change, status] of [
      [{ statuses: [] }, 400],
      [{ statuses: null }, 400],
      [{ isFirstBatch: null }, 400],
      [{ batchToken: null }, 400],
      [{ statuses: Array.from({ length: 501 }, () => scored(third)) }, 400],
      [{ statuses: [scored(third), scored(elsewhere)] }, 400],
      [{ statuses: [scored(third), { ...scored(first), etag: 'stale' }] }, 412],
      [{ statuses: [scored(third), { status: 'SCORED', id: '1', etag: 'x' }] }, 404],
    ] as const) {
      expect(await alice.put(path, { ...last, ...change })).toMatchObject({ status });
    }
    expect(await statusOf({ id: third.id, entityBundleJSON: '' })).toEqual(third);
    expect(await alice.put(path, last)).toMatchObject({ status: 200, body: {} });
    const { body } = await alice.get(`/evaluation/${evaluation.id}/submission/status/all`);
    const statuses = (body as M.PaginatedResultsOfSubmissionStatus).results;
    expect(statuses.map(({ status }) => status)).toEqual(['SCORED', 'SCORED', 'SCORED']);
  });
});
