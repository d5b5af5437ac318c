import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { withSessions, type Stored } from '../server/entitySession.js';
import type { Column } from '../server/tableSession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let column: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  column = await alice().column({ name: 'name', columnType: 'STRING', maximumSize: 256 });
});

beforeEach(async () => {
  project = await alice().project();
  await alice().file(project.id, 'file');
});

describe('ViewMetadataProviderTest', () => {
  test('testValidateEntity: columns that do not exist are refused', async () => {
    const view = await alice().fileView(project.id, [column]);
    const changed = { ...view, columnIds: ['999999'] };
    expect(await server.alice.put(`/entity/${view.id}`, changed)).toMatchObject({ status: 404 });
    expect(await server.alice.read(view.id)).toMatchObject({ columnIds: [column.id] });
  });

  test('testEntityCreated: a new view can be queried at once', async () => {
    const { id } = await alice().fileView(project.id, [column]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['file']]);
  });

  test('testEntityUpdated: a changed view shows its new scope at once', async () => {
    const view = await alice().fileView(project.id, [column]);
    const other = await alice().project();
    await alice().file(other.id, 'other file');
    await server.alice.update(view, { scopeIds: [other.id] });
    expect(await alice().cells(`select * from ${view.id}`)).toEqual([['other file']]);
  });

  test('testEntityUpdatedWithNewVersionCreated: an update makes no version of any view', async () => {
    for (const type of ['entityview', 'dataset', 'datasetcollection', 'submissionview'] as const) {
      const fields = type === 'entityview' ? { viewTypeMask: 1, scopeIds: [project.id] } : {};
      const view = await alice().view(type, { parentId: project.id, columns: [], ...fields });
      const changed = { ...view, versionLabel: 'second' };
      expect(await server.alice.put(`/entity/${view.id}?newVersion=true`, changed)).toMatchObject({
        status: 200,
        body: { versionNumber: 1 },
      });
      expect(await server.alice.read(view.id)).toMatchObject({ versionNumber: 1 });
    }
  });

  test('testAddTypeSpecificMetadata: each version has its columns', async () => {
    const view = await alice().fileView(project.id, [column]);
    await alice().snapshot(view.id);
    await server.alice.update(await server.alice.read(view.id), { columnIds: [] });
    expect(await server.alice.read(view.id)).toMatchObject({ columnIds: [] });
    expect((await server.alice.get(`/entity/${view.id}/version/1`)).body).toMatchObject({
      columnIds: [column.id],
    });
    expect((await server.alice.get(`/entity/${view.id}.1/column`)).body).toEqual({
      results: [column],
    });
  });
});
