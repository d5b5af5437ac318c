import { beforeAll, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let items: { entityId: string; versionNumber: number }[];

const alice = (): ViewSession => new ViewSession(server.alice);

function item(name: string): Promise<Stored> {
  return alice().view('dataset', { parentId: project.id, columns: [], name });
}

beforeAll(async () => {
  project = await alice().project();
  items = [];
  for (const name of ['one', 'two']) {
    items.push({ entityId: (await item(name)).id, versionNumber: 1 });
  }
});

function create(fields: object) {
  return server.alice.post('/entity', {
    concreteType: 'org.sagebionetworks.repo.model.table.DatasetCollection',
    ...{ parentId: project.id, name: crypto.randomUUID(), ...fields },
  });
}

/** Expects that neither a new collection nor an existing one can have these items. */
async function expectRefused(wrong: readonly object[], reason: string): Promise<void> {
  expect(await create({ items: wrong })).toEqual(refusal(400, reason));
  const stored = await alice().view('datasetcollection', {
    parentId: project.id,
    columns: [],
    items,
  });
  expect(await server.alice.put(`/entity/${stored.id}`, { ...stored, items: wrong })).toEqual(
    refusal(400, reason),
  );
  expect(await server.alice.read(stored.id)).toMatchObject({ etag: stored.etag, items });
}

describe('DatasetCollectionMetadataProviderTest', () => {
  test('testValidateEntity: the items are stored', async () => {
    const answer = await create({ items });
    expect(answer).toMatchObject({ status: 201, body: { items } });
    const stored = await server.alice.read((answer.body as Stored).id);
    expect(stored).toMatchObject({ items });
  });

  test('testValidateEntityWithNullItems: items are not required', async () => {
    const answer = await create({});
    expect(answer).toMatchObject({ status: 201 });
  });

  test('testValidateEntityWithNonDataset: items of another type are refused', async () => {
    const other = await alice().file(project.id, 'other');
    await expectRefused(
      [{ entityId: other.id, versionNumber: 1 }],
      `Only dataset entities can be included in a dataset collection. ${other.id} is 'org.sagebionetworks.repo.model.FileEntity'`,
    );
  });

  test('testValidateEntityWithNullEntityId: each item needs an id', async () => {
    await expectRefused(
      [{ versionNumber: 1 }],
      'Each dataset collection item must have a non-null entity ID.',
    );
  });

  test('testValidateEntityWithNullVersion: each item needs a version', async () => {
    await expectRefused(
      items.map(({ entityId }) => ({ entityId })),
      'Each dataset collection item must have a non-null version number',
    );
  });

  test.each([
    ['testValidateEntityWithDuplicateEntityId: an id may be there once', 'syn'],
    ['testValidateEntityWithDuplicateEntityIdNoSyn: an id is the same without syn', ''],
  ])('%s', async (_, prefix) => {
    const [first] = items;
    const again = `${prefix}${first?.entityId.slice(3) ?? ''}`;
    await expectRefused(
      [...items, { entityId: again, versionNumber: 2 }],
      `Each dataset collection item must have a unique entity ID.  Duplicate: ${again}`,
    );
  });

  test.each([
    ['testCreateViewScope: the items are the rows', 2],
    ['testCreateViewScopeWithNullItems: without items there are no rows', 0],
  ])('%s', async (_, count) => {
    const columns = [
      await alice().column({ name: 'name', columnType: 'STRING', maximumSize: 256 }),
    ];
    const fields = { parentId: project.id, columns, ...(count > 0 && { items }) };
    const { id } = await alice().view('datasetcollection', fields);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(count);
  });
});
