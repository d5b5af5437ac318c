import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let items: Stored[];

const alice = (): ViewSession => new ViewSession(server.alice);

function item(name: string): Promise<Stored> {
  return alice().file(project.id, name);
}

beforeAll(async () => {
  project = await alice().project();
  items = [await item('one'), await item('two')];
});

describe('DatasetMetadataIndexProviderTest', () => {
  test('testGetColumnTypes: ids are those of entities', async () => {
    const columns = await alice().defaults('dataset');
    for (const field of ['id', 'parentId', 'benefactorId']) {
      expect(columns.find((column) => column.name === field)).toMatchObject({
        columnType: 'ENTITYID',
      });
    }
  });

  test.each([
    ['testGetViewFilter: the rows are the items', 2],
    ['testGetViewFilterWithTypeAndScope: others of the container are no rows', 1],
  ])('%s', async (_, count) => {
    const chosen = items.slice(0, count);
    const column = await alice().column({ name: 'name', columnType: 'STRING', maximumSize: 256 });
    const { id } = await alice().view('dataset', {
      parentId: project.id,
      columns: [column],
      items: chosen.map((each) => ({ entityId: each.id, versionNumber: 1 })),
    });
    expect((await alice().rows(`select * from ${id}`)).map(({ rowId }) => rowId)).toEqual(
      chosen.map(numberOf),
    );
  });

  test.each([
    ['testValidateScopeAndTypeWithUnderLimit: two items are few enough', 2],
    ['testValidateScopeAndTypeWithOverLimit: there are at most 35,000 items', 35_001],
  ])('%s', async (_, count) => {
    const answer = await server.alice.post('/entity', {
      concreteType: 'org.sagebionetworks.repo.model.table.Dataset',
      parentId: project.id,
      name: crypto.randomUUID(),
      items: Array.from({ length: count }, (__, index) => ({
        ...{ entityId: `syn${20_000_000 + index}`, versionNumber: 1 },
      })),
    });
    expect(answer).toEqual(
      count === 2
        ? expect.objectContaining({ status: 201 })
        : refusal(400, 'Maximum of 35,000 items in a dataset exceeded.'),
    );
  });

  test('testGetDefaultColumnModel: the default columns are those of files', async () => {
    const names = (await alice().defaults('dataset')).map(({ name }) => name);
    expect(names).toEqual(
      'id name description createdOn createdBy etag modifiedOn modifiedBy path type currentVersion parentId benefactorId projectId dataFileHandleId dataFileName dataFileSizeBytes dataFileMD5Hex dataFileConcreteType dataFileBucket dataFileKey'.split(
        ' ',
      ),
    );
  });
});
