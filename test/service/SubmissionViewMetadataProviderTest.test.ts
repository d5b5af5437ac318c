import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions, type Stored } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  project = await alice().project();
});

describe('SubmissionViewMetadataProviderTest', () => {
  test('testCreateViewScope: the scope is evaluations, and there is no mask', async () => {
    const scopeIds = [await alice().evaluation(project.id), await alice().evaluation(project.id)];
    const { id } = await alice().view('submissionview', {
      ...{ parentId: project.id, columns: [], scopeIds },
    });
    const stored = await server.alice.read(id);
    expect(stored).toMatchObject({ scopeIds });
    expect(stored).not.toHaveProperty('viewTypeMask');
  });

  test('testValidateEntity: the columns and the scope are stored', async () => {
    const columns = (await alice().defaults('submissionview')).slice(0, 3);
    const scopeIds = [await alice().evaluation(project.id)];
    const { id } = await alice().view('submissionview', {
      ...{ parentId: project.id, columns, scopeIds },
    });
    expect(await server.alice.read(id)).toMatchObject({
      columnIds: columns.map((column) => column.id),
      scopeIds,
    });
  });

  test('testValidateEntityWithNoEvaluations: a scope may be empty', async () => {
    const columns = (await alice().defaults('submissionview')).slice(0, 3);
    const { id } = await alice().view('submissionview', {
      ...{ parentId: project.id, columns, scopeIds: [] },
    });
    expect(await alice().rows(`select * from ${id}`)).toEqual([]);
  });
});
