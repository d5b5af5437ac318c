import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

describe('EvaluationSubmissionAnnotationsWorkerIntegrationTest', () => {
  test('testRoundTrip: annotations of a status are found, and go with the submission', async () => {
    const alice = new ViewSession(server.alice);
    const { id: parentId } = await alice.project();
    const evaluationId = await alice.evaluation(parentId);
    const folder = await server.alice.create('folder', { name: 'entry', parentId });
    const { id } = await alice.submit(evaluationId, folder);
    await alice.setStatus(id, {
      status: 'RECEIVED',
      annotations: {
        stringAnnos: [{ isPrivate: false, key: 'string_anno', value: 'foo ' }],
        longAnnos: [{ isPrivate: true, key: 'long_anno', value: 10 }],
        doubleAnnos: [{ isPrivate: false, key: 'double_anno', value: 0.5 }],
      },
    });
    expect((await alice.status(id)).annotations).toMatchObject({
      stringAnnos: [{ isPrivate: false, key: 'string_anno', value: 'foo ' }],
      longAnnos: [{ isPrivate: true, key: 'long_anno', value: 10 }],
      doubleAnnos: [{ isPrivate: false, key: 'double_anno', value: 0.5 }],
    });
    const columns = (await alice.defaults('submissionview')).slice(0, 1);
    const fields = { parentId, columns, scopeIds: [evaluationId] };
    const view = await alice.view('submissionview', fields);
    expect(await alice.cells(`select id from ${view.id}`)).toEqual([[id]]);
    expect(await server.alice.delete(`/evaluation/submission/${id}`)).toMatchObject({
      status: 204,
    });
    expect(await server.alice.get(`/evaluation/submission/${id}/status`)).toMatchObject({
      status: 404,
    });
    expect(await alice.rows(`select id from ${view.id}`)).toEqual([]);
  });
});
