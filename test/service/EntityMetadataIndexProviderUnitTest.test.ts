import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { partialRows, type Column } from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let file: Stored;
let name: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  project = await alice().project();
  file = await alice().file(project.id, 'a file');
  await server.alice.create('folder', { name: 'a folder', parentId: project.id });
  name = await alice().column({ name: 'name', columnType: 'STRING', maximumSize: 256 });
});

const basic = 'id name description createdOn createdBy etag modifiedOn modifiedBy path';
const ofFiles =
  'type currentVersion parentId benefactorId projectId dataFileHandleId dataFileName ' +
  'dataFileSizeBytes dataFileMD5Hex dataFileConcreteType dataFileBucket dataFileKey';

async function defaultNames(mask: number): Promise<string> {
  return (await alice().defaults('entityview', mask)).map((column) => column.name).join(' ');
}

async function namesIn(viewTypeMask: number): Promise<(string | null | undefined)[]> {
  const { id } = await alice().fileView(project.id, [name], { viewTypeMask });
  return (await alice().cells(`select name from ${id}`)).map(([cell]) => cell);
}

function createView(fields: object) {
  return server.alice.post('/entity', {
    concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
    parentId: project.id,
    name: crypto.randomUUID(),
    ...fields,
  });
}

function manyIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `syn${20_000_000 + index}`);
}

describe('EntityMetadataIndexProviderUnitTest', () => {
  test('testObjectFieldTypeMapper: ids, parents and benefactors are ids of entities', async () => {
    const columns = await alice().defaults('entityview', 1);
    for (const field of ['id', 'parentId', 'benefactorId']) {
      expect(columns.find((column) => column.name === field)).toMatchObject({
        columnType: 'ENTITYID',
      });
    }
  });

  test('testGetSubTypesForMaskEmpty: a mask of nothing shows nothing', async () => {
    expect(await namesIn(0)).toEqual([]);
  });

  test('testGetSubTypesForMaskWithFile: the mask of files shows files', async () => {
    expect(await namesIn(1)).toEqual(['a file']);
  });

  test('testGetSubTypesForMaskWithMixed: a mask of two types shows both', async () => {
    expect((await namesIn(9)).sort()).toEqual(['a file', 'a folder']);
  });

  test('testGetAnnotations: the annotations of an entity are cells', async () => {
    await alice().annotate(file.id, { color: ['STRING', 'red'] });
    const color = await alice().column({ name: 'color', columnType: 'STRING' });
    const { id } = await alice().fileView(project.id, [color]);
    expect(await alice().cells(`select color from ${id}`)).toEqual([['red']]);
  });

  test.each([
    ['testUpdateAnnotations: an annotation is written through a view', 'shape'],
    ['testCanUpdateAnnotation: any name of an annotation may be written', 'status'],
  ])('%s', async (_, key) => {
    const column = await alice().column({ name: key, columnType: 'STRING' });
    const { id } = await alice().fileView(project.id, [column]);
    const { etag } = await server.alice.read(file.id);
    const row = { rowId: numberOf(file), etag, values: { [column.id]: 'round' } };
    expect(await alice().updates(id, partialRows(id, [row]))).toEqual([{ entityId: file.id }]);
    expect(await alice().annotation(file.id, key)).toEqual(['round']);
  });

  test('testDefaultColumnModelWithNullMask: default columns of a view need its mask', async () => {
    expect(await server.alice.get('/column/tableview/defaults?viewEntityType=entityview')).toEqual(
      refusal(400, 'viewTypeMask is required.'),
    );
  });

  test.each([
    ['testDefaultColumnModelWithFileMask: a view of files has columns of files', 1, true],
    [
      'testDefaultColumnModelWithFileAndTableMask: files with tables have columns of files',
      5,
      true,
    ],
    ['testDefaultColumnModelWithProjectMask: projects have basic columns', 2, false],
    ['testDefaultColumnModelExcludingFileMask: types without files have basic columns', 0xc, false],
    ['testDefaultColumnModelincludingFileMask: types with files have columns of files', 9, true],
  ])('%s', async (_, mask, hasFiles) => {
    expect(await defaultNames(mask)).toBe(hasFiles ? `${basic} ${ofFiles}` : basic);
  });

  test('testGetViewFilterWithProject: the scope of a view of projects is the projects themselves', async () => {
    expect(await namesIn(2)).toEqual([project.name]);
  });

  test('testGetViewFilterWithFile: the scope of a view of files has all folders below', async () => {
    const top = await alice().project();
    const outer = await server.alice.create('folder', { name: 'outer', parentId: top.id });
    const inner = await server.alice.create('folder', { name: 'inner', parentId: outer.id });
    await alice().file(inner.id, 'deep');
    const { id } = await alice().fileView(top.id, [name]);
    expect(await alice().cells(`select name from ${id}`)).toEqual([['deep']]);
  });

  test('testValidateScopeAndTypeWithProjectPlusFile: projects go with no other type', async () => {
    expect(await createView({ viewTypeMask: 3, scopeIds: [project.id] })).toEqual(
      refusal(400, 'The Project type cannot be combined with any other type.'),
    );
  });

  test.each([
    ['testValidateScopeAndTypeWithProjectUnderLimit: a scope of two projects', 2, ['syn1', 'syn2']],
    ['testValidateScopeAndTypeWithProjecNullScope: projects without a scope', 2, undefined],
    ['testValidateScopeAndTypeWithFileUnderLimit: a scope of two containers', 1, ['syn1', 'syn2']],
    ['testValidateScopeAndTypeWithFileNullScope: files without a scope', 1, undefined],
  ])('%s', async (_, viewTypeMask, scopeIds) => {
    expect(await createView({ viewTypeMask, ...(scopeIds && { scopeIds }) })).toMatchObject({
      status: 201,
    });
  });

  test.each([
    [
      'testValidateScopeAndTypeWithProjectOverLimit: a scope has at most 35000 projects',
      2,
      "The view's scope exceeds the maximum number of 35000 projects.",
    ],
    [
      'testValidateScopeAndTypeWithFileOverLimit: a scope has at most 35000 containers',
      1,
      "The view's scope exceeds the maximum number of 35000 projects and/or folders. Note: The sub-folders of each project and folder in the scope count towards the limit.",
    ],
  ])('%s', async (_, viewTypeMask, reason) => {
    expect(await createView({ viewTypeMask, scopeIds: manyIds(35_001) })).toEqual(
      refusal(400, reason),
    );
  });
});
