import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

describe('SubmissionReplicationIntegrationTest', () => {
  test('testSubmissionReplication: a view shows the properties of a submission, its status and annotations', async () => {
    const owner = new ViewSession(server.alice);
    const submitter = new ViewSession(server.bob);
    const project = await owner.project();
    const evaluationId = await owner.evaluation(project.id);
    await owner.allowSubmissions(evaluationId, server.userId('bob'));
    const { id: parentId } = await submitter.project();
    const folder = await server.bob.create('folder', { name: 'entry', parentId });
    const submission = await submitter.submit(evaluationId, folder);
    const foo = await owner.column({ name: 'foo', columnType: 'STRING' });
    const columns = [...(await owner.defaults('submissionview')), foo];
    const fields = { parentId: project.id, columns, scopeIds: [evaluationId] };
    const { id } = await owner.view('submissionview', fields);
    const shown = () =>
      owner.cells(`select projectId, evaluationid, createdBy, submitterid, status, foo from ${id}`);
    const bobId = String(server.userId('bob'));
    expect(await shown()).toEqual([[project.id, evaluationId, bobId, bobId, 'RECEIVED', null]]);
    await owner.setStatus(
      submission.id,
      { status: 'EVALUATION_IN_PROGRESS' },
      { foo: ['STRING', 'bar'] },
    );
    expect(await shown()).toEqual([
      [project.id, evaluationId, bobId, bobId, 'EVALUATION_IN_PROGRESS', 'bar'],
    ]);
  });
});
