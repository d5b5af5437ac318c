import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';
import { downloads, storeListWorld, type ListWorld } from './downloadListWorld.js';

const mine = withClients();
const raw = withClients();
const base = 'org.sagebionetworks.repo.model.download';
const queryType = `${base}.DownloadListQueryRequest` as const;

type Wanted = { fileEntityId: string; versionNumber?: number };

/** The contents of a directory, sorted, without the manifests. */
async function contentsOf(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('manifest_'));
  const texts = names.map((name) => readFile(join(directory, name), 'utf8'));
  return (await Promise.all(texts)).sort();
}

/** The story, as a user of this client tells it. */
async function collectAndDownload(world: ListWorld, directory: string): Promise<void> {
  const { alice, bob, study, view, revised, followed } = world;
  const { single, unwanted, closed, hidden, doomed } = world;
  const { downloadList } = bob;
  const added = await downloadList.add([
    `${revised}.1`,
    ...[followed, single, unwanted, closed, hidden, doomed],
    { id: study, concreteType: 'org.sagebionetworks.repo.model.Project' },
    `select * from ${view}`,
  ]);
  expect(added).toEqual({ added: downloads + 4, alreadyListed: 0, failed: [] });
  await alice.delete(doomed);
  expect(await downloadList.remove({ fileEntityId: unwanted })).toMatchObject({ removed: 1 });
  const report = await downloadList.download(directory);
  expect(report).toMatchObject({ failed: [], skipped: [], blocked: 3, removed: downloads });
  expect(report.done).toHaveLength(downloads);
  // Terms to accept, a permission to ask for, and a file in the trash.
  expect(report.actionsRequired).toHaveLength(3);
  await acceptTerms(world);
  expect(await downloadList.download(directory)).toMatchObject({ removed: 1, blocked: 2 });
}

/** The same story with the operations of the service. */
async function collectAndDownloadRaw(world: ListWorld): Promise<string[]> {
  const { alice, bob, study, view, revised, followed } = world;
  const { single, unwanted, closed, hidden, doomed } = world;
  const files = [followed, single, unwanted, closed, hidden, doomed];
  const batchToAdd: Wanted[] = files.map((fileEntityId) => ({ fileEntityId }));
  batchToAdd.push({ fileEntityId: revised, versionNumber: 1 });
  const list = bob.services.downloadList;
  await list.addToDownloadList({ body: { batchToAdd } });
  const concreteType = `${base}.AddToDownloadListRequest` as const;
  await bob.runJob({ concreteType, parentId: study, recursive: true, useVersionNumber: true });
  const query = { sql: `select * from ${view}` };
  await bob.runJob({ concreteType, query, useVersionNumber: true });
  await alice.services.entity.deleteEntity({ id: doomed });
  const batchToRemove = [{ fileEntityId: unwanted }];
  await list.removeFromDownloadList({ body: { batchToRemove } });
  const contents = await fetchAll(bob);
  await acceptTerms(world);
  return [...contents, ...(await fetchAll(bob))].sort();
}

/** Downloads what is available, file by file, and removes it from the list. */
async function fetchAll(bob: Synapse): Promise<string[]> {
  const available = (await readAvailable(bob)) as (Wanted & { fileHandleId: string })[];
  const contents: string[] = [];
  for (const { fileEntityId, fileHandleId } of available) {
    const { requestedFiles } = await bob.services.file.getFileHandleBatch({
      body: {
        requestedFiles: [
          { fileHandleId, associateObjectId: fileEntityId, associateObjectType: 'FileEntity' },
        ],
        includeFileHandles: true,
        includePreSignedURLs: true,
      },
    });
    const [file] = requestedFiles;
    const text = await (await fetch(file?.preSignedURL ?? '')).text();
    const md5 = createHash('md5').update(text).digest('hex');
    expect(file?.fileHandle).toMatchObject({ contentMd5: md5 });
    contents.push(text);
  }
  const batchToRemove = available.map(({ fileEntityId, versionNumber }) => ({
    fileEntityId,
    versionNumber,
  }));
  await bob.services.downloadList.removeFromDownloadList({ body: { batchToRemove } });
  return contents;
}

async function readAvailable(bob: Synapse): Promise<object[]> {
  const files: object[] = [];
  let nextPageToken: string | undefined;
  do {
    const concreteType = `${base}.AvailableFilesRequest` as const;
    const request = { concreteType: queryType, requestDetails: { concreteType, nextPageToken } };
    const { responseDetails } = await bob.runJob(request);
    if (responseDetails?.concreteType !== `${base}.AvailableFilesResponse`) throw new Error();
    files.push(...(responseDetails.page ?? []));
    nextPageToken = responseDetails.nextPageToken;
  } while (nextPageToken !== undefined);
  return files;
}

async function acceptTerms({ bob, requirement }: ListWorld): Promise<void> {
  await bob.services.accessApproval.createAccessApproval({
    body: { requirementId: requirement, state: 'APPROVED' },
  });
}

/** What the service says about the list of the analyst. */
async function stateOf(bob: Synapse): Promise<object> {
  const ask = async (name: 'ActionRequiredRequest' | 'FilesStatisticsRequest') =>
    (
      await bob.runJob({
        concreteType: queryType,
        requestDetails: { concreteType: `${base}.${name}` },
      })
    ).responseDetails;
  return {
    available: await readAvailable(bob),
    actions: await ask('ActionRequiredRequest'),
    statistics: await ask('FilesStatisticsRequest'),
  };
}

test('a list of 200 files is collected, reviewed and downloaded, and leaves the state that raw operations leave', async () => {
  const world = await storeListWorld(mine);
  const directory = join(mine.folder, 'downloads');
  const { calls } = await callsOf(mine.server, () => collectAndDownload(world, directory));
  const state = await stateOf(world.bob);
  const contents = await contentsOf(directory);

  const other = await storeListWorld(raw);
  const rawContents = await collectAndDownloadRaw(other);
  expect(contents).toHaveLength(downloads + 1);
  expect(contents).toEqual(rawContents);
  expect(comparable(state, world.ids)).toEqual(comparable(await stateOf(other.bob), other.ids));
  expect(state).toMatchObject({ available: [], statistics: { totalNumberOfFiles: 2 } });

  const polls = expect.any(Number);
  expect(calls).toEqual({
    'downloadList.addToDownloadList': 1,
    // The project, and the query.
    'downloadList.startAddToDownloadList': 2,
    'downloadList.getAddToDownloadListResult': polls,
    'entity.getEntityHeader': 1,
    'entity.deleteEntity': 1,
    // Once for the unwanted file, and once for each download.
    'downloadList.removeFromDownloadList': 3,
    // Five pages to find the unwanted file. Then for each download: statistics, actions, and pages of 50 files.
    'downloadList.startDownloadListQuery': 5 + (1 + 1 + 4) + (1 + 1 + 1),
    'downloadList.getDownloadListQueryResult': polls,
    'downloadList.startDownloadListManifest': 2,
    'downloadList.getDownloadListManifestResult': polls,
    'file.getFileHandle': 2,
    'file.getFileHandleUrl': 2,
    // 200 files, a hundred with each call; and one file.
    'file.getFileHandleBatch': 3,
    // Two manifests. One file is on the list twice, as a version and as the current version: it is a copy.
    'GET /storage': downloads + 1 - 1 + 2,
    'accessApproval.createAccessApproval': 1,
  });
}, 120_000);
