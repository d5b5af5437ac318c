import { describe, expect, test } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { fileTypes } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { fileInFolder } from './bulkDownload.js';

const server = withSessions();

const add = (fields: object): Promise<Answer> =>
  new TableSession(server.alice).job('/file/v1/download/list/add/async', {
    concreteType: `${fileTypes}.AddFileToDownloadListRequest`,
    ...fields,
  });

describe('AddFilesToDownloadListWorkerTest', () => {
  test('testRunAddFolder: the list with the files of the folder is the answer', async () => {
    const { folder } = await fileInFolder(server.alice);
    expect(await add({ folderId: folder.id })).toMatchObject({
      status: 201,
      body: { downloadList: { ownerId: String(server.userId('alice')) } },
    });
  });

  test('testRunBothFolderAndQuery: a request has no folder and query at once', async () => {
    expect(await add({ folderId: 'syn123', query: { sql: 'select * from syn123' } })).toEqual(
      refusal(400, "Set either 'folderId' or 'query' but not both."),
    );
  });

  test('testRunBothFolderAndQueryNull: a request needs a folder or a query', async () => {
    expect(await add({})).toEqual(refusal(400, "Must provide either 'folderId' or 'query'"));
  });
});
