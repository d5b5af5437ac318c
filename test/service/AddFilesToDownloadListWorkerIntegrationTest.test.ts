import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { fileTypes } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { fileInFolder } from './bulkDownload.js';

const server = withSessions();
const concreteType = `${fileTypes}.AddFileToDownloadListRequest`;

describe('AddFilesToDownloadListWorkerIntegrationTest', () => {
  test('testAddFolder: the files of a folder are added', async () => {
    const { alice } = server;
    const { folder, file, handle } = await fileInFolder(alice);
    const answer = await new TableSession(alice).job('/file/v1/download/list/add/async', {
      concreteType,
      folderId: folder.id,
    });
    expect(answer.body).toMatchObject({
      downloadList: {
        filesToDownload: [
          {
            fileHandleId: handle.id,
            associateObjectId: file.id,
            associateObjectType: 'FileEntity',
          },
        ],
      },
    });
  });

  test('testAddQuery: the files of a view are added', async () => {
    const { bob } = server;
    const { file, handle, folder } = await fileInFolder(bob);
    const [column] = await new TableSession(bob).columns({ name: 'name', columnType: 'STRING' });
    const view = await bob.create('entityview', {
      name: 'aView',
      parentId: folder.parentId,
      scopeIds: [folder.id],
      viewTypeMask: 1,
      columnIds: [column?.id],
    });
    const answer = await new TableSession(bob).job('/file/v1/download/list/add/async', {
      concreteType,
      query: { sql: `select * from ${view.id}` },
    });
    expect(answer.body).toMatchObject({
      downloadList: {
        filesToDownload: [{ fileHandleId: handle.id, associateObjectId: file.id }],
      },
    });
  });
});
