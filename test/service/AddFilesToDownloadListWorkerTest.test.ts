import { beforeEach, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let view: Stored;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeEach(async () => {
  expect(await server.alice.delete('/file/v1/download/list')).toMatchObject({ status: 200 });
  project = await alice().project();
  await alice().file(project.id, 'file');
  view = await alice().fileView(project.id, []);
});

const one = { status: 201, body: { downloadList: { filesToDownload: [{}] } } };

describe('AddFilesToDownloadListWorkerTest', () => {
  test('testRunAddFolder: a folder alone is enough', async () => {
    expect(await alice().addToHandleList({ folderId: project.id })).toMatchObject(one);
  });

  test('testRunAddQuery: a query alone is enough', async () => {
    const name = await alice().column({ name: 'name', columnType: 'STRING', maximumSize: 256 });
    view = await alice().fileView(project.id, [name]);
    const query = { sql: `select * from ${view.id}` };
    expect(await alice().addToHandleList({ query })).toMatchObject(one);
  });

  test('testRunBothFolderAndQuery: a folder and a query are too much', async () => {
    const query = { sql: `select * from ${view.id}` };
    expect(await alice().addToHandleList({ folderId: project.id, query })).toEqual(
      refusal(400, "Set either 'folderId' or 'query' but not both."),
    );
  });

  test('testRunBothFolderAndQueryNull: one of them is required', async () => {
    expect(await alice().addToHandleList({})).toEqual(
      refusal(400, "Must provide either 'folderId' or 'query'"),
    );
  });

  test('testRunNonRecoverableException: the refusal of a query is the refusal of the job', async () => {
    const { id } = await alice().table([
      await alice().column({ name: 'name', columnType: 'STRING' }),
    ]);
    const query = { sql: `select nothing from ${id}` };
    const { body } = await alice().askQuery(query.sql);
    const { reason } = body as { reason: string };
    expect(await alice().addToHandleList({ query })).toEqual(refusal(400, reason));
  });
});
