import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { TableSession, tableModel } from '../server/tableSession.js';
import { annotate } from './viewScene.js';

const server = withSessions();

/** Columns for a scope; the answer must be good and have no further page. */
async function suggested(viewScope: object): Promise<M.ColumnModel[]> {
  const answer = await new TableSession(server.alice).job('/column/view/scope/async', {
    concreteType: `${tableModel}.ViewColumnModelRequest`,
    viewScope,
  });
  expect(answer).toMatchObject({ status: 201 });
  expect(answer.body).not.toHaveProperty('nextPageToken');
  return (answer.body as M.ViewColumnModelResponse).results;
}

/** An evaluation with a submission that has annotations. */
async function submitted(annotations: Record<string, M.AnnotationsValue>): Promise<string> {
  const { alice } = server;
  const project = await alice.create('project', { name: crypto.randomUUID() });
  const made = await alice.post('/evaluation', {
    name: crypto.randomUUID(),
    contentSource: project.id,
  });
  const evaluation = made.body as M.Evaluation;
  const folder = await alice.create('folder', { name: 'folder', parentId: project.id });
  const sent = await alice.post(`/evaluation/submission?etag=${folder.etag}`, {
    evaluationId: evaluation.id,
    entityId: folder.id,
    versionNumber: 1,
  });
  expect(sent).toMatchObject({ status: 201 });
  const { id } = sent.body as M.Submission;
  const { body } = await alice.get(`/evaluation/submission/${id ?? ''}/status`);
  const status = body as M.SubmissionStatus;
  const put = await alice.put(`/evaluation/submission/${id ?? ''}/status`, {
    ...status,
    submissionAnnotations: { id, etag: status.etag, annotations },
  });
  expect(put).toMatchObject({ status: 200 });
  return evaluation.id ?? '';
}

describe('ViewColumnModelRequestWorkerIntegrationTest', () => {
  test('testViewColumnModelRequestWorker: annotations of submissions become columns', async () => {
    const scope = await submitted({
      foo: { type: 'STRING', value: ['bar'] },
      bar: { type: 'LONG', value: ['2'] },
    });
    expect(await suggested({ viewEntityType: 'submissionview', scope: [scope] })).toEqual([
      { name: 'bar', columnType: 'INTEGER' },
      { name: 'foo', columnType: 'STRING', maximumSize: 3 },
    ]);
  });

  test('testViewColumnModelRequestWorkerWithEmptyStringAnnotation: an empty text has the default size', async () => {
    const scope = await submitted({ foo: { type: 'STRING', value: [''] } });
    expect(await suggested({ viewEntityType: 'submissionview', scope: [scope] })).toEqual([
      { name: 'foo', columnType: 'STRING', maximumSize: 50 },
    ]);
  });

  test('testViewColumnModelRequestWorkerWithIdAndVersion: items of a dataset count in their versions', async () => {
    const { alice } = server;
    const { id: parentId } = await alice.create('project', { name: crypto.randomUUID() });
    const ids: string[] = [];
    for (const [name, digit] of [
      ['foo', '1'],
      ['bar', '2'],
    ] as const) {
      const file = await alice.create('file', {
        name,
        parentId,
        dataFileHandleId: await alice.createHandle(digit.repeat(32)),
      });
      await annotate(alice, file.id, { [name]: { type: 'STRING', value: ['value'] } });
      await alice.update(await alice.read(file.id), { versionLabel: '2' }, '?newVersion=true');
      ids.push(file.id);
    }
    const [one = '', two = ''] = ids;
    await annotate(alice, two, {});
    const named = async (scope: readonly string[]): Promise<unknown> =>
      (await suggested({ viewEntityType: 'dataset', scope })).map(({ name }) => name);
    expect(await named([one, two])).toEqual(['foo']);
    expect(await named([`${one}.2`, `${two}.1`])).toEqual(['bar', 'foo']);
  });
});
