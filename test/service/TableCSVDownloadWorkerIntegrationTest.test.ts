import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { contentUrl, storage } from '../server/filesClient.js';
import { withSessions, type Session } from '../server/entitySession.js';
import { TableSession, type Values } from '../server/tableSession.js';
import { allow } from './viewScene.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

const input: readonly Values[] = [
  ['AAA', '2', '1.1'],
  [null, '3', '1.2'],
  ['FFF', '4', null],
  ['ZZZ', null, '1.3'],
];

/** The lines of a CSV file with these rows. */
function lines(rows: readonly Values[], prefix: (index: number) => string = () => ''): string[] {
  return rows.map(
    (cells, index) =>
      prefix(index) + cells.map((cell) => (cell === null ? '' : `"${cell}"`)).join(','),
  );
}

async function table(): Promise<string> {
  const columns = await alice().columns(
    { name: 'a', columnType: 'STRING' },
    { name: 'b', columnType: 'INTEGER' },
    { name: 'c', columnType: 'DOUBLE' },
  );
  const { id } = await alice().table(columns);
  await alice().append(id, columns, input);
  return id;
}

/** Downloads a file and returns its lines and its handle. */
async function download(
  session: Session,
  sql: string,
  fields: object = {},
  reader: Session = session,
): Promise<{ csv: string[]; handle: M.S3FileHandle }> {
  const answer = await new TableSession(session).askCsv(sql, { writeHeader: true, ...fields });
  expect(answer).toMatchObject({ status: 201, body: { etag: expect.any(String) } });
  const { resultsFileHandleId } = answer.body as M.DownloadFromTableResult;
  const { body } = await storage(await contentUrl(reader, resultsFileHandleId));
  const handle = await reader.get(`/file/v1/fileHandle/${resultsFileHandleId}`);
  return {
    csv: body
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== ''),
    handle: handle.body as M.S3FileHandle,
  };
}

const withIds = { includeRowIdAndRowVersion: true };
const idHeader = '"ROW_ID","ROW_VERSION",';

async function projectView(): Promise<string> {
  const projects = [await alice().project(), await alice().project(), await alice().project()];
  const { body } = await server.alice.get(
    '/column/tableview/defaults?viewEntityType=entityview&viewTypeMask=2',
  );
  const name = (body as { list: M.ColumnModel[] }).list.find((column) => column.name === 'name');
  const view = await server.alice.create('entityview', {
    name: 'view',
    parentId: projects[0]?.id,
    type: 'project',
    scopeIds: projects.map(({ id }) => id),
    columnIds: [name?.id],
  });
  return view.id;
}

describe('TableCSVDownloadWorkerIntegrationTest', () => {
  test('testRoundTrip: rows come with their ids and versions', async () => {
    const { csv, handle } = await download(server.alice, `select * from ${await table()}`, withIds);
    const [, version] = /^"1","(\d+)"/.exec(csv[1] ?? '') ?? [];
    expect(csv).toEqual([
      `${idHeader}"a","b","c"`,
      ...lines(input, (index) => `"${index + 1}","${version ?? ''}",`),
    ]);
    expect(handle).toMatchObject({
      contentType: 'text/csv',
      contentMd5: expect.any(String),
      fileName: expect.any(String),
    });
  });

  test('testRoundTripWithCustomFileName: the file has the name that was asked for', async () => {
    const fields = { ...withIds, fileName: 'file1234' };
    const { handle } = await download(server.alice, `select * from ${await table()}`, fields);
    expect(handle.fileName).toBe('file1234');
  });

  test('testRoundTripWithAnonymousUserAndOpenData: open data that everybody may read is downloaded by anybody', async () => {
    const id = await table();
    const sql = `select * from ${id}`;
    expect(await new TableSession(server.anonymous).askCsv(sql, withIds)).toMatchObject({
      status: 403,
    });
    await server.admin.put(`/entity/${id}/datatype?type=OPEN_DATA`);
    await server.alice.post(`/entity/${id}/acl`, {
      id,
      resourceAccess: [
        { principalId: server.userId('alice'), accessType: ['CHANGE_PERMISSIONS', 'READ'] },
      ],
    });
    const everybody = 273949;
    await allow(server.alice, id, everybody, ['READ']);
    // Only an administrator may read the files of the anonymous user.
    const plain = { includeRowIdAndRowVersion: false };
    const { csv } = await download(server.anonymous, sql, plain, server.admin);
    expect(csv).toEqual(['"a","b","c"', ...lines(input)]);
  });

  test('testRoundTripSorted: rows are sorted as asked for', async () => {
    const fields = {
      includeRowIdAndRowVersion: false,
      sort: [{ column: 'c', direction: 'DESC' }],
    };
    const { csv } = await download(server.alice, `select * from ${await table()}`, fields);
    const sorted = [3, 1, 0, 2].flatMap((index) => lines(input)[index] ?? []);
    expect(csv).toEqual(['"a","b","c"', ...sorted]);
  });

  test('testRoundTripWithZeroResults: a file without rows has a header', async () => {
    const sql = `select * from ${await table()} where a = 'xxxxxx'`;
    const { csv } = await download(server.alice, sql, withIds);
    expect(csv).toEqual([`${idHeader}"a","b","c"`]);
  });

  test('testDownloadWitoutWaitForSql: rows come without ids when they are not asked for', async () => {
    const sql = `select * from ${await table()}`;
    const fields = { includeRowIdAndRowVersion: false };
    const { csv } = await download(server.alice, sql, fields);
    expect(csv).toEqual(['"a","b","c"', ...lines(input)]);
  });

  test('testDownloadViewWithoutEtag: rows of a view come without their etags by default', async () => {
    const { csv } = await download(server.alice, `select * from ${await projectView()}`, withIds);
    expect(csv).toHaveLength(4);
    expect(csv[0]).toBe(`${idHeader}"name"`);
  });

  test('testDownloadViewWithEtag: rows of a view come with their etags when these are asked for', async () => {
    const fields = { ...withIds, includeEntityEtag: true };
    const { csv } = await download(server.alice, `select * from ${await projectView()}`, fields);
    expect(csv).toHaveLength(4);
    expect(csv[0]).toBe(`${idHeader}"ROW_ETAG","name"`);
  });
});
