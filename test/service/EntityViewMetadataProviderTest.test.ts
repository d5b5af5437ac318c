import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  project = await alice().project();
  await alice().file(project.id, 'file');
});

describe('EntityViewMetadataProviderTest', () => {
  test('testValidate: a scope that is no id is refused', async () => {
    const view = await alice().fileView(project.id, []);
    const changed = { ...view, scopeIds: ['not an id'] };
    expect(await server.alice.put(`/entity/${view.id}`, changed)).toEqual(
      refusal(400, 'not an id is not a valid Synapse ID.'),
    );
    expect(await server.alice.read(view.id)).toMatchObject({ etag: view.etag });
  });

  test('testCreate: ids of the scope are stored as numbers', async () => {
    expect(await alice().fileView(project.id, [])).toMatchObject({
      scopeIds: [String(numberOf(project))],
      viewTypeMask: 1,
    });
  });

  test('testUpdate: the scope can be changed', async () => {
    const view = await alice().fileView(project.id, []);
    const other = await alice().project();
    expect(await server.alice.update(view, { scopeIds: [other.id] })).toMatchObject({
      scopeIds: [String(numberOf(other))],
    });
  });

  test('testAddTypeSpecificMetadata: a view is returned with its columns', async () => {
    const columns = (await alice().defaults('entityview', 1)).slice(0, 2);
    const { id } = await alice().fileView(project.id, columns);
    expect(await server.alice.read(id)).toMatchObject({
      columnIds: columns.map((column) => column.id),
    });
  });

  test.each([
    ['testCreateViewScopeWithType: an older type is enough', { type: 'file' }],
    ['testCreateViewScopeWithMask: a mask is enough', { viewTypeMask: 1 }],
  ])('%s', async (_, fields) => {
    const columns = (await alice().defaults('entityview', 1)).slice(1, 2);
    const { id } = await alice().view('entityview', {
      ...{ parentId: project.id, columns, scopeIds: [project.id] },
      ...fields,
    });
    expect(await alice().cells(`select * from ${id}`)).toEqual([['file']]);
  });
});
