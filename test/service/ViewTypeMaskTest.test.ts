import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import type { Column } from '../server/tableSession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let type: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

const neither = "Either 'viewType' or 'viewTypeMask' must be provided";

/** One entity of each type that a mask can name, in the order of the bits; projects are apart. */
const masks: readonly (readonly [mask: number, type: M.EntityType])[] = [
  [0x1, 'file'],
  [0x4, 'table'],
  [0x8, 'folder'],
  [0x10, 'entityview'],
  [0x20, 'dockerrepo'],
  [0x40, 'submissionview'],
  [0x80, 'dataset'],
  [0x100, 'datasetcollection'],
  [0x200, 'materializedview'],
];

beforeAll(async () => {
  project = await alice().project();
  const { id: parentId } = project;
  type = await alice().column({ name: 'type', columnType: 'STRING', maximumSize: 20 });
  await alice().file(parentId, 'file');
  const { id: tableId } = await server.alice.create('table', {
    name: 'table',
    parentId,
    columnIds: [(await alice().column({ name: 'name', columnType: 'STRING' })).id],
  });
  await server.alice.create('folder', { name: 'folder', parentId });
  await alice().fileView(parentId, []);
  await server.alice.create('dockerrepo', { parentId, repositoryName: 'example/image' });
  for (const kind of ['submissionview', 'dataset', 'datasetcollection'] as const) {
    await alice().view(kind, { parentId, columns: [] });
  }
  const definingSQL = `select * from ${tableId}`;
  await server.alice.create('materializedview', { name: 'mv', parentId, definingSQL });
});

/** The types in a view that is made with these fields. */
async function typesIn(fields: object): Promise<(string | null | undefined)[]> {
  const { id } = await alice().view('entityview', {
    parentId: (await alice().project()).id,
    columns: [type],
    scopeIds: [project.id],
    ...fields,
  });
  return (await alice().cells(`select type from ${id}`)).map(([cell]) => cell);
}

describe('ViewTypeMaskTest', () => {
  test.each([
    ['testGetMaskForDepricatedTypeFile: the old type of files', 'file', ['file']],
    ['testGetMaskForDepricatedTypeProject: the old type of projects', 'project', ['project']],
    [
      'testGetMaskForDepricatedTypeFileAndTable: the old type of files and tables',
      'file_and_table',
      ['file', 'table'],
    ],
    ['testGetViewTypeMaskOldType: an old type alone is enough', 'project', ['project']],
  ])('%s', async (_, old, expected) => {
    expect(await typesIn({ type: old })).toEqual(expected);
  });

  test('testGetViewTypeMaskBothNull: a view has a mask or an old type', async () => {
    const answer = await server.alice.post('/entity', {
      concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
      parentId: project.id,
      name: 'neither',
    });
    expect(answer).toEqual(refusal(400, neither));
    expect(await alice().scopeColumns({ scope: [project.id] })).toEqual(refusal(400, neither));
  });

  test('testGetViewTypeMaskBothNotNull: a mask counts more than an old type', async () => {
    expect(await typesIn({ type: 'file_and_table', viewTypeMask: 1 })).toEqual(['file']);
  });

  test('testGetViewTypeMaskMask: a mask alone is enough', async () => {
    expect(await typesIn({ viewTypeMask: 2 })).toEqual(['project']);
  });

  test('testGetViewTypeMaskViewScope: a scope has a mask too', async () => {
    await alice().annotate(project.id, { region: ['STRING', 'north'] });
    const scope = { scope: [project.id], viewTypeMask: 2 };
    expect(await alice().scopeColumns(scope)).toMatchObject({
      body: { results: [{ name: 'region' }] },
    });
  });

  test('testGetViewTypeMaskViewScopeNull: a scope is required', async () => {
    const concreteType = 'org.sagebionetworks.repo.model.table.ViewColumnModelRequest';
    expect(await alice().job('/column/view/scope/async', { concreteType })).toEqual(
      refusal(400, 'scope is required.'),
    );
  });

  test('testAllTypesMask: each bit is one type, and all of them are all types', async () => {
    for (const [mask, expected] of masks) {
      expect(await typesIn({ viewTypeMask: mask })).toEqual([expected]);
    }
    const all = masks.reduce((sum, [mask]) => sum | mask, 0);
    expect(all + 2).toBe(0x3ff);
    expect((await typesIn({ viewTypeMask: all })).sort()).toEqual(
      masks.map(([, each]) => each).sort(),
    );
  });
});
