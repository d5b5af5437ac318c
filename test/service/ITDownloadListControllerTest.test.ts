import { beforeEach, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let file: Stored;
let parentId: string;

const alice = (): ViewSession => new ViewSession(server.alice);

const content = "file's contents";

beforeEach(async () => {
  expect(await server.alice.delete('/download/list')).toMatchObject({ status: 200 });
  parentId = (await alice().project()).id;
  file = await alice().storedFile(parentId, 'SomeFileName', content);
});

async function addFile(): Promise<void> {
  expect(await alice().addBatch([{ fileEntityId: file.id }])).toMatchObject({
    status: 200,
    body: { numberOfFilesAdded: 1 },
  });
}

const statistics = (files: number, size: number): object => ({
  concreteType: 'org.sagebionetworks.repo.model.download.FilesStatisticsResponse',
  totalNumberOfFiles: files,
  numberOfFilesAvailableForDownload: files,
  numberOfFilesAvailableForDownloadAndEligibleForPackaging: files,
  numberOfFilesRequiringAction: 0,
  sumOfFileSizesAvailableForDownload: size,
});

describe('ITDownloadListControllerTest', () => {
  test('testAddFilesToDownloadList: the answer tells how many files were added', async () => {
    const answer = await alice().addBatch([{ fileEntityId: file.id }]);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ numberOfFilesAdded: 1 });
  });

  test('testRemoveFilesToDownloadList: the answer tells how many files were removed', async () => {
    await addFile();
    const answer = await server.alice.post('/download/list/remove', {
      batchToRemove: [{ fileEntityId: file.id }],
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ numberOfFilesRemoved: 1 });
  });

  test('testQueryAvailableFiles: a file that can be downloaded is listed', async () => {
    await addFile();
    expect(await alice().available()).toMatchObject([{ fileEntityId: file.id }]);
  });

  test('testQueryStatistics: files are counted and their sizes added', async () => {
    await addFile();
    expect(await alice().statistics()).toEqual(statistics(1, content.length));
  });

  test('testClearDownloadList: an empty list has statistics too', async () => {
    await addFile();
    expect(await server.alice.delete('/download/list')).toMatchObject({ status: 200 });
    expect(await alice().statistics()).toEqual(statistics(0, 0));
  });

  test('testAddToDownloadListWithParent: the files of a container are added', async () => {
    expect(await alice().addToList({ parentId })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
  });

  test('testAddToDownloadListWithViewQuery: the files of a view are added', async () => {
    const { id } = await alice().fileView(parentId, await alice().defaults('entityview', 1));
    const query = { sql: `select * from ${id}` };
    expect(await alice().rows(query.sql)).toHaveLength(1);
    expect(await alice().addToList({ query })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
  });

  test('testAddToDownloadListWithDatasetQuery: the files of a dataset are added', async () => {
    const { id } = await alice().view('dataset', {
      parentId,
      columns: await alice().defaults('entityview', 1),
      items: [{ entityId: file.id, versionNumber: 1 }],
    });
    const query = { sql: `select * from ${id}` };
    expect(await alice().rows(query.sql)).toHaveLength(1);
    expect(await alice().addToList({ query })).toMatchObject({
      status: 201,
      body: { numberOfFilesAdded: 1 },
    });
  });

  test('testDownloadListPackage: an empty list has no package', async () => {
    expect(await alice().package()).toEqual(refusal(400, 'No files are eligible for packaging.'));
  });

  test('testDownloadListManifest: an empty list has no manifest', async () => {
    expect(await alice().manifest()).toEqual(refusal(400, 'No files available for download.'));
  });
});
