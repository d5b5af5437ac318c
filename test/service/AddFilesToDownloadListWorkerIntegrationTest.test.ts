import { beforeEach, describe, expect, test } from '@jest/globals';

import { withSessions, type Stored } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let folder: Stored;
let file: Stored;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeEach(async () => {
  expect(await server.alice.delete('/file/v1/download/list')).toMatchObject({ status: 200 });
  project = await alice().project();
  folder = await server.alice.create('folder', { name: 'aFolder', parentId: project.id });
  file = await alice().storedFile(folder.id, 'foo.txt', 'contents');
});

/** The answer with only the file. */
function added(): object {
  return {
    status: 201,
    body: {
      downloadList: {
        filesToDownload: [
          {
            associateObjectId: file.id,
            associateObjectType: 'FileEntity',
            fileHandleId: file.dataFileHandleId,
          },
        ],
      },
    },
  };
}

describe('AddFilesToDownloadListWorkerIntegrationTest', () => {
  test('testAddFolder: the files of a folder are added with their handles', async () => {
    expect(await alice().addToHandleList({ folderId: folder.id })).toMatchObject(added());
  });

  test('testAddQuery: the files of a view are added with their handles', async () => {
    const { id } = await alice().fileView(project.id, await alice().defaults('entityview', 1));
    const query = { sql: `select * from ${id}` };
    expect(await alice().addToHandleList({ query })).toMatchObject(added());
  });
});
