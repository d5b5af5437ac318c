import { beforeEach, describe, expect, test } from '@jest/globals';

import { withSessions, type Session, type Stored } from '../server/entitySession.js';

const server = withSessions();
const everything = '/trashcan/view?offset=0&limit=9223372036854775807';
let alice: Session;
let parent: Stored;
let child: Stored;

beforeEach(async () => {
  alice = server.alice;
  parent = await alice.create('project', {});
  child = await alice.create('folder', { parentId: parent.id });
});

describe('IT070SynapseJavaClientTrashCanTest', () => {
  test('test: what goes into the trash is gone with its children until it is restored', async () => {
    expect(await alice.put(`/trashcan/trash/${parent.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${parent.id}`)).toMatchObject({ status: 404 });
    expect(await alice.get(`/entity/${child.id}`)).toMatchObject({ status: 404 });
    expect(await alice.get(everything)).toMatchObject({
      status: 200,
      body: { results: [{ entityId: parent.id }] },
    });
    expect(await alice.put(`/trashcan/restore/${parent.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${parent.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${child.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(everything)).toMatchObject({ body: { results: [] } });
  });

  test('testFlagForPurge: what is to be purged leaves the trash', async () => {
    await alice.put(`/trashcan/trash/${parent.id}`);
    expect(await alice.put(`/trashcan/purge/${parent.id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/entity/${child.id}`)).toMatchObject({ status: 404 });
    expect(await alice.get(everything)).toMatchObject({ body: { results: [] } });
  });
});
