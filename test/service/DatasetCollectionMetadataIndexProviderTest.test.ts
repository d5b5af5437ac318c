import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let items: Stored[];

const alice = (): ViewSession => new ViewSession(server.alice);

function item(name: string): Promise<Stored> {
  return alice().view('dataset', { parentId: project.id, columns: [], name });
}

beforeAll(async () => {
  project = await alice().project();
  items = [await item('one'), await item('two')];
});

describe('DatasetCollectionMetadataIndexProviderTest', () => {
  test('testGetColumnTypes: ids are those of entities', async () => {
    const columns = await alice().defaults('datasetcollection');
    for (const field of ['id']) {
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
    const { id } = await alice().view('datasetcollection', {
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
      concreteType: 'org.sagebionetworks.repo.model.table.DatasetCollection',
      parentId: project.id,
      name: crypto.randomUUID(),
      items: Array.from({ length: count }, (__, index) => ({
        ...{ entityId: `syn${20_000_000 + index}`, versionNumber: 1 },
      })),
    });
    expect(answer).toEqual(
      count === 2
        ? expect.objectContaining({ status: 201 })
        : refusal(400, 'Maximum of 35,000 items in a dataset collection exceeded.'),
    );
  });

  test('testGetDefaultColumnModel: the default columns are those of datasets', async () => {
    const names = (await alice().defaults('datasetcollection')).map(({ name }) => name);
    expect(names).toEqual(
      'id name description createdOn createdBy etag modifiedOn modifiedBy path datasetSizeInBytes datasetMD5Hex datasetItemCount'.split(
        ' ',
      ),
    );
  });
});
