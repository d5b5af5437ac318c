import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import { partialRows, rowSet, type Column } from '../server/tableSession.js';
import { ViewSession, type StoredSubmission } from './viewSession.js';

/** How far the clock of the server is ahead, in milliseconds. */
let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });

let owner: ViewSession;
let submitter: ViewSession;
let project: Stored;
let evaluationId: string;

beforeEach(async () => {
  owner = new ViewSession(server.alice);
  submitter = new ViewSession(server.bob);
  project = await owner.project();
  evaluationId = await newEvaluation();
});

async function newEvaluation(): Promise<string> {
  const id = await owner.evaluation(project.id);
  await owner.allowSubmissions(id, server.userId('bob'));
  return id;
}

/** Submits a new folder of the submitter. */
async function submit(fields: object = {}, evaluation = evaluationId): Promise<StoredSubmission> {
  const { id: parentId } = await submitter.project();
  const folder = await server.bob.create('folder', { name: 'entry', parentId });
  return submitter.submit(evaluation, folder, fields);
}

/** Makes a view of evaluations with the default columns and others. */
async function viewOf(scopeIds: readonly string[], ...others: readonly Column[]): Promise<Stored> {
  const columns = [...(await owner.defaults('submissionview')), ...others];
  return owner.view('submissionview', { parentId: project.id, columns, scopeIds });
}

/** The row that a submission should have. */
async function rowOf(
  submission: StoredSubmission,
  ...annotations: (string | null)[]
): Promise<M.Row> {
  const status = await owner.status(submission.id);
  return {
    rowId: Number(submission.id),
    versionNumber: status.statusVersion,
    etag: status.etag,
    values: [
      submission.id,
      submission.name,
      String(Date.parse(submission.createdOn)),
      submission.userId,
      status.etag,
      String(Date.parse(status.modifiedOn)),
      project.id,
      status.status,
      submission.evaluationId,
      submission.evaluationRoundId ?? null,
      submission.teamId ?? submission.userId,
      submission.submitterAlias ?? null,
      submission.entityId,
      String(submission.versionNumber),
      submission.dockerRepositoryName ?? null,
      submission.dockerDigest ?? null,
      ...annotations,
    ],
  };
}

function rows({ id }: Stored): Promise<M.Row[]> {
  return owner.rows(`select * from ${id} order by id`, { includeEntityEtag: true });
}

function textColumn(): Promise<Column> {
  return owner.column({ name: 'foo', columnType: 'STRING' });
}

describe('SubmissionViewIntegrationTest', () => {
  test('testSubmissionView: the submissions of an evaluation are rows with the default columns', async () => {
    const submissions = [await submit(), await submit()];
    const view = await viewOf([evaluationId]);
    expect(await rows(view)).toEqual(await Promise.all(submissions.map((each) => rowOf(each))));
  });

  test('testSubmissionViewWithMultipleEvaluations: a view may be of several evaluations', async () => {
    const second = await newEvaluation();
    const submissions = [await submit(), await submit({}, second)];
    const view = await viewOf([evaluationId, second]);
    expect(await rows(view)).toEqual(await Promise.all(submissions.map((each) => rowOf(each))));
  });

  test('testSubmissionViewWithEvaluationRound: a row names the round of its submission', async () => {
    const hour = 3_600_000;
    const round = await server.alice.post(`/evaluation/${evaluationId}/round`, {
      evaluationId,
      roundStart: new Date(Date.now() + ahead + hour).toISOString(),
      roundEnd: new Date(Date.now() + ahead + 3 * hour).toISOString(),
    });
    expect(round).toMatchObject({ status: 201 });
    ahead += 2 * hour;
    const { id } = round.body as M.EvaluationRound;
    const submission = await submit();
    expect(submission.evaluationRoundId).toBe(id);
    const view = await viewOf([evaluationId, evaluationId]);
    expect(await rows(view)).toEqual([await rowOf(submission)]);
  });

  test('testSubmissionViewWithTeam: the submitter of the row of a team is the team', async () => {
    const made = await server.bob.post('/team', { name: crypto.randomUUID() });
    const { id: teamId } = made.body as { id: string };
    await owner.allowSubmissions(evaluationId, Number(teamId));
    const eligible = await server.bob.get(
      `/evaluation/${evaluationId}/team/${teamId}/submissionEligibility`,
    );
    const { eligibilityStateHash } = eligible.body as M.TeamSubmissionEligibility;
    const { id: parentId } = await submitter.project();
    const folder = await server.bob.create('folder', { name: 'entry', parentId });
    const answer = await server.bob.post(
      `/evaluation/submission?etag=${folder.etag}&submissionEligibilityHash=${eligibilityStateHash ?? ''}`,
      { evaluationId, entityId: folder.id, versionNumber: 1, teamId },
    );
    expect(answer).toMatchObject({ status: 201 });
    const view = await viewOf([evaluationId]);
    const [row] = await rows(view);
    expect(row).toEqual(await rowOf(answer.body as StoredSubmission));
    expect(row?.values?.[10]).toBe(teamId);
  });

  test('testSubmissionViewWithNewSubmmision: a new submission is a new row', async () => {
    const first = await submit();
    const view = await viewOf([evaluationId]);
    expect(await rows(view)).toEqual([await rowOf(first)]);
    const second = await submit();
    expect(await rows(view)).toEqual([await rowOf(first), await rowOf(second)]);
  });

  test('testSubmissionViewWithStatusUpdate: a row has the version of the status, 0 when new', async () => {
    const [first, second] = [await submit(), await submit()];
    const view = await viewOf([evaluationId]);
    expect((await rows(view)).map(({ versionNumber }) => versionNumber)).toEqual([0, 0]);
    await owner.setStatus(first.id, { status: 'ACCEPTED' });
    expect((await rows(view)).map(({ versionNumber }) => versionNumber)).toEqual([1, 0]);
    expect(await rows(view)).toEqual([await rowOf(first), await rowOf(second)]);
    expect(await owner.cells(`select status from ${view.id} order by id`)).toEqual([
      ['ACCEPTED'],
      ['RECEIVED'],
    ]);
  });

  test('testSubmissionViewWithAnnotations: annotations of the status are columns', async () => {
    const submission = await submit();
    const view = await viewOf([evaluationId]);
    expect(await rows(view)).toEqual([await rowOf(submission)]);
    const { columnIds } = (await server.alice.read(
      view.id,
    )) as unknown as Required<M.SubmissionView>;
    await server.alice.update(await server.alice.read(view.id), {
      columnIds: [...columnIds, (await textColumn()).id],
    });
    await owner.setStatus(submission.id, { status: 'ACCEPTED' }, { foo: ['STRING', 'bar'] });
    expect(await rows(view)).toEqual([await rowOf(submission, 'bar')]);
  });

  test('testSubmissionViewSuggestedSchema: annotations suggest columns', async () => {
    const submission = await submit();
    await owner.setStatus(submission.id, { status: 'ACCEPTED' }, { foo: ['STRING', 'bar'] });
    const scope = { scope: [evaluationId], viewEntityType: 'submissionview' };
    expect(await owner.scopeColumns(scope)).toMatchObject({
      status: 201,
      body: { results: [{ name: 'foo', columnType: 'STRING' }] },
    });
  });

  test('testSubmissionViewAnnotationUpdateWithPartialRowSet: a partial row writes the annotation of a status', async () => {
    const submission = await submit();
    const foo = await textColumn();
    const view = await viewOf([evaluationId], foo);
    const { etag } = await owner.status(submission.id);
    const row = { rowId: Number(submission.id), etag, values: { [foo.id]: 'bar' } };
    expect(await owner.updates(view.id, partialRows(view.id, [row]))).toEqual([
      { entityId: `syn${submission.id}` },
    ]);
    const { submissionAnnotations } = await owner.status(submission.id);
    expect(submissionAnnotations).toMatchObject({
      annotations: { foo: { type: 'STRING', value: ['bar'] } },
    });
  });

  test('testSubmissionViewAnnotationUpdateWithRowSet: a whole row writes the annotation of a status', async () => {
    const submission = await submit();
    const foo = await textColumn();
    const view = await viewOf([evaluationId], foo);
    const sql = `select foo from ${view.id} order by id`;
    const [before] = await owner.rows(sql, { includeEntityEtag: true });
    expect(before).toEqual({ ...(await rowOf(submission)), values: [null] });
    const change = rowSet(view.id, [foo], [{ ...before, values: ['bar'] }]);
    expect(await owner.updates(view.id, change)).toEqual([{ entityId: `syn${submission.id}` }]);
    const { submissionAnnotations } = await owner.status(submission.id);
    expect(submissionAnnotations).toMatchObject({
      annotations: { foo: { type: 'STRING', value: ['bar'] } },
    });
    expect(await rows(view)).toEqual([await rowOf(submission, 'bar')]);
  });
});
