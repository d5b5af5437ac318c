import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

describe('EntityHierarchyChangeWorkerIntegrationTest', () => {
  test('testRoundTrip: the benefactor of everything below a folder follows its ACL', async () => {
    const alice = new ViewSession(server.alice);
    const project = await alice.project('parent');
    const folder = await server.alice.create('folder', { name: 'folder', parentId: project.id });
    const child = await server.alice.create('folder', { name: 'child', parentId: folder.id });
    const column = await alice.column({ name: 'benefactorId', columnType: 'ENTITYID' });
    const { id } = await alice.fileView(project.id, [column], { viewTypeMask: 8 });
    const benefactor = () =>
      alice.cells(`select benefactorId from ${id} where ROW_ID = ${child.id.slice(3)}`);
    expect(await benefactor()).toEqual([[project.id]]);
    await alice.grant(folder.id, server.userId('bob'), ['READ']);
    expect(await benefactor()).toEqual([[folder.id]]);
  });
});
