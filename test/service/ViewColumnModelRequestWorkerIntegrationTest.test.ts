import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { ViewSession, type Annotated } from './viewSession.js';

const server = withSessions();

let owner: ViewSession;
let submitter: ViewSession;

beforeEach(() => {
  owner = new ViewSession(server.alice);
  submitter = new ViewSession(server.bob);
});

/** Makes an evaluation with one submission, whose status has these annotations. */
async function annotatedSubmission(annotated: Annotated): Promise<string> {
  const evaluationId = await owner.evaluation((await owner.project()).id);
  await owner.allowSubmissions(evaluationId, server.userId('bob'));
  const { id: parentId } = await submitter.project();
  const folder = await server.bob.create('folder', { name: 'entry', parentId });
  const { id } = await submitter.submit(evaluationId, folder);
  await owner.setStatus(id, {}, annotated);
  return evaluationId;
}

/** The columns that a scope suggests, which are all on one page. */
async function suggested(session: ViewSession, viewScope: object): Promise<M.ColumnModel[]> {
  const answer = await session.scopeColumns(viewScope);
  expect(answer).toMatchObject({ status: 201 });
  const { results, nextPageToken } = answer.body as M.ViewColumnModelResponse;
  expect(nextPageToken).toBeUndefined();
  return [...results];
}

describe('ViewColumnModelRequestWorkerIntegrationTest', () => {
  test('testViewColumnModelRequestWorker: each annotation suggests a column of its type and size', async () => {
    const evaluationId = await annotatedSubmission({ foo: ['STRING', 'bar'], bar: ['LONG', '2'] });
    const scope = { viewEntityType: 'submissionview', scope: [evaluationId] };
    const models = await suggested(owner, scope);
    expect(models.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))).toEqual([
      { name: 'bar', columnType: 'INTEGER' },
      { name: 'foo', columnType: 'STRING', maximumSize: 3 },
    ]);
  });

  test('testViewColumnModelRequestWorkerWithEmptyStringAnnotation: empty texts suggest the default size', async () => {
    const evaluationId = await annotatedSubmission({ foo: ['STRING', ''] });
    const scope = { viewEntityType: 'submissionview', scope: [evaluationId] };
    expect(await suggested(owner, scope)).toEqual([
      { name: 'foo', columnType: 'STRING', maximumSize: 50 },
    ]);
  });

  test('testViewColumnModelRequestWorkerWithIdAndVersion: the scope of a dataset may name versions', async () => {
    const { id } = await submitter.project();
    const versions = 2;
    const one = await submitter.fileWithVersions(id, { name: 'one', key: 'foo', versions });
    const two = await submitter.fileWithVersions(id, { name: 'two', key: 'bar', versions });
    await submitter.annotate(two.id, {});
    const names = async (...scope: string[]) =>
      (await suggested(submitter, { viewEntityType: 'dataset', scope })).map(({ name }) => name);
    expect(await names(one.id, two.id)).toEqual(['foo']);
    expect((await names(`${one.id}.2`, `${two.id}.1`)).sort()).toEqual(['bar', 'foo']);
  });
});
