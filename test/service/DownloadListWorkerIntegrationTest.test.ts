import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from '../server/entitySession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let file: Stored;

/** Owns the files. */
const alice = (): ViewSession => new ViewSession(server.alice);
/** Has the list. */
const bob = (): ViewSession => new ViewSession(server.bob);

beforeEach(async () => {
  for (const session of [server.bob, server.admin]) {
    expect(await session.delete('/download/list')).toMatchObject({ status: 200 });
  }
  project = await alice().project();
  file = await alice().file(project.id, 'FileName');
});

function allow(...accessType: M.ACCESS_TYPE[]): Promise<void> {
  return alice().grant(project.id, server.userId('bob'), accessType);
}

async function add(...files: readonly Stored[]): Promise<unknown> {
  const answer = await bob().addBatch(files.map(({ id }) => ({ fileEntityId: id })));
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as { numberOfFilesAdded: number }).numberOfFilesAdded;
}

async function destroy({ id }: Stored): Promise<void> {
  const answer = await server.alice.delete(`/entity/${id}?skipTrashCan=true`);
  expect(answer).toMatchObject({ status: 204 });
}

async function discard({ id }: Stored): Promise<void> {
  expect(await server.alice.delete(`/entity/${id}`)).toMatchObject({ status: 204 });
}

function requestDownload({ id }: { id: string }, count: number): object {
  return {
    action: {
      concreteType: 'org.sagebionetworks.repo.model.download.RequestDownload',
      benefactorId: numberOf({ id }),
    },
    count,
  };
}

/** The folder of what is in the trash. */
const trash = { id: 'syn1681355' };

describe('DownloadListWorkerIntegrationTest', () => {
  test('testQueryWorkerWithAvailable: a file that can be downloaded is listed', async () => {
    await allow('READ', 'DOWNLOAD');
    expect(await add(file)).toBe(1);
    expect(await bob().available()).toMatchObject([{ fileEntityId: file.id }]);
  });

  test('testQueryWorkerWithActionRequired: a file without DOWNLOAD must be asked for', async () => {
    await allow('READ');
    await add(file);
    expect(await bob().available()).toEqual([]);
    expect(await bob().required()).toEqual([requestDownload(project, 1)]);
  });

  test('testQueryWorkerWithActionRequired_FileDeleted: a file that is gone requires nothing', async () => {
    await allow('READ');
    await add(file);
    await destroy(file);
    expect(await bob().required()).toEqual([]);
  });

  test('testAddToDownloadListDatasetItems: the items of a dataset are added', async () => {
    await allow('READ', 'DOWNLOAD');
    const dataset = await alice().view('dataset', {
      parentId: project.id,
      columns: [],
      items: [{ entityId: file.id, versionNumber: 1 }],
    });
    expect(await bob().addToList({ parentId: dataset.id })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
    expect(await bob().available()).toMatchObject([{ fileEntityId: file.id, versionNumber: 1 }]);
  });

  test('testAddToDownloadListWorkerWithFolder: the files of a container are added', async () => {
    await allow('READ');
    expect(await bob().addToList({ parentId: project.id })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
  });

  describe('with a second file', () => {
    let second: Stored;

    beforeEach(async () => {
      await allow('READ', 'DOWNLOAD');
      second = await alice().file(project.id, 'DeletedFile');
    });

    test('testAddBatchWithDeletedItem: a file that is gone is not added', async () => {
      await destroy(second);
      expect(await add(file, second)).toBe(1);
    });

    test('testAddBatchWithTrashedItem: a file in the trash is added', async () => {
      await discard(second);
      expect(await add(file, second)).toBe(2);
    });

    test.each([
      ['testAddFromDatasetWithDeletedFile: items that are gone are added with the others', true],
      ['testAddFromDatasetWithTrashedFile: items in the trash are added with the others', false],
    ])('%s', async (_, isGone) => {
      const items = [file, second].map(({ id }) => ({ entityId: id, versionNumber: 1 }));
      const dataset = await alice().view('dataset', {
        ...{ parentId: project.id, columns: [], items },
      });
      await (isGone ? destroy(second) : discard(second));
      expect(await bob().addToList({ parentId: dataset.id })).toMatchObject({
        body: { numberOfFilesAdded: 2 },
      });
      expect(await bob().available()).toHaveLength(1);
    });

    test.each([
      [
        'testAddFromQueryOnSnapshotWithDeletedFile: rows of files that are gone are not added',
        true,
      ],
      ['testAddFromQueryOnSnapshotWithTrashedFile: rows of files in the trash are added', false],
    ])('%s', async (_, isGone) => {
      const admin = new ViewSession(server.admin);
      const columns = [await alice().column({ name: 'aString', columnType: 'STRING' })];
      const items = [file, second].map(({ id }) => ({ entityId: id, versionNumber: 1 }));
      const { id } = await alice().view('dataset', { parentId: project.id, columns, items });
      const version = await alice().snapshot(id, { snapshotComment: 'snapshot' });
      const sql = `SELECT * FROM ${id}.${version}`;
      expect(await admin.rows(sql)).toHaveLength(2);
      await (isGone ? destroy(second) : discard(second));
      expect(await admin.addToList({ query: { sql } })).toMatchObject({
        body: { numberOfFilesAdded: isGone ? 1 : 2 },
      });
    });

    test('testStatisticsWithDeletedItem: a file that is gone is counted, and requires no action', async () => {
      expect(await add(file, second)).toBe(2);
      await destroy(second);
      expect(await bob().statistics()).toMatchObject({
        numberOfFilesAvailableForDownload: 1,
        numberOfFilesRequiringAction: 1,
        totalNumberOfFiles: 2,
      });
      expect(await bob().available()).toHaveLength(1);
      expect(await bob().required()).toEqual([]);
    });

    test('testStatisticsWithTrashedItem: a file in the trash is counted, and requires an action', async () => {
      expect(await add(file, second)).toBe(2);
      await discard(second);
      expect(await bob().statistics()).toMatchObject({
        numberOfFilesAvailableForDownload: 1,
        numberOfFilesRequiringAction: 1,
        totalNumberOfFiles: 2,
      });
      expect(await bob().available()).toHaveLength(1);
      expect(await bob().required()).toEqual([requestDownload(trash, 1)]);
    });
  });
});
