import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

describe('ObjectReplicationWorkerIntegrationTest', () => {
  test('testReplication: a view shows id, etag and name of a project', async () => {
    const alice = new ViewSession(server.alice);
    const project = await alice.project();
    const shown = (await alice.defaults('entityview', 2)).filter(({ name }) =>
      ['id', 'etag', 'name'].includes(name),
    );
    const { id } = await alice.fileView(project.id, shown, { viewTypeMask: 2 });
    expect(await alice.cells(`select id, etag, name from ${id}`)).toEqual([
      [project.id, project.etag, project.name],
    ]);
  });
});
