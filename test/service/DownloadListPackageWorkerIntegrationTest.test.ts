import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { contentUrl, storage } from '../server/filesClient.js';
import { ViewSession } from './viewSession.js';
import { zipNames } from './zipNames.js';

const server = withSessions();

const alice = (): ViewSession => new ViewSession(server.alice);

beforeEach(async () => {
  const { id } = await alice().project();
  const one = await alice().storedFile(id, 'one.txt', 'contents of one');
  const two = await alice().storedFile(id, 'two.txt', 'contents of two is bigger');
  expect(
    await alice().addBatch([{ fileEntityId: two.id }, { fileEntityId: one.id }]),
  ).toMatchObject({ body: { numberOfFilesAdded: 2 } });
});

/** Packs the list and returns the names in the archive. */
async function packed(fields: object = {}): Promise<string[]> {
  const done = await alice().package(fields);
  expect(done).toMatchObject({ status: 201 });
  const { resultFileHandleId } = done.body as M.DownloadListPackageResponse;
  const { body } = await storage(await contentUrl(server.alice, resultFileHandleId));
  return zipNames(body);
}

describe('DownloadListPackageWorkerIntegrationTest', () => {
  test('testPackage: small files come first, and what is packed leaves the list', async () => {
    expect(await packed()).toEqual(['one.txt', 'two.txt']);
    expect(await alice().statistics()).toMatchObject({ totalNumberOfFiles: 0 });
  });

  test('testPackageWithManifest: the manifest is the last file, with the ending of its separator', async () => {
    const fields = { includeManifest: true, csvTableDescriptor: { separator: '\t' } };
    expect(await packed(fields)).toEqual(['one.txt', 'two.txt', 'manifest.tsv']);
    expect(await alice().statistics()).toMatchObject({ totalNumberOfFiles: 0 });
  });
});
